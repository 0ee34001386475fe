/** The init phase and its second try, on real child processes. */
import { mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { FunctionSpec } from '../../../src/model/project.ts';
import { makeEnvironment } from '../../../src/runtime/environment.ts';
import { openPool } from '../../../src/runtime/pool.ts';
import { defaultLimits } from '../../../src/runtime/pool-seam.ts';
import { type FakeClock, makeFakeClock } from '../../../src/std/clock.ts';
import { makeHolds } from '../../../src/std/holds.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { sampleArtifact, sampleFunction } from '../../suites/running-instance.ts';
import { openProcessParts } from './process-parts.ts';

/** `first` and `second` are what the module does when it is loaded for the first and any further time. */
function openFunction(first: string, second: string, more: Partial<FunctionSpec> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  const marks = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  writeFileSync(
    join(dir, 'index.mjs'),
    `import { readdirSync, writeFileSync } from 'node:fs';
const forever = () => new Promise((resolve) => setTimeout(resolve, 60_000));
const loads = readdirSync(process.env.MARKS).length;
writeFileSync(process.env.MARKS + '/' + loads, '');
if (loads === 0) { ${first} } else { ${second} }
export const handler = async () => loads;
`,
  );
  const fn = {
    ...sampleFunction({ runtime: 'nodejs22.x', handler: 'index.handler', dir, env: { MARKS: marks } }),
    ...more,
  };
  const artifact = sampleArtifact(fn);
  const clock = makeFakeClock();
  const parts = openProcessParts();
  const pool = openPool({
    codeInUse: makeHolds(),
    backend: parts.backend,
    contracts: [parts.contract],
    artifacts: { current: () => artifact, artifact: async () => artifact },
    environment: makeEnvironment({ clock, region: 'eu-west-1', endpoint: () => 'http://127.0.0.1:1' }),
    clock,
    ids: randomIds,
    limits: defaultLimits,
    emit: () => {},
  });
  onTestFinished(async () => {
    await pool.close();
    await parts.close();
    for (const folder of [dir, marks]) rmSync(folder, { recursive: true });
  });
  /** Settles when the module is loaded for the n-th time. */
  const loaded = (n: number) =>
    new Promise<void>((resolve) => {
      const watcher = watch(marks, (_event, name) => {
        if (name !== String(n - 1)) return;
        watcher.close();
        resolve();
      });
    });
  return { fn, pool, clock, loaded };
}

async function passInit(clock: FakeClock, loaded: Promise<void>, ms: number): Promise<void> {
  await loaded;
  await clock.advance(ms);
}

test('an init phase of more than ten seconds is run again within the event', async () => {
  const { fn, pool, clock, loaded } = openFunction('await forever();', '');
  const passed = passInit(clock, loaded(1), 10_000);
  const lease = await pool.lease(fn);
  await passed;
  expect(lease).toMatchObject({
    status: 'leased',
    coldStart: {
      failedInit: {
        initMs: 10_000,
        outcome: { status: 'timeout', afterMs: 10_000 },
      },
    },
  });
});

test('the second init has the function’s own timeout', async () => {
  const { fn, pool, clock, loaded } = openFunction('process.exit(3);', 'await forever();', {
    timeoutMs: 700,
  });
  const passed = passInit(clock, loaded(2), 700);
  const lease = await pool.lease(fn);
  await passed;
  expect(lease).toMatchObject({
    status: 'refused',
    outcome: { status: 'timeout', afterMs: 700 },
    coldStart: { initMs: 700, failedInit: { outcome: { status: 'crash', phase: 'init', exitCode: 3 } } },
  });
});

test('an error the runtime reports is the answer at once', async () => {
  const { fn, pool } = openFunction('throw new Error("no key");', '');
  expect(await pool.lease(fn)).toMatchObject({
    status: 'refused',
    outcome: { status: 'error', phase: 'init', error: { errorMessage: 'no key' } },
  });
});

test('an instance that is started ahead of events has more time', async () => {
  const { fn, pool, clock, loaded } = openFunction('await forever();', '', {
    initializationType: 'provisioned-concurrency',
  });
  const first = loaded(1);
  const again = loaded(2);
  const leasing = pool.lease(fn);
  await first;
  await clock.advance(129_999);
  await clock.advance(1);
  await again;
  expect(await leasing).toMatchObject({ coldStart: { failedInit: { initMs: 130_000 } } });
});
