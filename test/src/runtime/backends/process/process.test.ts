/** The process backend against the suite every backend runs, and what is its own. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeProcessBackend } from '../../../../../src/runtime/backends/process/process.ts';
import { openSessionFolder } from '../../../../../src/runtime/session-folder.ts';
import { makeSystemClock } from '../../../../../src/std/clock.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { describeBackend } from '../../../../suites/backend.suite.ts';
import { payloadOf, startSample } from '../../../../suites/running-instance.ts';
import { openProcessParts } from '../../process-parts.ts';

describeBackend('processes', {
  runtime: 'nodejs22.x',
  limitsAllMemory: false,
  open: async () => {
    const folder = openSessionFolder(randomIds);
    const backend = makeProcessBackend({ folder: folder.path, clock: makeSystemClock(), env: process.env });
    return {
      ...backend,
      async close() {
        await backend.close();
        folder.close();
      },
    };
  },
});

async function environmentOf(layers: readonly string[]): Promise<Record<string, string>> {
  const parts = openProcessParts();
  const sample = await startSample(parts, {
    runtime: 'nodejs22.x',
    handler: 'outcomes.describesProcess',
    layers,
  });
  onTestFinished(async () => {
    await sample.instance.kill();
    await parts.close();
  });
  await sample.started;
  return (payloadOf((await sample.invoke({})).outcome) as { env: Record<string, string> }).env;
}

test('the folders of layers stand in for /opt, later layers first', async () => {
  const root = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const [first, second] = [join(root, 'first'), join(root, 'second')];
  mkdirSync(join(first, 'lib'), { recursive: true });
  const env = await environmentOf([first, second]);
  expect(env.NODE_PATH?.split(':')).toEqual([
    ...[second, first].map((layer) => join(layer, 'nodejs/node22/node_modules')),
    ...[second, first].map((layer) => join(layer, 'nodejs/node_modules')),
  ]);
  expect(env.PATH?.split(':').slice(-2)).toEqual([join(second, 'bin'), join(first, 'bin')]);
  // A folder that is not there would only be looked into.
  expect(env.LD_LIBRARY_PATH).toBe(join(first, 'lib'));
});

test('without layers the machine’s libraries are where they are', async () => {
  expect(await environmentOf([])).not.toHaveProperty('LD_LIBRARY_PATH');
});
