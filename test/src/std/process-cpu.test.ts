import { expect, test } from 'vitest';
import { cpuMsOf } from '../../../src/std/process-cpu.ts';

const usedMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

test.runIf(process.platform === 'linux')('grows with what a process works', () => {
  const from = cpuMsOf(process.pid) ?? Number.NaN;
  const began = usedMs();
  while (usedMs() - began < 80);
  const grown = (cpuMsOf(process.pid) ?? Number.NaN) - from;
  expect(grown).toBeGreaterThanOrEqual(75);
});

test('of a process that is gone nothing is known', () => {
  expect(cpuMsOf(2 ** 30)).toBeUndefined();
});
