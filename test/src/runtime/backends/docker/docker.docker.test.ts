import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { randomIds } from '../../../../../src/std/ids.ts';
import { listen } from '../../../../../src/std/listen.ts';
import { describeWithTool } from '../../../../suites/require-tool.ts';
import { makeProject, openDocker, openTestEngine } from './docker-under-test.ts';

const MB = 1024 * 1024;
const wait = 'setInterval(() => {}, 1000)';

await describeWithTool('docker', 'an instance in a container', () => {
  test('prints its lines as they come, each on its own stream', async () => {
    const docker = openDocker();
    const { handle, lines } = await docker.node(
      'console.log("one"); console.error("two"); process.stdout.write("Zoë\\nno newline")',
    );
    await handle.exited;
    const texts = (stream: string) => lines.filter((line) => line.stream === stream).map(({ text }) => text);
    expect(texts('stdout')).toEqual(['one', 'Zoë', 'no newline']);
    expect(texts('stderr')).toEqual(['two']);
  });

  test.each([0, 3, 129])('that exits with %i tells so at once', async (code) => {
    const { handle } = await openDocker().node(`process.exit(${code})`);
    expect(await handle.exited).toEqual({ exitCode: code, signal: null, outOfMemory: false });
  });

  test.each(['SIGKILL', 'SIGTERM', 'SIGABRT', 'SIGSEGV'])(
    'that dies of %s tells the signal',
    async (signal) => {
      const { handle } = await openDocker().node(`process.kill(process.pid, '${signal}'); ${wait}`);
      expect(await handle.exited).toEqual({ exitCode: null, signal, outOfMemory: false });
    },
  );

  test('is gone when kill resolves, and killing it again is fine', async () => {
    const docker = openDocker();
    const { handle, printed } = await docker.node(`console.log('up'); for (;;);`);
    await printed('up');
    await handle.kill();
    expect(await handle.exited).toEqual({ exitCode: null, signal: 'SIGKILL', outOfMemory: false });
    await handle.kill();
  });

  test('that takes more memory than the function has is killed for it', async () => {
    const code = 'const all = []; for (;;) all.push(Buffer.alloc(1024 * 1024, 1))';
    const { handle } = await openDocker().node(code, { memoryMb: 128 });
    expect(await handle.exited).toMatchObject({ outOfMemory: true });
  });

  test('whose JavaScript heap is full counts as out of memory too', async () => {
    const code = 'const all = []; for (;;) all.push(new Array(1000).fill({ a: Math.random() }))';
    const command = ['node', '--max-old-space-size=32', '-e', code];
    const { handle } = await openDocker().node('', {}, { command });
    expect(await handle.exited).toMatchObject({ outOfMemory: true, signal: 'SIGABRT' });
  });

  test('tells its highest memory so far, and still does when it is gone', async () => {
    const docker = openDocker();
    const { handle, printed } = await docker.node(
      `let block = Buffer.alloc(80 * ${MB}, 1); block = undefined; console.log('up'); ${wait}`,
    );
    await printed('up');
    const peak = await handle.memoryPeakBytes();
    expect(peak).toBeGreaterThan(100 * MB);
    expect(peak).toBeLessThan(256 * MB);
    await handle.kill();
    expect(await handle.memoryPeakBytes()).toBe(peak);
  });

  test('tells the memory and the CPU time of programs that have ended, without the files they read', async () => {
    const docker = openDocker();
    const { handle, printed } = await docker.node(
      `const { execFileSync } = require('node:child_process');
      const { readFileSync } = require('node:fs');
      const part = 'const b = Buffer.alloc(130 * ${MB}, 1); while (process.cpuUsage().user < 300000);';
      readFileSync(process.execPath);
      execFileSync('node', ['-e', part]);
      console.log('up'); ${wait}`,
      { memoryMb: 512 },
    );
    await printed('up');
    // Known by now what is read.
    await handle.memoryPeakBytes();
    expect(handle.cpuMs?.()).toBeGreaterThanOrEqual(300);
    expect(handle.countedPeakBytes?.()).toBeGreaterThan(130 * MB);
    expect(handle.countedPeakBytes?.()).toBeLessThan(270 * MB);
    await handle.kill();
  });

  test('sees its code at /var/task and at its own path, and cannot write it', async () => {
    const docker = openDocker({}, { 'index.js': 'module.exports = 42' });
    const file = join(docker.project, 'index.js');
    const { handle, text } = await docker.node(`
      const { writeFileSync } = require('node:fs');
      console.log(process.cwd(), require('/var/task/index.js'), require('${file}'));
      for (const path of ['/var/task/index.js', '${file}', '/etc/passwd', '/new'])
        try { writeFileSync(path, ''); console.log('written', path) } catch (e) { console.log(e.code) }`);
    await handle.exited;
    expect(text('stdout').split('\n')).toEqual(['/var/task 42 42', 'EROFS', 'EROFS', 'EROFS', 'EROFS']);
  });

  test('may write to /tmp, and run what it put there, up to its size', async () => {
    const docker = openDocker({ tmpMb: 16 });
    const { handle, text } = await docker.node(`
      const { writeFileSync } = require('node:fs');
      writeFileSync('/tmp/run', '#!/bin/sh\\necho ran', { mode: 0o755 });
      console.log(require('node:child_process').execFileSync('/tmp/run').toString().trim());
      try { writeFileSync('/tmp/big', Buffer.alloc(20 * ${MB})) } catch (e) { console.log(e.code) }`);
    await handle.exited;
    expect(text('stdout')).toBe('ran\nENOSPC');
  });

  test('has a /tmp of its own, as large as its function says', async () => {
    const docker = openDocker();
    const sizeOfTmp = `const { bsize, blocks } = require('node:fs').statfsSync('/tmp'); console.log((bsize * blocks) / ${MB})`;
    const mine = `/tmp/mine-${randomIds.hex(8)}`;
    const code = `require('node:fs').writeFileSync('${mine}', '', { flag: 'wx' }); ${sizeOfTmp}`;
    for (const tmpMb of [512, 700]) {
      const { handle, text } = await docker.node(code, { tmpMb });
      await handle.exited;
      expect(text('stdout')).toBe(String(tmpMb));
    }
    expect(existsSync(mine)).toBe(false);
  });

  test('cannot gain privileges, and starts no more processes than the cloud allows', async () => {
    const docker = openDocker();
    const { handle, text } = await docker.node(`
      const { readFileSync, existsSync } = require('node:fs');
      const status = readFileSync('/proc/self/status', 'utf8');
      const of = (name) => /\\S+/.exec(status.split(name + ':')[1])[0];
      const limit = ['/sys/fs/cgroup/pids.max', '/sys/fs/cgroup/pids/pids.max'].find(existsSync);
      console.log(of('NoNewPrivs'), of('CapBnd'), of('CapPrm'), readFileSync(limit, 'utf8').trim());`);
    await handle.exited;
    expect(text('stdout')).toBe('1 0000000000000000 0000000000000000 1024');
  });

  test('gets the environment it was given, and nothing of ours', async () => {
    process.env.SLS_LOCAL_TEST_SECRET = 'x';
    onTestFinished(() => void delete process.env.SLS_LOCAL_TEST_SECRET);
    const env = { STAGE: 'dev', EMPTY: '', LINES: 'a\nb=c', NAME: 'Zoë' };
    const docker = openDocker();
    const { handle, text } = await docker.node('console.log(JSON.stringify(process.env))', {}, { env });
    await handle.exited;
    const seen = JSON.parse(text('stdout'));
    expect(seen).toMatchObject(env);
    expect(seen).not.toHaveProperty('SLS_LOCAL_TEST_SECRET');
  });

  test('runs as this user, without privileges', async () => {
    const docker = openDocker();
    const { handle, text } = await docker.node(
      `console.log(process.getuid(), /CapEff:\\s+(\\S+)/.exec(require('node:fs').readFileSync('/proc/self/status', 'utf8'))[1])`,
    );
    await handle.exited;
    expect(text('stdout')).toBe(`${process.getuid?.()} 0000000000000000`);
  });

  test('shares the folders its contract asks for, for writing too', async () => {
    const shared = makeProject({ 'from-host': 'hello' });
    const docker = openDocker();
    const { handle, text } = await docker.node(
      `const fs = require('node:fs'); console.log(fs.readFileSync('${shared}/from-host', 'utf8')); fs.writeFileSync('${shared}/back', 'there')`,
      {},
      { mounts: [{ source: shared, target: shared, readOnly: false }] },
    );
    expect(await handle.exited).toMatchObject({ exitCode: 0 });
    expect(text('stdout')).toBe('hello');
  });

  test('sees its layers together at /opt, later ones over earlier ones', async () => {
    const layers = ['one', 'two'].map((name) => {
      const folder = makeProject({ [`only-${name}`]: name, both: name });
      mkdirSync(join(folder, 'bin'));
      writeFileSync(join(folder, 'bin', name), '');
      return folder;
    });
    const { handle, text } = await openDocker().node(
      `const fs = require('node:fs'); console.log(fs.readdirSync('/opt').join(), fs.readdirSync('/opt/bin').join(), fs.readFileSync('/opt/both', 'utf8'))`,
      { layers },
    );
    await handle.exited;
    expect(text('stdout')).toBe('bin,both,only-one,only-two one,two two');
  });

  test.each(['shared', 'own'] as const)(
    'on a network of kind %s reaches a listener of ours',
    async (network) => {
      const docker = openDocker({ network });
      const { bindHost, reachHost } = await docker.backend.placement();
      const server = createServer((_request, response) => response.end('from the host'));
      const listening = await listen(server, { host: bindHost, port: 0, purpose: 'a test' });
      onTestFinished(() => listening.close());
      const { handle, text } = await docker.node(
        `fetch('http://${reachHost}:${listening.port}').then((r) => r.text()).then(console.log)`,
      );
      await handle.exited;
      expect(text('stdout')).toBe('from the host');
    },
  );

  test('knows this machine as host.docker.internal', async () => {
    const docker = openDocker();
    const { handle, text } = await docker.node(
      `require('node:dns').lookup('host.docker.internal', (e, address) => console.log(e ? e.code : 'found'))`,
    );
    await handle.exited;
    expect(text('stdout')).toBe('found');
  });
});

