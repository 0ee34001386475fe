/** Identity: random ids for real runs, repeatable ones for tests. */
import { randomBytes, randomFillSync, randomUUID } from 'node:crypto';
import type { Clock, Ids } from '../model/platform.ts';

/** Random bytes are fetched for many ids at once: one call to the kernel each costs a microsecond. */
const pool = Buffer.alloc(4096);
let used = pool.length;

export const randomIds: Ids = {
  uuid: () => randomUUID(),
  hex(bytes) {
    if (bytes > 256) return randomBytes(bytes).toString('hex');
    if (used + bytes > pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += bytes;
    return pool.toString('hex', used - bytes, used);
  },
};

/** The same sequence for the same seed (a 32-bit integer). */
export function makeSeededIds(seed: number): Ids {
  let state = seed >>> 0;
  const next = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const hex = (bytes: number) => {
    let text = '';
    while (text.length < bytes * 2) text += next().toString(16).padStart(8, '0');
    return text.slice(0, bytes * 2);
  };
  const uuid = () => {
    const h = hex(16);
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`;
  };
  return { uuid, hex };
}

/** `1-<8 hex seconds>-<24 hex>`, the X-Ray form. */
export function makeTraceId(clock: Pick<Clock, 'now'>, ids: Ids): string {
  return `1-${Math.floor(clock.now() / 1000)
    .toString(16)
    .padStart(8, '0')}-${ids.hex(12)}`;
}

/** 16 hex. */
export function makeSpanId(ids: Ids): string {
  return ids.hex(8);
}

/** Sorts by time: 11 hex of epoch ms, then 8 random hex. */
export function makeRecordId(clock: Clock, ids: Ids): string {
  return `${Math.floor(clock.now()).toString(16).padStart(11, '0')}${ids.hex(4)}`;
}
