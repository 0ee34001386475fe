/** A process that takes far more memory than its function has is ended, whatever kind of memory it is. */
import { afterAll, expect, test } from 'vitest';
import { startSample } from '../../../../suites/running-instance.ts';
import { openProcessParts } from '../../process-parts.ts';

const parts = openProcessParts();
afterAll(() => parts.close());

test.runIf(process.platform === 'linux')('memory outside of the heap counts', async () => {
  const sample = await startSample(parts, {
    runtime: 'nodejs22.x',
    handler: 'outcomes.fillsBuffers',
    memoryMb: 128,
    timeoutMs: 60_000,
  });
  await sample.started;
  expect((await sample.invoke({})).outcome).toEqual({ status: 'out-of-memory', memoryMb: 128 });
});
