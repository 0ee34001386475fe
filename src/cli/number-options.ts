/** Refuses numbers that are none and ports there cannot be: yargs hands `abc` on as NaN. */
import { SlsError } from '../std/errors.ts';

import { MAX_SCALE } from '../std/travel-clock.ts';

const HIGHEST_PORT = 65_535;

/** For `yargs.check`. Throws `SlsError` code `bad-option`. */
export function checkNumbers(args: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(args)) {
    // Each option stands there also by its one-letter and its camelCase name.
    if (typeof value !== 'number' || /^.$|[A-Z]/.test(name)) continue;
    if (name.endsWith('-port')) refuse(name, value, isPort(value), `a port from 0 to ${HIGHEST_PORT}`);
    else if (name === 'memory-budget') refuse(name, value, value >= 64, 'a number of MB from 64');
    else if (name === 'max-instances') refuse(name, value, value >= 1, 'a number from 1');
    else if (name.endsWith('scale'))
      refuse(name, value, value > 0 && value <= MAX_SCALE, `a number above 0, up to ${MAX_SCALE}`);
    else refuse(name, value, value >= 0, 'a number from 0');
  }
  return true;
}

function refuse(name: string, found: number, isGood: boolean, wanted: string): void {
  if (isGood) return;
  const shown = Number.isNaN(found) ? 'no number' : found;
  throw new SlsError('bad-option', `--${name} takes ${wanted}, found ${shown}`);
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= HIGHEST_PORT;
}
