/** Freezing containers whose processes are not to be seen from here, and those that are. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { makeFreeze } from '../../../../../src/runtime/backends/docker/container-freeze.ts';
import type { Engine } from '../../../../../src/runtime/backends/docker/engine.ts';
import { makeFakeClock } from '../../../../../src/std/clock.ts';

function openFreeze(processes: Promise<(() => readonly number[]) | undefined>) {
  const clock = makeFakeClock();
  const calls: boolean[] = [];
  const engine = {
    pause: async (_id: string, paused: boolean) => void calls.push(paused),
  } as Partial<Engine> as Engine;
  return { clock, calls, ...makeFreeze(engine, 'c1', clock, processes) };
}

test('a container in another kernel is paused by the engine when it is left alone for a second', async () => {
  const { clock, calls, freeze, thaw } = openFreeze(Promise.resolve(undefined));
  freeze();
  await clock.advance(900);
  expect(calls).toEqual([]);
  await clock.advance(100);
  expect(calls).toEqual([true]);
  thaw();
  await clock.advance(0);
  expect(calls).toEqual([true, false]);
});

test('one that is used again within the second is not paused', async () => {
  const { clock, calls, freeze, thaw } = openFreeze(Promise.resolve(undefined));
  freeze();
  await clock.advance(900);
  thaw();
  await clock.advance(5000);
  expect(calls).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'processes of ours are stopped, also when they become known later',
  async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => console.log(1), 5)']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const pid = child.pid ?? 0;
    let tell: (list: () => readonly number[]) => void = () => {};
    const { clock, calls, freeze, thaw, memoryBytes } = openFreeze(
      new Promise((resolve) => {
        tell = resolve;
      }),
    );
    await once(child.stdout, 'data');
    expect(memoryBytes()).toBeUndefined();
    freeze();
    tell(() => [pid]);
    await clock.advance(0);
    await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0]).toBe('T');
    expect(memoryBytes()).toBeGreaterThan(2 ** 20);
    child.stdout.resume();
    thaw();
    await once(child.stdout, 'data');
    expect(calls).toEqual([]);
  },
);
