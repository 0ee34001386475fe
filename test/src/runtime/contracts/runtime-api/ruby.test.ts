/** Ruby functions over the Runtime API: our bootstrap on child processes. */
import { expect, onTestFinished, test } from 'vitest';
import { makeRuntimeApiContract } from '../../../../../src/runtime/contracts/runtime-api/contract.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { describeContract } from '../../../../suites/contract.suite.ts';
import { describeWithTool } from '../../../../suites/require-tool.ts';
import { payloadOf, startSample } from '../../../../suites/running-instance.ts';
import { openProcessParts } from '../../process-parts.ts';

const runtime = 'ruby3.3';

async function open() {
  const parts = openProcessParts();
  return { ...parts, contract: makeRuntimeApiContract({ clock: parts.clock, ids: randomIds }) };
}

await describeWithTool('ruby', 'Ruby', () => {
  describeContract('the Runtime API with Ruby in a process', { open, runtime, shortMs: 500 });

  test('calls a method of a class in a module', async () => {
    const parts = await open();
    onTestFinished(() => parts.close());
    const { started, invoke } = await startSample(parts, {
      runtime,
      handler: 'outcomes.Shop::Orders.create',
    });
    expect(await started).toMatchObject({ status: 'ready' });
    expect(payloadOf((await invoke({ id: 7 })).outcome)).toBe('order 7');
  });

  test('names where a failure comes from in the author’s files only', async () => {
    const parts = await open();
    onTestFinished(() => parts.close());
    const { started, invoke } = await startSample(parts, { runtime, handler: 'outcomes.fails' });
    await started;
    const { outcome } = await invoke({});
    if (outcome.status !== 'error') throw new Error('it did not fail');
    expect(outcome.error.trace).toEqual([expect.stringMatching(/outcomes\.rb:\d+:in `?'?.*fails/)]);
  });

  test('reports a class that is not there as a missing handler', async () => {
    const parts = await open();
    onTestFinished(() => parts.close());
    const { started } = await startSample(parts, { runtime, handler: 'outcomes.Shop::Nothing.create' });
    expect(await started).toMatchObject({
      outcome: { error: { errorType: 'Runtime.HandlerNotFound' } },
    });
  });
});
