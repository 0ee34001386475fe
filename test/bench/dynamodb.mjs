// @ts-check
/**
 * The key-value store over HTTP: `sls-local dev`, dynalite, and a bare Node HTTP and JSON server as the floor, each in a process
 * of its own, with the same raw keep-alive client. `--no-peers`, `--power` (also with each write flushed to the disk), `--sdk` (also through the AWS SDK).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  call,
  fill,
  ITEMS_PER_PARTITION,
  inputs,
  missingInDynalite,
  requestsOf,
} from './dynamodb-operations.mjs';
import { loadWithSdk } from './dynamodb-sdk.mjs';
import { loadInTurns } from './load.mjs';
import { installPeers, startDynalite } from './peers.mjs';
import {
  freePort,
  median,
  processorMicros,
  repository,
  startDev,
  startProgram,
  untilConnected,
} from './processes.mjs';

const seconds = Number(process.env.BENCH_SECONDS ?? 1);
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const only = process.env.BENCH_OPERATIONS?.split(',');
const PARTITIONS = 500;

/** @typedef {{ name: string, url: string, pid: number | undefined, stop(): Promise<void> }} System */
/** @typedef {{ perSecond: number, p50: number, p99: number, micros: number, failures: number }} Measured */
/** @typedef {{ operation: string, connections: number, figures: Record<string, Measured> }} Row */

/** @param {{ peers: boolean, power: boolean, sdk: boolean }} options @returns {Promise<{ rows: Row[], sdk: Row[] }>} */
export async function benchDynamodb({ peers, power, sdk }) {
  const scratch = mkdtempSync(join(tmpdir(), 'sls-local-bench-'));
  /** @type {System[]} */
  const systems = [];
  try {
    const own = await startOwn('sls-local', join(scratch, 'own'), []);
    systems.push(own);
    if (power)
      systems.push(await startOwn('sls-local power', join(scratch, 'power'), ['--durability', 'power']));
    if (peers) {
      installPeers();
      systems.push({ name: 'dynalite', ...pidOf(await startDynalite()) });
    }
    for (const { url } of systems) await fill(url, PARTITIONS);
    systems.unshift(await startFloor(join(scratch, 'answers.json'), own.url));
    const rows = await measure(systems, loadRaw);
    return {
      rows,
      sdk: sdk
        ? await measure(
            systems.filter(({ name }) => name !== 'floor'),
            loadBySdk,
          )
        : [],
    };
  } finally {
    for (const system of systems) await system.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {string} name @param {string} state @param {string[]} flags @returns {Promise<System>} */
async function startOwn(name, state, flags) {
  const project = join(repository, 'fixtures/projects/hello');
  const dev = await startDev(project, ['--state-folder', state, '--backend', 'process', ...flags]);
  return { name, url: `${dev.ready.aws}/`, pid: dev.child.pid, stop: dev.stop };
}

/** @param {{ child: import('node:child_process').ChildProcess, url: string, stop(): Promise<void> }} program */
function pidOf({ child, url, stop }) {
  return { pid: child.pid, url, stop };
}

/** With the answers that `url` gives. @param {string} file @param {string} url @returns {Promise<System>} */
async function startFloor(file, url) {
  /** @type {Record<string, unknown>} */
  const answers = {};
  for (const [operation, input] of Object.entries(inputs))
    answers[operation] = JSON.parse(await call(url, operation, input(1, 1)));
  writeFileSync(file, JSON.stringify(answers));
  const port = await freePort();
  const script = join(repository, 'test/bench/dynamodb-floor.mjs');
  const program = startProgram(process.execPath, [script, String(port), file]);
  await untilConnected(port);
  return { name: 'floor', ...pidOf({ ...program, url: `http://127.0.0.1:${port}/` }) };
}

/** @typedef {(system: System, operation: string, connections: number) => Promise<import('./load.mjs').Figures>} Loader */

/** @type {Loader} */
function loadBySdk({ url }, operation, callers) {
  return loadWithSdk({ url, operation, callers, seconds, partitions: PARTITIONS });
}

/** @type {Loader} */
function loadRaw({ url }, operation, connections) {
  return loadInTurns({ url, requests: requestsOf(url, operation, PARTITIONS), connections, seconds });
}

/**
 * Systems take turns within a round, in another order each round, so that noise of the machine falls on all alike.
 * @param {readonly System[]} systems @param {Loader} load @returns {Promise<Row[]>}
 */
async function measure(systems, load) {
  const cases = Object.keys(inputs)
    .filter((operation) => !only || only.includes(operation))
    .flatMap((operation) => [1, 16].map((connections) => ({ operation, connections })));
  /** @type {Map<string, Measured[]>} */
  const measured = new Map();
  for (let round = -1; round < rounds; round++)
    for (const { operation, connections } of cases)
      for (const system of turned(systems, round)) {
        if (system.name === 'dynalite' && missingInDynalite.includes(operation)) continue;
        const before = processorMicros(system.pid);
        const figures = await load(system, operation, connections);
        const micros = (processorMicros(system.pid) - before) / figures.requests;
        // The first round warms up.
        if (round < 0) continue;
        const at = `${system.name}/${operation}/${connections}`;
        measured.set(at, [...(measured.get(at) ?? []), { ...figures, micros }]);
      }
  return cases.map(({ operation, connections }) => ({
    operation,
    connections,
    figures: Object.fromEntries(
      systems.flatMap(({ name }) => {
        const all = measured.get(`${name}/${operation}/${connections}`);
        return all ? [[name, middle(all)]] : [];
      }),
    ),
  }));
}

/** @template T @param {readonly T[]} list @param {number} by @returns {T[]} */
function turned(list, by) {
  const start = ((by % list.length) + list.length) % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** @param {Measured[]} all @returns {Measured} */
function middle(all) {
  return {
    perSecond: median(all.map((each) => each.perSecond)),
    p50: median(all.map((each) => each.p50)),
    p99: median(all.map((each) => each.p99)),
    micros: median(all.map((each) => each.micros)),
    failures: all.reduce((sum, each) => sum + each.failures, 0),
  };
}

/** @param {Row[]} rows */
function print(rows) {
  console.table(
    rows.map(({ operation, connections, figures }) => {
      const { 'sls-local': own, floor, dynalite } = figures;
      /** @type {Record<string, string | number>} */
      const line = { operation, connections };
      for (const [name, { perSecond }] of Object.entries(figures)) line[`${name} 1/s`] = perSecond.toFixed(0);
      if (own && floor) line['of floor %'] = ((100 * own.perSecond) / floor.perSecond).toFixed(0);
      if (own && dynalite) line['× dynalite'] = (own.perSecond / dynalite.perSecond).toFixed(1);
      for (const [name, { p50, p99 }] of Object.entries(figures))
        line[`${name} p50/p99 ms`] = `${p50.toFixed(2)}/${p99.toFixed(2)}`;
      line['processor µs'] = Object.values(figures)
        .map(({ micros }) => micros.toFixed(0))
        .join(' ');
      line.failures = Object.values(figures).reduce((sum, { failures }) => sum + failures, 0);
      return line;
    }),
  );
}

if (process.argv[1]?.endsWith('dynamodb.mjs')) {
  const { rows, sdk } = await benchDynamodb({
    peers: !process.argv.includes('--no-peers'),
    power: process.argv.includes('--power'),
    sdk: process.argv.includes('--sdk'),
  });
  console.log(
    `Query answers ${ITEMS_PER_PARTITION} items; processor time per request is the server's, threads included.`,
  );
  print(rows);
  if (sdk.length > 0) {
    console.log('Through the AWS SDK v3:');
    print(sdk);
  }
}
