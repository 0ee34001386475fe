/** A runtime that was started before anything was known of the project; see src/cli/first-runtime.cjs. */
import type { ChildProcess } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';

export interface FirstRuntime {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Tells it its host; undefined when it has been taken or has ended. */
  take(host: { readonly address: string; readonly token: string }): ChildProcess | undefined;
  /** Ends it if nobody has taken it. */
  end(): void;
}

export interface Wanted {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** It, if it was started just as one would be now. */
export function takeFirstRuntime(first: FirstRuntime, wanted: Wanted): ChildProcess | undefined {
  const { SLS_LOCAL_LINE: address, SLS_LOCAL_TOKEN: token, ...env } = wanted.env;
  const { SLS_LOCAL_LINE: _, ...given } = first.env;
  if (address === undefined || token === undefined || first.program !== wanted.program) return undefined;
  if (!isDeepStrictEqual(first.args, wanted.args) || !isDeepStrictEqual(given, env)) return undefined;
  return first.take({ address, token });
}
