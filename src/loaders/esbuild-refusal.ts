/** Asks esbuild itself whether it takes options, before a function is built with them. */
import { buildSync } from 'esbuild';
import type { BundleOptions } from '../model/bundle.ts';
import { isRecord } from '../model/json.ts';

/** A reload asks about the same ones again. */
const taken = new Set<string>();

/** What esbuild says against these options, by its names and as they are written; undefined = it takes them. */
export function esbuildRefusal(options: Readonly<Record<string, unknown>>): string | undefined {
  const key = JSON.stringify(options);
  if (taken.has(key)) return undefined;
  try {
    buildSync({
      ...(options as BundleOptions as object),
      stdin: { contents: '' },
      bundle: true,
      platform: 'node',
      outdir: '.',
      write: false,
      logLevel: 'silent',
    });
  } catch (failure) {
    return textOf(failure);
  }
  taken.add(key);
  return undefined;
}

function textOf(failure: unknown): string {
  const [first]: readonly unknown[] =
    failure instanceof Error && 'errors' in failure && Array.isArray(failure.errors) ? failure.errors : [];
  if (isRecord(first) && typeof first.text === 'string') return first.text;
  return failure instanceof Error ? failure.message : String(failure);
}
