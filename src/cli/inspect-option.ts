/** `--inspect [PORT]`, alike in every command that has it: the port may be left out. */
import { DEFAULT_INSPECT_PORT } from '../app/options.ts';
import { SlsError } from '../std/errors.ts';

const FLAG = '--inspect';
const HIGHEST_PORT = 65_535;

/**
 * The option for yargs; its value is for `parseInspectPort` in the handler, because what is thrown while yargs parses loses
 * its hint. Needs `spellOutInspect` to have seen the words.
 */
export function inspectOption(purpose: string) {
  return {
    type: 'string',
    describe: `${purpose} on this port (default ${DEFAULT_INSPECT_PORT}, 0 = any free port)`,
  } as const;
}

/**
 * Writes the default port behind a bare `--inspect`, because yargs would take the next word for its value: that is one
 * only when it could be a port, so that `replay --inspect ID` keeps its id. Words behind `--` are left alone.
 */
export function spellOutInspect(words: readonly string[]): string[] {
  const end = words.indexOf('--');
  return words.map((word, i) => {
    if (word !== FLAG || (end >= 0 && i > end)) return word;
    return looksLikePort(words[i + 1]) ? word : `${FLAG}=${DEFAULT_INSPECT_PORT}`;
  });
}

/** The last one counts. Undefined without the flag and with `--no-inspect`. Throws `SlsError` `inspect-port`. */
export function parseInspectPort(value: unknown): number | undefined {
  const given: unknown = Array.isArray(value) ? value.at(-1) : value;
  if (given === undefined || given === false) return undefined;
  const port = Number(given);
  if (looksLikePort(String(given)) && port <= HIGHEST_PORT) return port;
  throw new SlsError('inspect-port', `--inspect takes a port from 0 to ${HIGHEST_PORT}, not "${given}"`, {
    hint: `--inspect alone is port ${DEFAULT_INSPECT_PORT}; the address is set with --host`,
  });
}

function looksLikePort(word: string | undefined): boolean {
  return word !== undefined && /^\d{1,5}$/.test(word);
}
