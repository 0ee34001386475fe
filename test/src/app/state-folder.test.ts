import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimStateFolder } from '../../../src/app/state-folder.ts';
import { identityOf } from '../../../src/std/process-identity.ts';

let folder: string;
let other: ChildProcess;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sls-local-folder-'));
  other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
});

afterEach(() => {
  other.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const note = () => join(folder, 'session.json');
const othersNote = (aws: string) =>
  writeFileSync(note(), JSON.stringify({ ...identityOf(other.pid ?? 0), aws, http: null }));
const gone = () => new Promise((resolve) => other.once('exit', resolve));

test('refuses a folder in which a session listens, and names it', async () => {
  othersNote('http://127.0.0.1:4566');
  await expect(claimStateFolder(folder)).rejects.toMatchObject({
    code: 'session-running',
    message: expect.stringContaining(`process ${other.pid}, http://127.0.0.1:4566`),
  });
});

test('waits until the command that works in the folder has ended', async () => {
  othersNote('');
  const claimed = claimStateFolder(folder);
  rmSync(note());
  const { release } = await claimed;
  expect(JSON.parse(readFileSync(note(), 'utf8'))).toMatchObject({ pid: process.pid });
  release();
  expect(existsSync(note())).toBe(false);
});

test('refuses a folder in which a command works for too long', async () => {
  othersNote('');
  await expect(claimStateFolder(folder, 20)).rejects.toMatchObject({
    code: 'session-running',
    message: expect.stringContaining('another command'),
  });
});

test('the note of a process that is gone counts for nothing', async () => {
  othersNote('http://127.0.0.1:4566');
  const exited = gone();
  other.kill('SIGKILL');
  await exited;
  const { release } = await claimStateFolder(folder);
  expect(JSON.parse(readFileSync(note(), 'utf8'))).toMatchObject({ pid: process.pid });
  release();
});

test('a note nobody can read counts for nothing', async () => {
  writeFileSync(note(), '{"pid":');
  const { release } = await claimStateFolder(folder);
  release();
  expect(existsSync(note())).toBe(false);
});
