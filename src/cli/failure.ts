/** Turns anything thrown into lines for people and the process's exit code. */
import { relative } from 'node:path';
import { SlsError } from '../std/errors.ts';
import { paint } from './colours.ts';

const WRONG_USAGE = 2;
const OUR_BUG = 70;

/** Prints the failure; answers the exit code: 1 or 2 for what the user must mend, 70 for a bug of ours. */
export function explainFailure(failure: unknown, print: (line: string) => void): number {
  if (failure instanceof SlsError) {
    print(`${paint.red('error')} ${failure.message}`);
    const at = placeText(failure);
    if (at) print(`  ${paint.dim('at')} ${at}`);
    if (failure.hint) print(`  ${paint.cyan('hint')} ${failure.hint}`);
    return failure.exitCode;
  }
  if (isWrongUsage(failure)) {
    print(`${paint.red('error')} ${failure.message}`);
    print(`  ${paint.cyan('hint')} see sls-local --help, and --help after the name of a command`);
    return WRONG_USAGE;
  }
  print(`${paint.red('bug')} sls-local failed in a way it should not. This is its fault, not yours.`);
  print(failure instanceof Error ? (failure.stack ?? failure.message) : String(failure));
  return OUR_BUG;
}

/** What yargs throws instead of passing it to its `fail`: an option without its value. */
function isWrongUsage(failure: unknown): failure is Error {
  return failure instanceof Error && failure.name === 'YError';
}

/** `serverless.yml:12:3`, relative to the working folder where that is shorter. */
export function placeText(place: {
  file?: string | undefined;
  line?: number | undefined;
  column?: number | undefined;
}): string | undefined {
  if (!place.file) return undefined;
  const near = relative(process.cwd(), place.file);
  const file = near !== '' && !near.startsWith('../..') ? near : place.file;
  return [file, place.line, place.line === undefined ? undefined : place.column]
    .filter((part) => part !== undefined)
    .join(':');
}
