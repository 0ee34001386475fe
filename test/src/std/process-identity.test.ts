import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { platform } from 'node:process';
import { expect, test } from 'vitest';
import { identityOf, isAlive, thisProcess } from '../../../src/std/process-identity.ts';

test('this process is alive, one of another start time with its number is not', () => {
  expect(isAlive(thisProcess())).toBe(true);
  expect(isAlive({ pid: process.pid, startedAt: 'another boot:1' })).toBe(platform !== 'linux');
});

test('a process that ended is not alive', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  const identity = identityOf(child.pid ?? 0);
  await once(child, 'exit');
  expect(isAlive(identity)).toBe(false);
});

test.runIf(platform === 'linux')(
  'a killed process that its parent never asks after is not alive',
  async () => {
    // The shell starts a child, replaces itself by a program that knows nothing of it, and the child ends.
    const parent = spawn('sh', ['-c', 'cat >/dev/null <&3 & echo $!; exec sleep 60 3<&-'], {
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    });
    const pid = Number(String((await once(parent.stdout as NonNullable<ChildProcess['stdout']>, 'data'))[0]));
    const identity = identityOf(pid);
    expect(isAlive(identity)).toBe(true);
    // The shell itself would ask after it.
    await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n');
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => isAlive(identity)).toBe(false);
    process.kill(pid, 0);
    parent.kill('SIGKILL');
  },
);
