/** Reads a time as people write it on a command line. */
import { SlsError } from '../std/errors.ts';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `10m` (before `now`), or anything `Date` reads; epoch ms. Throws `SlsError` code `bad-time`. */
export function parseTime(text: string, now: number): number {
  const ago = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  if (ago) return now - Number(ago[1]) * (UNITS_MS[ago[2] ?? ''] ?? 0);
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new SlsError('bad-time', `"${text}" is neither a time span nor a date`, {
      hint: 'write 30s, 10m, 2h, 1d or 2026-01-31T12:00',
    });
  return at;
}
