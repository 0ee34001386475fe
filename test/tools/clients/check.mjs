/**
 * Runs Powertools, Middy and serverless-express unmodified in a session of the built CLI, in both backends:
 * `node test/tools/clients/check.mjs [process|docker]`. Packages are installed below the user's cache folder.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const cli = resolve(import.meta.dirname, '../../../bin/sls-local.js');
const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sls-local-clients');
mkdirSync(folder, { recursive: true });
for (const name of ['package.json', 'serverless.yml', 'powertools.mjs', 'middy.mjs', 'app.mjs'])
  cpSync(join(import.meta.dirname, name), join(folder, name));
if (!existsSync(join(folder, 'node_modules'))) {
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
}

const [only] = process.argv.slice(2);
for (const backend of only ? [only] : ['process', 'docker']) await check(backend);

async function check(backend) {
  const state = join(folder, `state-${backend}`);
  rmSync(state, { recursive: true, force: true });
  const port = await freePort();
  const args = ['dev', '--backend', backend, '--http-port', port, '--aws-port', '0', '--no-tui'];
  const session = spawn(process.execPath, [cli, ...args, '--state-folder', state], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((settle) => session.once('exit', settle));
  try {
    await firstLineWith(session.stdout, `:${port}`);
    await useLibraries(`http://127.0.0.1:${port}`);
    console.log(`${backend}: Powertools, Middy and serverless-express work`);
  } finally {
    session.kill('SIGINT');
    await ended;
  }
}

async function useLibraries(base) {
  const send = (method, path, body) =>
    fetch(base + path, { method, body, headers: { 'content-type': 'application/json' } });
  const payments = [];
  for (let n = 0; n < 2; n++) payments.push(await (await send('POST', '/powertools', '{"id":7}')).json());
  // The second one is answered from the idempotency table.
  for (const { paid, run, trace } of payments) {
    assert.deepEqual({ paid, run }, { paid: 7, run: 1 });
    assert.match(trace, /^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  }
  assert.deepEqual(await (await send('POST', '/middy', '{"n":5}')).json(), { got: 5 });
  assert.equal((await send('POST', '/middy', '{bad')).status, 415);
  const thing = await send('PUT', '/things/9?z=1', '{"t":1}');
  assert.equal(thing.status, 201);
  assert.equal(thing.headers.get('x-a'), 'b');
  assert.deepEqual(await thing.json(), { id: '9', q: { z: '1' }, body: { t: 1 } });
}

function freePort() {
  return new Promise((settle) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => settle(String(port)));
    });
  });
}

async function firstLineWith(stream, text) {
  const lines = createInterface({ input: stream });
  await new Promise((settle, fail) => {
    lines.on('line', (line) => line.includes(text) && settle());
    lines.once('close', () => fail(new Error('the session ended')));
  });
}
