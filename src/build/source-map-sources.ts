/** Makes the file names in a source map absolute, so that debuggers and stack traces need no path mapping. */
import { resolve } from 'node:path';

const BEFORE = Buffer.from('\n  "sources": ');
const AFTER = Buffer.from(',\n  "sourcesContent": ');

/**
 * The bundler writes one key per line, `sources` first: only that line is parsed, not the megabytes after it.
 * `folder` is what the names are relative to.
 */
export function withAbsoluteSources(map: Uint8Array, folder: string): Uint8Array {
  const bytes = Buffer.from(map.buffer, map.byteOffset, map.byteLength);
  const start = bytes.indexOf(BEFORE);
  const end = bytes.indexOf(AFTER, start);
  if (start < 0 || end < 0) return map;
  const from = start + BEFORE.length;
  const names: unknown = JSON.parse(bytes.toString('utf8', from, end));
  if (!Array.isArray(names)) return map;
  const absolute = names.map((name) =>
    /^[\w-]+:/.test(String(name)) ? name : resolve(folder, String(name)),
  );
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(JSON.stringify(absolute)), bytes.subarray(end)]);
}
