/** The end of an instance that did nothing wrong, with a backend that takes its time to end what runs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Backend } from '../../../src/model/runtime.ts';
import { makeRuntimeApiContract } from '../../../src/runtime/contracts/runtime-api/contract.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { startSample } from '../../suites/running-instance.ts';
import { openProcessParts } from './process-parts.ts';

/** Complains of a lost connection, as the official client for Node.js does. */
const CLIENT = `#!${process.execPath}
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
  const dir = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  writeFileSync(join(dir, 'bootstrap'), CLIENT, { mode: 0o755 });
  const parts = openProcessParts();
  onTestFinished(async () => {
    await parts.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const contract = makeRuntimeApiContract({ clock: parts.clock, ids: randomIds });
  const backend = slowToKill(parts.backend);
  const { instance, started, looseLines } = await startSample(
    { backend, contract },
    { handler: 'a.b', runtime: 'provided.al2023', dir },
  );
  expect(await started).toMatchObject({ status: 'ready' });
  await instance.kill();
  expect(looseLines).toEqual([]);
});
