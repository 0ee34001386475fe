import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makePauseProgram } from '../../../../../src/runtime/backends/docker/pause-program.ts';

const here = process.arch === 'x64' ? 'amd64' : process.arch;

test.each([
  ['amd64', 62],
  ['arm64', 183],
])(
  'the program for %s is an ELF executable of its machine, whose segment is the whole file',
  (arch, machine) => {
    const program = makePauseProgram(arch) ?? Buffer.alloc(0);
    expect(program.toString('latin1', 0, 4)).toBe('\x7fELF');
    expect(program.readUInt16LE(18)).toBe(machine);
    expect(program.readBigUInt64LE(64 + 32)).toBe(BigInt(program.length));
    expect(program.readBigUInt64LE(24)).toBe(0x400000n + 120n);
  },
);

test('there is none for other machines', () => {
  expect(makePauseProgram('riscv64')).toBeUndefined();
});

test.runIf(process.platform === 'linux')('it runs, sleeps, and uses next to no memory', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'pause');
  writeFileSync(file, makePauseProgram(here) ?? '', { mode: 0o755 });
  const child: ChildProcess = spawn(file, { stdio: 'ignore' });
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  expect(Number(/VmSize:\s+(\d+) kB/.exec(status)?.[1])).toBeLessThan(1024);
  const exit = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  child.kill('SIGTERM');
  // As the first process of a container it would ignore this; here it shows that it was alive until now.
  expect(await exit).toBe('SIGTERM');
});
