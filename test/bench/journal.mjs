// @ts-check
/**
 * What the journal costs: the same warm HTTP GET through a hello handler with and without it. Two processes of the same code differ
 * by up to a tenth for as long as they run, so there are several of each, and one at a time: others that wait beside it leave it
 * caches that are not its own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from './load.mjs';
import {
  cli,
  freePort,
  median,
  processorMicros,
  repository,
  startProgram,
  untilAnswered,
} from './processes.mjs';

const seconds = Number(process.env.BENCH_SECONDS ?? 5);
const pairs = Number(process.env.BENCH_PAIRS ?? 8);
const connections = [1, 16];

/** Per number of connections the medians over the pairs; `kept` is the throughput with the journal ÷ without, in the pair. */
export async function benchJournal() {
  const scratch = mkdtempSync(join(tmpdir(), 'sls-local-bench-'));
  /** Of each pair, per number of connections. @type {{ on: Measured[], off: Measured[] }[]} */
  const measured = [];
  try {
    for (let pair = 0; pair < pairs; pair++) {
      const on = () => measureOne(join(scratch, `on-${pair}`), []);
      const off = () => measureOne(join(scratch, `off-${pair}`), ['--no-journal']);
      const isOnFirst = pair % 2 === 0;
      const first = await (isOnFirst ? on : off)();
      const second = await (isOnFirst ? off : on)();
      measured.push(isOnFirst ? { on: first, off: second } : { on: second, off: first });
    }
    return connections.map((_, i) => compare(i, measured));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {string} state @param {string[]} flags @returns {Promise<Measured[]>} */
async function measureOne(state, flags) {
  const system = await dev(state, flags);
  try {
    await load({ url: system.url, connections: 16, seconds: 4 });
    /** @type {Measured[]} */
    const figures = [];
    for (const count of connections) figures.push(await measure(system, count));
    return figures;
  } finally {
    await system.stop();
  }
}

/** @param {string} state @param {string[]} flags */
async function dev(state, flags) {
  const port = await freePort();
  const project = join(repository, 'fixtures/projects/hello');
  const fixed = ['--no-tui', '--backend', 'process', '--aws-port', '0', '--http-port', String(port)];
  const program = startProgram(process.execPath, [
    cli,
    'dev',
    '-C',
    project,
    '--state-folder',
    state,
    ...fixed,
    ...flags,
  ]);
  const url = `http://127.0.0.1:${port}/hello`;
  await untilAnswered(url);
  return { pid: program.child.pid ?? 0, url, stop: program.stop };
}

/** @param {number} index of the number of connections @param {{ on: Measured[], off: Measured[] }[]} measured */
function compare(index, measured) {
  const figures = measured.flatMap(({ on, off }) => {
    const [one, other] = [on[index], off[index]];
    return one && other ? [{ kept: one.perSecond / other.perSecond, on: one, off: other }] : [];
  });
  const kept = figures.map((figure) => figure.kept).sort((a, b) => a - b);
  return {
    connections: connections[index] ?? 0,
    on: median(figures.map(({ on }) => on.perSecond)),
    off: median(figures.map(({ off }) => off.perSecond)),
    kept: median(kept),
    quartiles: [kept[Math.floor(kept.length / 4)] ?? 0, kept[Math.floor((3 * kept.length) / 4)] ?? 0],
    hostMicrosOn: median(figures.map(({ on }) => on.hostMicros)),
    hostMicrosOff: median(figures.map(({ off }) => off.hostMicros)),
    p99On: median(figures.map(({ on }) => on.p99)),
    p99Off: median(figures.map(({ off }) => off.p99)),
    failures: figures.reduce((sum, { on, off }) => sum + on.failures + off.failures, 0),
  };
}

/** @typedef {{ perSecond: number, p99: number, failures: number, hostMicros: number }} Measured */

/** @param {{ pid: number, url: string }} system @param {number} count of connections @returns {Promise<Measured>} */
async function measure({ pid, url }, count) {
  const before = processorMicros(pid);
  const figures = await load({ url, connections: count, seconds, expect: 'hello' });
  return { ...figures, hostMicros: (processorMicros(pid) - before) / figures.requests };
}

if (process.argv[1]?.endsWith('journal.mjs')) {
  const rows = await benchJournal();
  console.table(
    rows.map((row) => ({
      connections: row.connections,
      'with, 1/s': row.on.toFixed(0),
      'without, 1/s': row.off.toFixed(0),
      'cost %': ((1 - row.kept) * 100).toFixed(1),
      'half of them within %': row.quartiles
        .map((kept) => ((1 - kept) * 100).toFixed(1))
        .reverse()
        .join(' … '),
      'host µs with': row.hostMicrosOn.toFixed(1),
      'host µs without': row.hostMicrosOff.toFixed(1),
      'p99 with': row.p99On.toFixed(2),
      'p99 without': row.p99Off.toFixed(2),
      failures: row.failures,
    })),
  );
}
