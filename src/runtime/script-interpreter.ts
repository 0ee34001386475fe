/** The first line of a script: which program runs it. */
import { closeSync, openSync, readSync } from 'node:fs';

export interface ScriptInterpreter {
  /** As it is written, a carriage return at its end included, as the kernel takes it. */
  readonly program: string;
  /** All that follows, which the kernel hands over as one. */
  readonly argument: string;
}

/** The kernel reads no more of it. */
const LONGEST_LINE = 256;

/** Undefined for what is no script, or is not there to be read. */
export function scriptInterpreterOf(file: string): ScriptInterpreter | undefined {
  const [, program, argument = ''] = /^#![ \t]*([^ \t\n]+)[ \t]*([^\n]*)/.exec(beginningOf(file)) ?? [];
  return program === undefined ? undefined : { program, argument };
}

function beginningOf(file: string): string {
  let open: number | undefined;
  try {
    open = openSync(file, 'r');
    const bytes = Buffer.alloc(LONGEST_LINE);
    return bytes.toString('utf8', 0, readSync(open, bytes));
  } catch {
    return '';
  } finally {
    if (open !== undefined) closeSync(open);
  }
}
