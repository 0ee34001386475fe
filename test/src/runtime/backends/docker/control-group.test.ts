import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  foldersOf,
  openKernelCounts,
  processesIn,
} from '../../../../../src/runtime/backends/docker/control-group.ts';

const MB = 2 ** 20;

function open(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write = (name: string, text: string) => {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { root, write };
}

function countsIn(root: string, cgroup: string) {
  const folders = foldersOf(cgroup, 'c0ffee', root);
  if (!folders) throw new Error('the group was not found');
  const counts = openKernelCounts(folders);
  onTestFinished(() => counts.close());
  return { counts, folders };
}

const VERSION_1 = '4:memory:/docker/c0ffee\n2:cpu,cpuacct:/docker/c0ffee\n0::/\n';
const VERSION_2 = '0::/system.slice/docker-c0ffee.scope\n';

test('with version 1 each controller has a folder', () => {
  const { root } = open({
    'memory/docker/c0ffee/cgroup.procs': '17\n18\n',
    'memory/docker/c0ffee/memory.max_usage_in_bytes': `${100 * MB}\n`,
    'memory/docker/c0ffee/memory.stat': `cache ${40 * MB}\nrss 1\nshmem ${10 * MB}\ntotal_cache 7\n`,
    'cpuacct/docker/c0ffee/cpuacct.usage': '1234500000\n',
    'memory/docker/c0ffee/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
  });
  const { counts, folders } = countsIn(root, VERSION_1);
  expect(processesIn(folders)).toEqual([17, 18]);
  expect(counts.cpuMs()).toBe(1234.5);
  expect(counts.memoryKills()).toBe(2);
  // What was written into /tmp counts, files that were read do not.
  expect(counts.memoryPeakBytes()).toBe(70 * MB);
});

test('with version 2 there is one folder', () => {
  const folder = 'system.slice/docker-c0ffee.scope';
  const { root } = open({
    [`${folder}/cgroup.procs`]: '17\n',
    [`${folder}/memory.peak`]: `${90 * MB}\n`,
    [`${folder}/memory.stat`]: `anon ${20 * MB}\nfile ${30 * MB}\nkernel 5\nshmem 0\n`,
    [`${folder}/cpu.stat`]: 'usage_usec 2500\nuser_usec 2000\nsystem_usec 500\n',
    [`${folder}/memory.events`]: 'low 0\nmax 9\noom 1\noom_kill 1\noom_group_kill 0\n',
  });
  const { counts, folders } = countsIn(root, VERSION_2);
  expect(processesIn(folders)).toEqual([17]);
  expect(counts.cpuMs()).toBe(2.5);
  expect(counts.memoryKills()).toBe(1);
  expect(counts.memoryPeakBytes()).toBe(60 * MB);
});

test('a kernel without memory.peak tells no peak, and what is gone keeps what was known', () => {
  const folder = 'system.slice/docker-c0ffee.scope';
  const { root, write } = open({ [`${folder}/cpu.stat`]: 'usage_usec 2500\n' });
  const old = countsIn(root, VERSION_2);
  expect(old.counts.memoryPeakBytes()).toBeUndefined();
  write(`${folder}/memory.peak`, `${MB}\n`);
  const { counts } = countsIn(root, VERSION_2);
  expect(counts.memoryPeakBytes()).toBe(MB);
  write(`${folder}/memory.peak`, '');
  expect(counts.memoryPeakBytes()).toBe(MB);
  counts.close();
  expect([counts.memoryPeakBytes(), counts.cpuMs()]).toEqual([MB, undefined]);
});

test('a group that is not the container’s own is none', () => {
  expect(foldersOf('0::/user.slice\n', 'c0ffee')).toBeUndefined();
  expect(foldersOf('', 'c0ffee')).toBeUndefined();
});
