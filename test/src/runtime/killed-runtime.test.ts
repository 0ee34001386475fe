/** The end of an instance that did nothing wrong, with a backend that takes its time to end what runs. */
import { expect, test } from 'vitest';
import type { Backend } from '../../../src/model/runtime.ts';
import { startSample } from '../../suites/running-instance.ts';
import { makeScriptRuntime } from './script-runtime.ts';

/** Complains of a lost connection, as the official client for Node.js does. */
const CLIENT = `
fetch('http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/next').catch(() => {
  console.log('Failed to get next invocation');
  process.exit(1);
});
`;

/** A container engine needs as long to end a container. */
function slowToKill(backend: Backend): Backend {
  return {
    ...backend,
    async start(spec, onLog) {
      const handle = await backend.start(spec, onLog);
      const kill = async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        await handle.kill();
      };
      return { ...handle, kill };
    },
  };
}

test('an idle runtime that is killed says nothing of a lost connection', async () => {
  const { backend, contract, sample } = makeScriptRuntime(CLIENT);
  const parts = { backend: slowToKill(backend), contract };
  const { instance, started, looseLines } = await startSample(parts, sample);
  expect(await started).toMatchObject({ status: 'ready' });
  await instance.kill();
  expect(looseLines).toEqual([]);
});
