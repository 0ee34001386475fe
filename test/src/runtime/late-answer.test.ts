import { expect, test } from 'vitest';
import { startSample } from '../../suites/running-instance.ts';
import { makeScriptRuntime } from './script-runtime.ts';

/** Ends when an answer is refused, as the official client for Python does. */
const CLIENT = `
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
  const { sample, ...parts } = makeScriptRuntime(CLIENT);
  const { instance, started } = await startSample(parts, { ...sample, timeoutMode: 'keep' });
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
