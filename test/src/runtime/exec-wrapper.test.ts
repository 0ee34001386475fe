import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeProcessBackend } from '../../../src/runtime/backends/process/process.ts';
import { makeFramesContract } from '../../../src/runtime/contracts/frames/frames.ts';
import { execWrapperOf } from '../../../src/runtime/exec-wrapper.ts';
import { openSessionFolder } from '../../../src/runtime/session-folder.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { sampleArtifact, sampleFunction } from '../../suites/running-instance.ts';

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-wrapper-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

const specOf = (path: string, layers: readonly string[], runtime = 'nodejs22.x') => {
  const env = { AWS_LAMBDA_EXEC_WRAPPER: path };
  const fn = { ...sampleFunction({ runtime, handler: 'outcomes.answers', env }), layers };
  return { fn, artifact: sampleArtifact(fn), env };
};

test('the script of the last layer that has it counts; custom runtimes have none', () => {
  const [one, two] = [folderWith({ 'bin/w': '' }), folderWith({ 'bin/w': '' })];
  expect(execWrapperOf(specOf('/opt/bin/w', [one, two]))).toEqual({
    path: '/opt/bin/w',
    file: join(two, 'bin/w'),
  });
  expect(execWrapperOf(specOf('/opt/bin/w', [one], 'provided.al2023'))).toBeUndefined();
});

test('a script that is not there or cannot be run is an error that names it', () => {
  const layer = folderWith({ w: '' });
  expect(() => execWrapperOf(specOf('/opt/other', [layer]))).toThrow('there is no file /opt/other');
  expect(() => execWrapperOf(specOf('/var/task/other', [layer]))).toThrow('there is no file /var/task/other');
  chmodSync(join(layer, 'w'), 0o644);
  expect(() => execWrapperOf(specOf('/opt/w', [layer]))).toThrow('is not executable');
});

test('the script gets the command line of the runtime and what it sets is seen by the function', async () => {
  const layer = folderWith({ w: '#!/bin/sh\nSET_BY_WRAPPER="$#" exec "$@"\n' });
  const folder = openSessionFolder(randomIds);
  const clock = makeSystemClock();
  const backend = makeProcessBackend({ folder: folder.path, clock, env: process.env });
  onTestFinished(async () => {
    await backend.close();
    folder.close();
  });
  const task = folderWith({ 'outcomes.js': 'exports.answers = async () => process.env.SET_BY_WRAPPER;' });
  const { fn, env } = specOf('/opt/w', [layer]);
  const artifact = { ...sampleArtifact(fn), dir: task };
  const contract = makeFramesContract({ folder: folder.path, clock, ids: randomIds });
  const session = await contract.open('i1', fn, artifact, await backend.placement(), {
    debug: false,
    onLog: () => {},
  });
  const { setup } = session;
  await backend.start(
    {
      instanceId: 'i1',
      ...{ fn, artifact, mounts: setup.mounts },
      env: { ...env, ...setup.env },
      ...(setup.command ? { command: setup.command } : {}),
    },
    () => {},
  );
  session.started?.();
  expect(await session.ready).toMatchObject({ status: 'ready' });
  const outcome = await session.invoke(
    {
      requestId: 'r',
      event: '{}',
      deadlineAt: Date.now() + 3000,
      invokedFunctionArn: fn.arn,
      traceHeader: '',
    },
    { onLog: () => {} },
  );
  expect(outcome).toMatchObject({ status: 'ok', payload: expect.stringMatching(/^"[2-9]"$/) });
  await session.close();
});
