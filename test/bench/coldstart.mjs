// @ts-check
/**
 * What importing a function takes in a booted instance, without and with the code cache, what the module tree adds, and how
 * far Init Duration is from our stopwatch; then whole cold starts, also with NODE_EXTRA_CA_CERTS and in containers.
 * BENCH_NODE names another node program for the first table.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootInstance } from './bootstrap-line.mjs';
import { cli, median, repository } from './processes.mjs';

const rounds = Number(process.env.BENCH_ROUNDS ?? 15);
const node = process.env.BENCH_NODE ?? process.execPath;
const { resolve } = createRequire(join(repository, 'package.json'));

/** @type {Record<string, readonly string[]>} */
const FUNCTIONS = {
  trivial: [],
  'DynamoDB client': ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb'],
  'big: three clients, SDK v2, express, yaml': [
    ...['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb', '@aws-sdk/client-sqs', '@aws-sdk/client-lambda'],
    ...['aws-sdk', 'express', 'yaml'],
  ],
};

/** The ways an instance is started, in turns, so that what else the machine does is part of all. */
const WAYS = /** @type {const} */ (['compiled', 'cached', 'tree', 'cached tree']);

export async function benchImports() {
  const scratch = mkdtempSync(join(tmpdir(), 'sls-local-bench-'));
  try {
    const rows = [];
    for (const [name, packages] of Object.entries(FUNCTIONS)) {
      const dir = mkdtempSync(join(scratch, 'task-'));
      const folder = join(dir, 'code');
      mkdirSync(folder);
      const loads = packages.map((one) => `require(${JSON.stringify(resolve(one))});`).join('\n');
      writeFileSync(join(dir, 'index.cjs'), `${loads}\nexports.handler = async () => 1;\n`);
      rows.push({ function: name, ...(await benchFunction(dir, folder)) });
    }
    return rows;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {string} dir @param {string} folder */
async function benchFunction(dir, folder) {
  const codeBytes = await makeCode(dir, folder);
  /** @type {Record<typeof WAYS[number], { initMs: number, watchedMs: number, inAllMs: number, processorMs: number }[]>} */
  const all = { compiled: [], cached: [], tree: [], 'cached tree': [] };
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < WAYS.length; turn++) {
      const way = WAYS[(round + turn) % WAYS.length] ?? 'compiled';
      all[way].push(await once_(dir, way.startsWith('cached') ? folder : undefined, way.endsWith('tree')));
    }
  /** @param {typeof WAYS[number]} way @param {'initMs' | 'inAllMs' | 'processorMs'} what */
  const of = (way, what) => median(all[way].map((one) => one[what]));
  const apart = [...all.compiled, ...all.cached].map(({ initMs, watchedMs }) => watchedMs - initMs);
  const [plain, tree] = [of('compiled', 'initMs'), of('tree', 'initMs')];
  return {
    'import ms': plain.toFixed(1),
    'cached ms': of('cached', 'initMs').toFixed(1),
    'first event in all, cached ms': of('cached', 'inAllMs').toFixed(1),
    // On a busy machine the fairer figures.
    'processor ms': `${of('compiled', 'processorMs').toFixed(1)} → ${of('cached', 'processorMs').toFixed(1)}`,
    'code file KB': Math.round(codeBytes / 1024),
    'tree adds': `${((tree / plain - 1) * 100).toFixed(1)} % (${(tree - plain).toFixed(1)} ms)`,
    'stopwatch - init ms': median(apart).toFixed(2),
  };
}

/** A first instance, one event, its compiled code. @param {string} dir @param {string} folder */
async function makeCode(dir, folder) {
  const instance = await bootInstance({ node });
  await instance.become({ dir, cache: { folder, record: 'first-event' } });
  const kept = instance.keepCode(folder);
  await instance.handle();
  const bytes = await kept;
  await instance.end();
  return bytes;
}

/** @param {string} dir @param {string | undefined} folder @param {boolean} tree */
async function once_(dir, folder, tree) {
  const instance = await bootInstance({ node, settleMs: 120 });
  const usedBefore = instance.processorMs();
  const from = performance.now();
  const { initMs, watchedMs } = await instance.become({
    dir,
    ...(folder ? { cache: { folder } } : {}),
    ...(tree ? { measured: true } : {}),
  });
  await instance.handle();
  const inAllMs = performance.now() - from;
  const processorMs = instance.processorMs() - usedBefore;
  await instance.end();
  return { initMs, watchedMs, inAllMs, processorMs };
}

/** Whole cold starts by the command itself. @param {boolean} withDocker */
export function benchStarts(withDocker) {
  const project = mkdtempSync(join(tmpdir(), 'sls-local-bench-'));
  mkdirSync(join(project, 'src'));
  const file =
    "import '@aws-sdk/client-dynamodb';\nimport '@aws-sdk/lib-dynamodb';\nexport const handler = async () => 1;\n";
  writeFileSync(join(project, 'src/client.ts'), file);
  writeFileSync(join(project, 'src/trivial.ts'), 'export const handler = async () => 1;\n');
  writeFileSync(
    join(project, 'sls-local.config.yml'),
    [
      'name: cold',
      'functions:',
      '  Client: { handler: src/client.handler, runtime: nodejs20.x }',
      '  Trivial: { handler: src/trivial.handler, runtime: nodejs20.x }',
    ].join('\n'),
  );
  const authorities = '/etc/ssl/certs/ca-certificates.crt';
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const ways = [
    { name: 'process, trivial', fn: 'Trivial', backend: 'process', env },
    ...(existsSync(authorities)
      ? [
          {
            name: 'process, trivial, NODE_EXTRA_CA_CERTS',
            fn: 'Trivial',
            backend: 'process',
            env: { ...env, NODE_EXTRA_CA_CERTS: authorities },
          },
        ]
      : []),
    { name: 'process, DynamoDB client', fn: 'Client', backend: 'process', env },
    ...(withDocker ? [{ name: 'container, DynamoDB client', fn: 'Client', backend: 'docker', env }] : []),
  ];
  try {
    return ways.map((way) => {
      const args = [
        'coldstart',
        way.fn,
        '-C',
        project,
        '--backend',
        way.backend,
        '--json',
        '-n',
        String(rounds),
      ];
      const { uncached, cached } = JSON.parse(
        execFileSync(process.execPath, [cli, ...args], { env: way.env, encoding: 'utf8' }),
      );
      /** @param {any[]} runs @param {string} phase */
      const of = (runs, phase) => median(runs.map((run) => run[phase])).toFixed(1);
      return {
        'cold start': way.name,
        'sandbox ms': of(uncached, 'sandboxMs'),
        'runtime boot ms': of(uncached, 'bootMs'),
        'import ms': of(uncached, 'initMs'),
        'cached ms': cached.length > 0 ? of(cached, 'initMs') : '',
      };
    });
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

if (process.argv[1]?.endsWith('coldstart.mjs')) {
  console.log(
    `imports in booted instances, node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}, medians of ${rounds}`,
  );
  console.table(await benchImports());
  const hasDocker = !process.argv.includes('--no-docker') && spawnSync('docker', ['info']).status === 0;
  console.log(`whole cold starts without the pool, medians of ${rounds}`);
  console.table(benchStarts(hasDocker));
}
