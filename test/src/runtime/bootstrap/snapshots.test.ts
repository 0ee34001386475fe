/** SnapStart's hooks in Python, on a real child process. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { errorOf, payloadOf, startSample } from '../../../suites/running-instance.ts';
import { openProcessParts } from '../process-parts.ts';

async function start(code: string, options: { initializationType?: 'snap-start' } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  writeFileSync(join(dir, 'index.py'), code);
  const parts = openProcessParts();
  const sample = await startSample(parts, {
    runtime: 'python3.12',
    handler: 'index.handler',
    dir,
    ...options,
  });
  onTestFinished(async () => {
    await sample.instance.kill();
    await parts.close();
    rmSync(dir, { recursive: true });
  });
  return sample;
}

const HOOKS = `
import os
from snapshot_restore_py import register_before_snapshot, register_after_restore
ran = []
register_before_snapshot(ran.append, "before 1")
register_before_snapshot(ran.append, "before 2")
register_after_restore(ran.append, "after 1")
@register_after_restore
def again():
    ran.append("after 2")
def handler(event, context):
    return [os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"], *ran]
`;

test('hooks run in the order of a snapshot and a restore', async () => {
  const { started, invoke } = await start(HOOKS, { initializationType: 'snap-start' });
  await started;
  expect(payloadOf((await invoke({})).outcome)).toEqual([
    'snap-start',
    'before 2',
    'before 1',
    'after 1',
    'after 2',
  ]);
});

test('a hook that fails fails the init phase', async () => {
  const code = `
from snapshot_restore_py import register_after_restore
@register_after_restore
def connect():
    raise ValueError("no connection")
def handler(event, context): pass
`;
  const { started } = await start(code, { initializationType: 'snap-start' });
  expect(errorOf(await started)).toMatchObject({
    error: { errorType: 'Runtime.AfterRestoreError', errorMessage: 'ValueError: no connection' },
  });
});

test('without SnapStart hooks are registered and not run', async () => {
  const { started, invoke } = await start(HOOKS);
  await started;
  expect(payloadOf((await invoke({})).outcome)).toEqual(['on-demand']);
});
