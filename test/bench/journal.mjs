// @ts-check
/**
 * What the journal costs: the same warm HTTP GET through a hello handler with and without it, in turns. Two processes of the same
 * code differ by up to a tenth for as long as they run, so there are several pairs of them.
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

const seconds = Number(process.env.BENCH_SECONDS ?? 1.5);
const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const pairs = Number(process.env.BENCH_PAIRS ?? 4);

/** Per number of connections the medians over pairs and rounds; `kept` is the throughput with the journal ÷ without. */
export async function benchJournal() {
  const scratch = mkdtempSync(join(tmpdir(), 'sls-local-bench-'));
  /** Each with the journal and the next one without. @type {{ pid: number, url: string, stop(): Promise<void> }[]} */
  const systems = [];
  try {
    for (let pair = 0; pair < pairs; pair++) {
      systems.push(await dev(join(scratch, `on-${pair}`), []));
      systems.push(await dev(join(scratch, `off-${pair}`), ['--no-journal']));
    }
    for (const { url } of systems) await load({ url, connections: 16, seconds: 3 });
    return [await compare(systems, 1), await compare(systems, 16)];
  } finally {
    for (const system of systems) await system.stop();
    rmSync(scratch, { recursive: true, force: true });
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

/**
 * Which one begins changes from round to round, and each round gives a ratio of its own, so that the machine's drift cancels out.
 * @param {{ pid: number, url: string }[]} systems @param {number} connections
 */
async function compare(systems, connections) {
  /** @type {{ kept: number, on: Measured, off: Measured }[]} */
  const figures = [];
  for (let round = 0; round < rounds * pairs; round++) {
    const pair = systems.slice(2 * (round % pairs), 2 * (round % pairs) + 2);
    const order = Math.floor(round / pairs) % 2 === 0 ? [0, 1] : [1, 0];
    /** @type {Measured[]} */
    const measured = [];
    for (const index of order) {
      const system = pair[index];
      if (system) measured[index] = await measure(system, connections);
    }
    const [on, off] = measured;
    if (on && off) figures.push({ kept: on.perSecond / off.perSecond, on, off });
  }
  const kept = figures.map((figure) => figure.kept).sort((a, b) => a - b);
  return {
    connections,
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

/** @param {{ pid: number, url: string }} system @param {number} connections @returns {Promise<Measured>} */
async function measure({ pid, url }, connections) {
  const before = processorMicros(pid);
  const figures = await load({ url, connections, seconds, expect: 'hello' });
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
