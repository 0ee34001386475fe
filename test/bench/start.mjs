// @ts-check
/** From `dev` to the first answered request: sls-local, serverless-offline, and the floor of `node -e ''` plus one esbuild build. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPeers, startServerlessOffline } from './peers.mjs';
import { cli, freePort, median, repository, startProgram, untilAnswered } from './processes.mjs';

const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const project = join(repository, 'fixtures/projects/hello');

export async function benchStart() {
  const scratch = mkdtempSync(join(tmpdir(), 'sls-local-bench-'));
  /** @type {Record<string, number[]>} */
  const times = { 'node -e + esbuild': [], 'sls-local process': [], 'serverless-offline': [] };
  try {
    installPeers();
    for (let round = 0; round < rounds; round++) {
      times['node -e + esbuild']?.push(floor(scratch));
      times['sls-local process']?.push(await own(join(scratch, `state${round}`)));
      if (round < 3) {
        const peer = await startServerlessOffline(join(scratch, `peer${round}`));
        times['serverless-offline']?.push(peer.firstAnswerMs);
        await peer.stop();
      }
    }
    return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The bundler's program itself: `node_modules/.bin/esbuild` may be a script that starts it. */
const bundler = createRequire(import.meta.url).resolve(
  `@esbuild/${process.platform}-${process.arch}/bin/esbuild`,
);

/** An empty Node process, then one whole process that bundles the same handler. @param {string} scratch */
function floor(scratch) {
  const startedAt = performance.now();
  execFileSync(process.execPath, ['-e', '']);
  execFileSync(bundler, [
    join(project, 'src/hello.ts'),
    '--bundle',
    '--platform=node',
    `--outfile=${join(scratch, 'floor.js')}`,
    '--log-level=error',
  ]);
  return performance.now() - startedAt;
}

/** @param {string} state */
async function own(state) {
  const port = await freePort();
  const startedAt = performance.now();
  const program = startProgram(process.execPath, [
    cli,
    'dev',
    '-C',
    project,
    '--no-tui',
    '--backend',
    'process',
    '--state-folder',
    state,
    '--http-port',
    String(port),
    '--aws-port',
    '0',
  ]);
  await untilAnswered(`http://127.0.0.1:${port}/hello`);
  const spent = performance.now() - startedAt;
  await program.stop();
  return spent;
}

if (process.argv[1]?.endsWith('start.mjs')) {
  const medians = await benchStart();
  const own_ = medians['sls-local process'] ?? Number.NaN;
  console.table(
    Object.entries(medians).map(([name, ms]) => ({
      name,
      ms: ms.toFixed(0),
      'this ÷ own': (ms / own_).toFixed(2),
    })),
  );
}
