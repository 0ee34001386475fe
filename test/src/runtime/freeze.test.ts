/** What happens to instances between events, in real processes. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CodeCache, makeCodeCache } from '../../../src/runtime/code-cache.ts';
import { makeFramesContract } from '../../../src/runtime/contracts/frames/frames.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { answerOf, functionNamed, openPreparingPool } from './preparing-pool.ts';
import { openProcessParts } from './process-parts.ts';

const ticking = `
  let ticks = 0;
  setInterval(() => { ticks++; }, 5);
  exports.handler = async (event) => {
    const before = ticks;
    if (event.ms) await new Promise((done) => setTimeout(done, event.ms));
    return { before, after: ticks, pid: process.pid };
  };`;

interface Ticks {
  readonly before: number;
  readonly after: number;
  readonly pid: number;
}

function open(more: Parameters<typeof openPreparingPool>[1] = {}) {
  return openPreparingPool(openProcessParts(), more);
}

/** Stopped, or told to: a process that runs on another core stops when it hears of it. */
function isStopped(pid: number): boolean {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const pending = BigInt(`0x${/^ShdPnd:\s+(\w+)/m.exec(status)?.[1] ?? 0}`);
  return /^State:\s+T/m.test(status) || (pending & (1n << 18n)) !== 0n;
}

test.runIf(process.platform === 'linux')(
  'timers stand still between events and go on in the next one',
  async () => {
    const { build, lease, clock } = open({ freeze: true });
    const fn = functionNamed('ticking');
    build(fn, 'b1', ticking);
    const first = await lease(fn);
    const { pid } = (await answerOf(first)) as Ticks;
    first.release();
    expect(isStopped(pid)).toBe(false);
    await clock.advance(20);
    expect(isStopped(pid)).toBe(true);
    const second = await lease(fn);
    expect(isStopped(pid)).toBe(false);
    const { before, after } = (await answerOf(second, { ms: 60 })) as Ticks;
    expect(after).toBeGreaterThan(before);
    expect(second.instanceId).toBe(first.instanceId);
  },
);

test.runIf(process.platform === 'linux')(
  'events that follow each other closely find it running',
  async () => {
    const { build, lease, clock } = open({ freeze: true });
    const fn = functionNamed('ticking');
    build(fn, 'b1', ticking);
    for (let i = 0; i < 3; i++) {
      const leased = await lease(fn);
      const { pid } = (await answerOf(leased)) as Ticks;
      leased.release();
      await clock.advance(6);
      expect(isStopped(pid)).toBe(false);
    }
  },
);

/** More source than the least a file of compiled code is written for. */
const bulk = Array.from(
  { length: 600 },
  (_, i) => `function made${i}() { return '${'x'.repeat(60)}'; }\nmade${i}();`,
);

test.runIf(process.platform === 'linux')(
  'an instance hands over its compiled code before it stands still, and stands still then',
  async () => {
    const cache = makeCodeCache();
    let tell = () => {};
    const given = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const codeCache: CodeCache = {
      open(artifact) {
        const opened = cache.open(artifact);
        if (!opened) return undefined;
        const give: typeof opened.give = (name, bytes) => {
          opened.give(name, bytes);
          tell();
        };
        return { ...opened, give };
      },
    };
    const parts = openProcessParts();
    const contract = makeFramesContract({ ...parts, ids: randomIds, codeCache });
    const { build, current, lease, clock } = openPreparingPool({ ...parts, contract }, { freeze: true });
    const fn = functionNamed('bulky');
    const built = build(fn, 'b1', `${bulk.join('\n')}\n${ticking}`);
    const cacheDir = join(built.dir, 'cache');
    mkdirSync(cacheDir);
    current.set(fn.id, { ...built, cacheDir });
    const leased = await lease(fn);
    const { pid } = (await answerOf(leased)) as Ticks;
    leased.release();
    await clock.advance(20);
    expect(isStopped(pid)).toBe(false);
    await given;
    expect(readdirSync(cacheDir)).toHaveLength(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isStopped(pid)).toBe(true);
  },
);

test.runIf(process.platform === 'linux')('nothing is stopped when that is not wanted', async () => {
  const { build, lease, clock } = open();
  const fn = functionNamed('ticking');
  build(fn, 'b1', ticking);
  const leased = await lease(fn);
  const { pid } = (await answerOf(leased)) as Ticks;
  leased.release();
  await clock.advance(1000);
  expect(isStopped(pid)).toBe(false);
});

test.runIf(process.platform === 'linux')(
  'a frozen instance ends when it is not needed any more',
  async () => {
    const { build, lease, clock, pool, closeAll } = open({ freeze: true });
    const fn = functionNamed('ticking');
    build(fn, 'b1', ticking);
    const leased = await lease(fn);
    const { pid } = (await answerOf(leased)) as Ticks;
    leased.release();
    await clock.advance(20);
    expect(isStopped(pid)).toBe(true);
    await closeAll();
    expect(pool.snapshot()).toEqual([]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  },
);

test.runIf(process.platform === 'linux')(
  'idle instances are ended when all together take more memory than there is for them, the longest unused first',
  async () => {
    const { build, lease, clock, pool } = open({ limits: { memoryMb: 60 }, freeze: true });
    const greedy = `const kept = Buffer.alloc(40e6, 1); exports.handler = async () => kept.length;`;
    const leases = [];
    for (const id of ['a', 'b', 'c']) {
      const fn = functionNamed(id);
      build(fn, 'b1', greedy);
      leases.push(await lease(fn));
    }
    for (const leased of leases) {
      leased.release();
      await clock.advance(1);
    }
    await clock.advance(20);
    const left = pool.snapshot().filter(({ state }) => state !== 'gone');
    expect(left.map(({ functionId }) => functionId)).toEqual(['c']);
  },
);
