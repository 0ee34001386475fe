import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { makeFakeClock } from '../../../src/std/clock.ts';
import { makeClosers } from '../../../src/std/closers.ts';
import { makeRecordId, makeSeededIds, makeTraceId } from '../../../src/std/ids.ts';
import { makeLatestWins } from '../../../src/std/latest-wins.ts';
import { listen } from '../../../src/std/listen.ts';
import { isAlive, thisProcess } from '../../../src/std/process-identity.ts';

test('closers run last first, all of them, and the first failure comes out at the end', async () => {
  const ran: number[] = [];
  const closers = makeClosers();
  closers.add(() => ran.push(1));
  closers.add(() => {
    throw new Error('two');
  });
  closers.add(async () => ran.push(3));
  await expect(closers.close()).rejects.toThrow('two');
  expect(ran).toEqual([3, 1]);
});

test('the newest run wins: older callers get its result and its signal aborts the older one', async () => {
  const latest = makeLatestWins<string>();
  let firstAborted = false;
  const first = latest.run(
    (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          firstAborted = true;
          reject(signal.reason);
        });
      }),
  );
  const second = latest.run(async () => 'new');
  expect(await first).toBe('new');
  expect(await second).toBe('new');
  expect(firstAborted).toBe(true);
  await expect(latest.run(async () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await latest.run(async () => 'healed')).toBe('healed');
});

test('a taken port is a clear error that names the purpose and the flag', async () => {
  const first = await listen(createServer(), { port: 0, purpose: 'the HTTP front door' });
  await expect(
    listen(createServer(), { port: first.port, purpose: 'the HTTP front door', flag: '--http-port' }),
  ).rejects.toMatchObject({
    code: 'port-taken',
    message: `port ${first.port} on 127.0.0.1, wanted for the HTTP front door, is already in use`,
    hint: expect.stringContaining('--http-port'),
  });
  await first.close();
});

test('ids have their documented forms and repeat for the same seed', () => {
  const clock = makeFakeClock();
  expect(makeTraceId(clock, makeSeededIds(1))).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  expect(makeRecordId(clock, makeSeededIds(1))).toMatch(/^[0-9a-f]{19}$/);
  expect(makeSeededIds(7).uuid()).toBe(makeSeededIds(7).uuid());
  expect(makeSeededIds(7).uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('this process is alive; one with the same number but another start is not', () => {
  expect(isAlive(thisProcess())).toBe(true);
  expect(isAlive({ ...thisProcess(), startedAt: 'another-boot:1' })).toBe(false);
});
