import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findEngine } from '../../../../../src/runtime/backends/docker/find-engine.ts';
import { describeWithTool } from '../../../../suites/require-tool.ts';
import { makeProject, openDocker, openTestEngine } from './docker-under-test.ts';

/** An engine that can go away: a socket of our own in front of the real one's. */
async function openMortalEngine() {
  const found = await findEngine({ env: process.env, homeDir: homedir() });
  if (found.status === 'none') throw new Error(found.reason);
  const { address } = found;
  const path = join(makeProject({}), 'engine.sock');
  const sockets = new Set<Socket>();
  let server: Server;
  const start = () =>
    new Promise<void>((resolve) => {
      server = createServer({ allowHalfOpen: true }, (client) => {
        const upstream = connect(address.kind === 'socket' ? { path: address.path } : address);
        for (const socket of [client, upstream]) {
          sockets.add(socket);
          socket.on('error', () => {});
          socket.once('close', () => sockets.delete(socket));
        }
        client.pipe(upstream).pipe(client);
      });
      server.listen(path, resolve);
    });
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
      rmSync(path, { force: true });
    });
  await start();
  onTestFinished(() => (server.listening ? stop() : undefined));
  return { env: { DOCKER_HOST: `unix://${path}` }, start, stop };
}

const wait = `console.log('up'); setInterval(() => {}, 1000)`;

await describeWithTool('docker', 'an engine that goes away', () => {
  test('loses the instances that run in it, with a reason', async () => {
    const engine = await openMortalEngine();
    const docker = openDocker({ env: engine.env });
    const { handle, printed } = await docker.node(wait);
    await printed('up');
    await engine.stop();
    expect(await handle.exited).toMatchObject({ lost: 'the container engine stopped answering' });
    await handle.kill();
    await engine.start();
  });

  test('fails a start with what to do, and later starts work again when it is back', async () => {
    const engine = await openMortalEngine();
    const docker = openDocker({ env: engine.env });
    const before = await docker.node(wait);
    await before.printed('up');
    await engine.stop();
    await before.handle.exited;

    await expect(docker.node('')).rejects.toMatchObject({
      code: 'engine-missing',
      message: expect.stringContaining('no container engine answered'),
      hint: expect.stringContaining('--backend process'),
    });

    await engine.start();
    const { handle } = await docker.node('process.exit(5)');
    expect(await handle.exited).toMatchObject({ exitCode: 5 });
  });

  test('that was restarted between two starts is not noticed', async () => {
    const engine = await openMortalEngine();
    const docker = openDocker({ env: engine.env });
    await (await docker.node('')).handle.exited;
    await engine.stop();
    await engine.start();
    const { handle } = await docker.node('process.exit(6)');
    expect(await handle.exited).toMatchObject({ exitCode: 6 });
  });

  test('keeps nothing of a session that closes after it came back', async () => {
    const engine = await openMortalEngine();
    const docker = openDocker({ env: engine.env });
    const { handle, printed } = await docker.node(wait);
    await printed('up');
    await engine.stop();
    await handle.exited;
    await engine.start();
    await docker.backend.close();
    const real = await openTestEngine();
    const left = (await real.list('sls-local.session')).filter(
      ({ labels }) => labels['sls-local.owner.pid'] === String(process.pid),
    );
    expect(left).toEqual([]);
  });

  test('lets a session close while it is away', async () => {
    const engine = await openMortalEngine();
    const docker = openDocker({ env: engine.env });
    const { handle, printed } = await docker.node(wait);
    await printed('up');
    await engine.stop();
    await docker.backend.close();
    expect(await handle.exited).toMatchObject({ lost: expect.any(String) });
    await engine.start();
    const real = await openTestEngine();
    for (const { id, labels } of await real.list('sls-local.session'))
      if (labels['sls-local.owner.pid'] === String(process.pid)) await real.remove(id);
  });
});
