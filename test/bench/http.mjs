// @ts-check
/** Warm HTTP GET through a hello handler: sls-local in both backends, serverless-offline, miniflare, and a bare Node server as the floor. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from './load.mjs';
import { installPeers, startMiniflare, startServerlessOffline } from './peers.mjs';
import { cli, freePort, median, repository, startProgram, untilAnswered } from './processes.mjs';

const seconds = Number(process.env.BENCH_SECONDS ?? 3);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);

/** @param {{ docker: boolean, peers: boolean }} options */
export async function benchHttp({ docker, peers }) {
  const scratch = mkdtempSync(join(tmpdir(), 'sls-local-bench-'));
  /** @type {{ name: string, url: string, stop(): unknown }[]} */
  const systems = [];
  try {
    const floor = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    await new Promise((yes) => floor.once('listening', yes));
    const { port } = /** @type {import('node:net').AddressInfo} */ (floor.address());
    systems.push({
      name: 'bare node:http',
      url: `http://127.0.0.1:${port}/hello`,
      stop: () => floor.close(),
    });
    systems.push(await dev('sls-local process', join(scratch, 'p'), ['--backend', 'process']));
    systems.push(
      await dev('sls-local process, no journal', join(scratch, 'n'), [
        '--backend',
        'process',
        '--no-journal',
      ]),
    );
    if (docker) systems.push(await dev('sls-local docker', join(scratch, 'd'), ['--backend', 'docker']));
    if (peers) {
      installPeers();
      systems.push({ name: 'serverless-offline', ...(await startServerlessOffline(scratch)) });
      systems.push({ name: 'miniflare', ...(await startMiniflare(scratch)) });
    }
    return await measure(systems);
  } finally {
    for (const system of systems) await system.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * With plain lines into nowhere, as the peers run.
 * @param {string} name @param {string} state @param {string[]} flags
 */
async function dev(name, state, flags) {
  const port = await freePort();
  const project = join(repository, 'fixtures/projects/hello');
  const program = startProgram(process.execPath, [
    cli,
    'dev',
    '-C',
    project,
    '--no-tui',
    '--state-folder',
    state,
    '--http-port',
    String(port),
    '--aws-port',
    '0',
    ...flags,
  ]);
  const url = `http://127.0.0.1:${port}/hello`;
  await untilAnswered(url);
  return { name, url, stop: program.stop };
}

/** Rounds are interleaved, so that noise of the machine falls on all alike. @param {{ name: string, url: string }[]} systems */
async function measure(systems) {
  /** @type {Map<string, { p50: number[], p99: number[], perSecond: number[], failures: number }>} */
  const figures = new Map(
    systems.map(({ name }) => [name, { p50: [], p99: [], perSecond: [], failures: 0 }]),
  );
  for (const { url } of systems) await load({ url, connections: 16, seconds: 2 });
  for (let round = 0; round < rounds; round++)
    for (const { name, url } of systems) {
      const one = await load({ url, connections: 1, seconds, expect: 'hello' });
      const sixteen = await load({ url, connections: 16, seconds, expect: 'hello' });
      const row = figures.get(name);
      row?.p50.push(one.p50);
      row?.p99.push(sixteen.p99);
      row?.perSecond.push(sixteen.perSecond);
      if (row) row.failures += one.failures + sixteen.failures;
    }
  return [...figures].map(([name, row]) => ({
    name,
    p50c1: median(row.p50),
    p99c16: median(row.p99),
    perSecondC16: median(row.perSecond),
    failures: row.failures,
  }));
}

if (process.argv[1]?.endsWith('http.mjs')) {
  const rows = await benchHttp({
    docker: !process.argv.includes('--no-docker'),
    peers: !process.argv.includes('--no-peers'),
  });
  const own = rows.find((row) => row.name === 'sls-local process');
  console.table(
    rows.map((row) => ({
      ...row,
      p50c1: row.p50c1.toFixed(3),
      p99c16: row.p99c16.toFixed(2),
      perSecondC16: row.perSecondC16.toFixed(0),
      'own throughput ÷ this': ((own?.perSecondC16 ?? 0) / row.perSecondC16).toFixed(2),
      'own p50 ÷ this': ((own?.p50c1 ?? 0) / row.p50c1).toFixed(2),
    })),
  );
}
