import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeRuntimeApiContract } from '../../../src/runtime/contracts/runtime-api/contract.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { startSample } from '../../suites/running-instance.ts';
import { openProcessParts } from './process-parts.ts';

/** Ends when an answer is refused, as the official client for Python does. */
const CLIENT = `#!${process.execPath}
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation';
(async () => {
  for (;;) {
    const next = await fetch(base + '/next');
    const { waitMs } = await next.json();
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    const id = next.headers.get('lambda-runtime-aws-request-id');
    const { status } = await fetch(base + '/' + id + '/response', { method: 'POST', body: '{}' });
    if (status !== 202) process.exit(1);
  }
})();
`;

test('an event behind a late answer that ends the runtime goes to another instance', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  writeFileSync(join(dir, 'bootstrap'), CLIENT, { mode: 0o755 });
  const parts = openProcessParts();
  onTestFinished(async () => {
    await parts.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const contract = makeRuntimeApiContract({ clock: parts.clock, ids: randomIds });
  const sample = { handler: 'a.b', runtime: 'provided.al2023', dir, timeoutMode: 'keep' } as const;
  const { instance, started } = await startSample({ ...parts, contract }, sample);
  await started;
  const invoke = async (n: number, waitMs: number, timeoutMs: number) => {
    instance.take();
    const requestId = `c0ffee00-0000-4000-8000-00000000000${n}`;
    const facts = { deadlineAt: 0, invokedFunctionArn: '', traceHeader: '' };
    const delivery = { requestId, event: JSON.stringify({ waitMs }), ...facts };
    const { end } = await instance.invoke(delivery, timeoutMs, { onLog: () => {} });
    instance.giveBack();
    return end;
  };
  expect(await invoke(1, 500, 100)).toEqual({ status: 'timeout', afterMs: 100 });
  expect(await invoke(2, 0, 9000)).toBe('not-begun');
  expect(instance.state).toBe('gone');
});