await describeWithTool('docker', 'the docker backend', () => {
  test('starts several instances at once', async () => {
    const docker = openDocker();
    const all = await Promise.all([1, 2, 3, 4].map((n) => docker.node(`console.log(${n})`)));
    await Promise.all(all.map(({ handle }) => handle.exited));
    expect(all.map(({ text }) => text('stdout'))).toEqual(['1', '2', '3', '4']);
  });

  test('makes a new shared network when somebody removed the old one', async () => {
    const docker = openDocker();
    await (await docker.node('')).handle.exited;
    const engine = await openTestEngine();
    const holders = (await engine.list('sls-local.session')).filter(
      ({ labels }) => labels['sls-local.owner.pid'] === String(process.pid) && !labels['sls-local.instance'],
    );
    expect(holders).not.toEqual([]);
    await Promise.all(holders.map(({ id }) => engine.remove(id)));
    const { handle } = await docker.node('process.exit(4)');
    expect(await handle.exited).toMatchObject({ exitCode: 4 });
  });

  test('removes every container of its session when it closes', async () => {
    const docker = openDocker();
    await docker.node(wait);
    const { handle } = await docker.node(wait);
    const engine = await openTestEngine();
    const ours = async () =>
      (await engine.list('sls-local.session')).filter(
        ({ labels }) => labels['sls-local.owner.pid'] === String(process.pid),
      );
    expect((await ours()).length).toBeGreaterThanOrEqual(3);
    await docker.backend.close();
    expect(await handle.exited).toMatchObject({ signal: 'SIGKILL' });
    expect(await ours()).toEqual([]);
  });

  test('starts nothing once it is closed', async () => {
    const docker = openDocker();
    await docker.backend.close();
    await expect(docker.node('')).rejects.toMatchObject({ code: 'session-over' });
  });

  test('explains a program that is not in the image', async () => {
    const docker = openDocker();
    await expect(docker.start(docker.spec({ command: ['no-such-program'] }))).rejects.toMatchObject({
      code: 'program-missing',
      message: expect.stringContaining('no-such-program'),
    });
  });

  test('explains a folder the engine does not see', async () => {
    const docker = openDocker();
    const spec = docker.spec({
      command: ['node'],
      mounts: [{ source: '/no/such/folder', target: '/no/such/folder', readOnly: true }],
    });
    await expect(docker.start(spec)).rejects.toMatchObject({
      code: 'engine-mount',
      message: expect.stringContaining('/no/such/folder'),
    });
  });

  test('explains an image that is nowhere', async () => {
    const docker = openDocker();
    await expect(docker.start(docker.spec({}, { image: 'no-such/image:1' }))).rejects.toMatchObject({
      code: 'image-missing',
      message: expect.stringContaining('"no-such/image:1"'),
    });
  });
});
