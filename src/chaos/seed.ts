/** Chance that is no chance: the same seed and the same name give the same number, whenever and however often it is asked. */
import { createHash, randomBytes } from 'node:crypto';
import { SlsError } from '../std/errors.ts';

const SEED = /^[0-9a-f]{1,16}$/i;

/** Sixteen hex digits. */
export function makeSeed(): string {
  return randomBytes(8).toString('hex');
}

/** Throws `SlsError` `bad-seed`. */
export function checkSeed(text: string): string {
  if (SEED.test(text)) return text.toLowerCase();
  throw new SlsError('bad-seed', `"${text}" is no seed: expected up to sixteen hex digits`, {
    hint: 'a failing run prints its own: --seed 8f3a0c11d2e4b597',
  });
}

/** Seed of the nth of several runs; the first is the seed itself. */
export function seedOfRun(seed: string, run: number): string {
  return run === 0 ? seed : createHash('sha256').update(`${seed} run ${run}`).digest('hex').slice(0, 16);
}

/** From 0 up to 1. */
export function roll(seed: string, name: string): number {
  return createHash('sha256').update(`${seed} ${name}`).digest().readUInt32BE(0) / 2 ** 32;
}

/** A whole number from `least` to `most`, both inclusive. */
export function rollBetween(seed: string, name: string, least: number, most: number): number {
  return least + Math.floor(roll(seed, name) * (most - least + 1));
}
