/** Turns the bundler's messages into one error whose text shows the place in the source. */
import { resolve } from 'node:path';
import type { Message } from 'esbuild';
import type { Place } from '../model/place.ts';
import { SlsError } from '../std/errors.ts';

const MOST_FRAMES = 5;
/** A minified line would fill the screen. */
const LONGEST_LINE = 160;

/** `build-failed` with the first error's file, line and column (else those of the `settings`), a frame for each of the first five, and a hint where one is known. */
export function buildFailure(
  functionId: string,
  messages: readonly Message[],
  workingDir: string,
  settings?: Place,
): SlsError {
  const frames = messages.slice(0, MOST_FRAMES).map(frameOf);
  const more = messages.length - frames.length;
  if (more > 0) frames.push(`and ${more} more error${more === 1 ? '' : 's'}`);
  const first = messages[0]?.location;
  const hint = messages.map(hintFor).find((text) => text !== undefined);
  return new SlsError('build-failed', `cannot build ${functionId}: ${frames.join('\n\n')}`, {
    exitCode: 1,
    ...(hint === undefined ? {} : { hint }),
    ...(first
      ? { file: resolve(workingDir, first.file), line: first.line, column: columnOf(first) + 1 }
      : settings),
  });
}

function frameOf({ text, location, notes }: Message): string {
  const extra = notes.filter((note) => note.text !== '').map((note) => `\n  ${note.text}`);
  if (!location) return text + extra.slice(0, 1).join('');
  const column = columnOf(location);
  const start = Math.max(0, column - LONGEST_LINE / 2);
  const shown = location.lineText.slice(start, start + LONGEST_LINE);
  const before = shown.slice(0, column - start).replace(/[^\t]/g, ' ');
  const length = Math.min(Math.max(1, location.length), Math.max(1, shown.length - (column - start)));
  const gutter = `${location.line} | `;
  const pad = `${' '.repeat(gutter.length - 2)}| `;
  return `${location.file}:${location.line}:${column + 1}: ${text}\n\n  ${gutter}${shown}\n  ${pad}${before}${'^'.repeat(length)}`;
}

/** The bundler counts UTF-8 bytes; people and editors count characters. */
function columnOf({ column, lineText }: { column: number; lineText: string }): number {
  return Buffer.from(lineText).subarray(0, column).toString().length;
}

function hintFor({ text }: Message): string | undefined {
  const missing = /^Could not resolve "([^"]+)"/.exec(text)?.[1];
  if (missing === undefined) return undefined;
  if (missing.startsWith('.') || missing.startsWith('/'))
    return 'check the path and its spelling; saving the missing file builds again';
  return `install it (npm install ${packageNameOf(missing)}), or map it with "paths" in tsconfig.json`;
}

/** `@scope/name/deep/file` → `@scope/name`. */
export function packageNameOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
