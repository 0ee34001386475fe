/** What is said of words that begin with a dash and are no option. */
import { nearNames } from '../std/near-name.ts';

/** As the parser says it: `Unknown arguments: http-prot, httpProt`, of `--no-prot` only `prot`. */
const UNKNOWN = /^Unknown arguments?: (.+)$/;

/** Less than this is like everything. */
const SHORTEST = 3;

/**
 * One line for each word as it was typed, with the options it may have meant. `message`: the parser's, which is answered as
 * it is when it tells of something else; `known`: the options there are, without dashes.
 */
export function explainUnknownOptions(
  message: string,
  words: readonly string[],
  known: readonly string[],
): string {
  const names = UNKNOWN.exec(message)?.[1]?.split(', ') ?? [];
  const typed = words.filter((word) => names.includes(nameIn(word)));
  return typed.length === 0 ? message : typed.map((word) => lineFor(word, known)).join('\n');
}

function lineFor(word: string, known: readonly string[]): string {
  const [flag = word] = word.split('=');
  const prefix = flag.startsWith('--no-') ? '--no-' : '--';
  const name = nameIn(word);
  const near = name.length < SHORTEST ? [] : nearNames(name, known);
  const meant = near.map((option) => prefix + option);
  return `unknown option ${flag}${meant.length > 0 ? `: did you mean ${meant.join(' or ')}?` : ''}`;
}

function nameIn(word: string): string {
  return /^--?(?:no-)?([^=]+)/.exec(word)?.[1] ?? '';
}
