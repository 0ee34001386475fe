/** Random passwords as the service makes them. */
import type { Ids } from '../../src/model/platform.ts';
import type { GeneratedSecret } from '../../src/model/resources.ts';
import { invalidParameter } from './errors.ts';

export type PasswordRules = Omit<GeneratedSecret, 'template' | 'key'>;

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
const USUAL_LENGTH = 32;

/** Throws the service's error where the rules leave no characters, or fewer than must be in it. */
export function makePassword(rules: PasswordRules, ids: Ids): string {
  const length = rules.length ?? USUAL_LENGTH;
  const excluded = rules.excludeCharacters ?? '';
  const kinds = [
    rules.excludeLowercase ? '' : LOWER,
    rules.excludeUppercase ? '' : UPPER,
    rules.excludeNumbers ? '' : DIGITS,
    rules.excludePunctuation ? '' : PUNCTUATION,
    rules.includeSpace ? ' ' : '',
  ]
    .map((kind) => [...kind].filter((character) => !excluded.includes(character)).join(''))
    .filter((kind) => kind !== '');
  const alphabet = kinds.join('');
  if (alphabet === '') throw invalidParameter('The password cannot be generated: no character is allowed.');
  const required = rules.requireEachIncludedType === false ? [] : kinds;
  if (length < required.length)
    throw invalidParameter('The password length is shorter than the number of character types required.');
  const characters = [
    ...required.map((kind) => pick(kind, ids)),
    ...Array.from({ length: length - required.length }, () => pick(alphabet, ids)),
  ];
  return shuffled(characters, ids).join('');
}

function pick(alphabet: string, ids: Ids): string {
  return alphabet[below(alphabet.length, ids)] ?? '';
}

function shuffled(characters: string[], ids: Ids): string[] {
  const mixed = [...characters];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = below(at + 1, ids);
    [mixed[at], mixed[other]] = [mixed[other] ?? '', mixed[at] ?? ''];
  }
  return mixed;
}

/** A random number below `limit`, which is small enough for the remainder to be even. */
function below(limit: number, ids: Ids): number {
  return Number.parseInt(ids.hex(6), 16) % limit;
}
