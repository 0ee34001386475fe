// @ts-check
/** What one operation costs within the process, without HTTP: JSON text in, stored, JSON text out. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ITEMS_PER_PARTITION, inputs, item, table } from './dynamodb-operations.mjs';
import { median, repository } from './processes.mjs';

const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const roundMs = 1000 * Number(process.env.BENCH_SECONDS ?? 0.5);
const PARTITIONS = 500;

/** Bundled beside the packages it needs. @param {string} folder @returns {Promise<any>} */
async function loadEmulator(folder) {
  const outfile = join(folder, 'emulator.mjs');
  await build({
    stdin: {
      contents: `
        export { startDynamodb } from './emulators/dynamodb/index.ts';
        export { openStore } from './src/std/store/store.ts';
        export { makeSystemClock } from './src/std/clock.ts';
        export { randomIds } from './src/std/ids.ts';`,
      resolveDir: repository,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['lmdb'],
    outfile,
    logLevel: 'warning',
  });
  return import(outfile);
}

/** Microseconds per call, by operation: the median over the rounds. */
export async function benchProcess() {
  const folder = join(repository, `node_modules/.cache/bench-dynamodb-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const { startDynamodb, openStore, makeSystemClock, randomIds } = await loadEmulator(folder);
    const store = openStore(join(folder, 'data'));
    const running = await startDynamodb({
      clock: makeSystemClock(),
      ids: randomIds,
      store,
      folder: join(folder, 'files'),
      functions: () => [],
      region: 'us-east-1',
      accountId: '000000000000',
      notice: console.error,
    });
    const { operations } = running.api;
    /** @param {string} operation @param {string} text */
    const call = (operation, text) => JSON.stringify(operations[operation](JSON.parse(text), context));
    call('CreateTable', JSON.stringify(table));
    for (let i = 0; i < PARTITIONS * ITEMS_PER_PARTITION; i++) {
      const Item = item(Math.floor(i / ITEMS_PER_PARTITION), i % ITEMS_PER_PARTITION);
      call('PutItem', JSON.stringify({ TableName: table.TableName, Item }));
    }
    const figures = await measure(call);
    await running.close();
    await store.close();
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const context = { origin: { traceId: '1-00000000-000000000000000000000000', parentId: '0000000000000000' } };

/** @param {(operation: string, text: string) => string} call */
async function measure(call) {
  /** @type {Record<string, number[]>} */
  const micros = {};
  for (let round = -1; round < rounds; round++)
    for (const operation of Object.keys(inputs)) {
      const spent = spentPerCall(operation, call);
      if (round >= 0) micros[operation] = [...(micros[operation] ?? []), spent];
      // Lets the store flush.
      await new Promise((next) => setImmediate(next));
    }
  return Object.fromEntries(Object.entries(micros).map(([operation, all]) => [operation, median(all)]));
}

/** Processor time, so that other programs on the machine count for little. @param {string} operation @param {(operation: string, text: string) => string} call */
function spentPerCall(operation, call) {
  const input = inputs[operation];
  const texts = Array.from({ length: 500 }, (_, i) =>
    JSON.stringify(input?.((i * 7919) % PARTITIONS, i % ITEMS_PER_PARTITION)),
  );
  const until = performance.now() + roundMs;
  const before = process.cpuUsage();
  let calls = 0;
  while (performance.now() < until)
    for (const text of texts) calls += call(operation, text).length > 0 ? 1 : 0;
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

if (process.argv[1]?.endsWith('dynamodb-process.mjs')) {
  const figures = await benchProcess();
  console.table(
    Object.entries(figures).map(([operation, micros]) => ({ operation, 'processor µs': micros.toFixed(1) })),
  );
}
