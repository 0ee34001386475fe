import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSocketServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { enginePlaces } from '../../../../../src/runtime/backends/docker/engine-places.ts';
import { findEngine } from '../../../../../src/runtime/backends/docker/find-engine.ts';

function makeHome(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Something that answers pings at the path, with the status. */
async function startEngine(path: string, status = 200): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end('OK'));
  await listenAt(server, path);
  return path;
}

async function listenAt(server: Server, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
}

function writeContext(home: string, name: string, host: string): void {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = join(home, '.docker/contexts/meta', id);
  mkdirSync(meta, { recursive: true });
  writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ currentContext: name }));
  writeFileSync(
    join(meta, 'meta.json'),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
}

test('DOCKER_HOST is used where it is set', async () => {
  const home = makeHome();
  const path = await startEngine(join(home, 'engine.sock'));
  expect(await findEngine({ env: { DOCKER_HOST: `unix://${path}` }, homeDir: home })).toEqual({
    status: 'found',
    address: { kind: 'socket', path },
    from: `DOCKER_HOST=unix://${path}`,
  });
});

test('a DOCKER_HOST that points nowhere is the reason, and no other place is tried', async () => {
  const home = makeHome();
  await startEngine(join(home, '.docker/run/docker.sock'));
  const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
  expect(await findEngine({ env, homeDir: home })).toEqual({
    status: 'none',
    reason: 'no container engine answered: DOCKER_HOST=unix:///nowhere/docker.sock: there is no such socket',
  });
});

test.each([
  ['ssh://me@far', 'an engine behind ssh cannot see the folders of this machine'],
  ['tcp://127.0.0.1:1', 'connection refused (is the engine running?)'],
])('DOCKER_HOST=%s is explained', async (host, why) => {
  const search = await findEngine({ env: { DOCKER_HOST: host }, homeDir: makeHome() });
  expect(search).toEqual({
    status: 'none',
    reason: `no container engine answered: DOCKER_HOST=${host}: ${why}`,
  });
});

test('the current docker context comes before the usual sockets', async () => {
  const home = makeHome();
  const path = await startEngine(join(home, 'vm.sock'));
  writeContext(home, 'my-vm', `unix://${path}`);
  expect(await findEngine({ env: {}, homeDir: home })).toMatchObject({
    status: 'found',
    address: { path },
    from: 'docker context "my-vm"',
  });
});

test('DOCKER_CONTEXT names another context, and the default one is none', () => {
  const home = makeHome();
  writeContext(home, 'my-vm', 'unix:///vm.sock');
  const first = (env: Record<string, string>) => enginePlaces({ env, homeDir: home })[0]?.from;
  expect(first({ DOCKER_CONTEXT: 'default' })).toBe('/var/run/docker.sock');
  expect(first({ DOCKER_CONTEXT: 'my-vm' })).toBe('docker context "my-vm"');
});

test('the sockets of desktop engines and of podman are looked at', () => {
  const paths = enginePlaces({ env: { XDG_RUNTIME_DIR: '/run/user/7' }, homeDir: '/home/me' }).map(
    ({ from }) => from,
  );
  expect(paths).toEqual(
    expect.arrayContaining([
      '/var/run/docker.sock',
      '/run/user/7/docker.sock',
      '/home/me/.docker/run/docker.sock',
      '/home/me/.colima/default/docker.sock',
      '/home/me/.rd/docker.sock',
      '/run/user/7/podman/podman.sock',
    ]),
  );
});

test('an engine that answers with an error is told with its status', async () => {
  const home = makeHome();
  const path = await startEngine(join(home, 'engine.sock'), 503);
  const search = await findEngine({ env: { DOCKER_HOST: `unix://${path}` }, homeDir: home });
  expect(search).toMatchObject({ reason: expect.stringContaining('it answered with HTTP status 503') });
});

test('an engine that never answers costs no more than the budget', async () => {
  const home = makeHome();
  const path = join(home, 'engine.sock');
  const silent = createSocketServer((socket) => socket.on('error', () => {}).resume());
  await listenAt(silent, path);
  const search = await findEngine({ env: { DOCKER_HOST: `unix://${path}` }, homeDir: home }, 50);
  expect(search).toMatchObject({
    status: 'none',
    reason: expect.stringContaining('no answer within 50 ms'),
  });
});
