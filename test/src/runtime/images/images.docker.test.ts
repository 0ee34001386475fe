import { existsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { afterAll, expect, test } from 'vitest';
import type { Engine } from '../../../../src/runtime/backends/docker/engine.ts';
import { listImages, removeImages } from '../../../../src/runtime/images/made-images.ts';
import { type MakeImageOptions, makeImage } from '../../../../src/runtime/images/make-image.ts';
import { randomIds } from '../../../../src/std/ids.ts';
import { describeWithTool } from '../../../suites/require-tool.ts';
import { OWN_RUNTIME, openTestEngine } from '../backends/docker/docker-under-test.ts';

/** Users nobody else makes images for, so that what is made and removed here is nobody else's. */
const user = { uid: 54_321, gid: 54_322 };

function makeOptions(extra: Partial<MakeImageOptions> = {}) {
  const notices: string[] = [];
  const options = {
    env: process.env,
    root: tmpdir(),
    user,
    notice: (m: string) => notices.push(m),
    ...extra,
  };
  return { notices, options };
}

/** Runs a program in the image, as nobody in particular, and resolves with what it printed. */
async function run(engine: Engine, image: string, command: readonly string[]): Promise<string> {
  const id = await engine.create({
    name: `sls-local-test-${randomIds.hex(6)}`,
    image,
    labels: {},
    command,
    env: { HOME: homedir() },
    user: `${user.uid}:${user.gid}`,
    mounts: [],
    pidsLimit: 100,
    network: { kind: 'bridge' },
  });
  try {
    const stream = await engine.attach(id);
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8', 8);
    });
    await engine.start(id);
    await engine.wait(id);
    await new Promise((resolve) => (stream.closed ? resolve(undefined) : stream.once('close', resolve)));
    return text.trim();
  } finally {
    await engine.remove(id);
  }
}

await describeWithTool('docker', 'images made on this machine', async () => {
  const engine = openTestEngine();
  const made: string[] = [];
  const make = async (runtime: string, extra: Partial<MakeImageOptions> = {}) => {
    const { options, notices } = makeOptions(extra);
    const image = await makeImage(await engine, runtime, options);
    made.push(image.name);
    return { ...image, notices };
  };
  afterAll(async () => {
    for (const name of new Set(made)) await removeImages(await engine, name);
  });

  test('for Node.js run this very version, with certificates, time zones, a shell and name lookup', async () => {
    const { name } = await make(OWN_RUNTIME);
    const script = `
      const fs = require('node:fs'), os = require('node:os');
      console.log(JSON.stringify({
        version: process.version, user: os.userInfo().username, uid: process.getuid(),
        shell: require('node:child_process').execSync('echo $((6 * 7))').toString().trim(),
        certificates: fs.existsSync('/etc/ssl/certs/ca-certificates.crt'),
        zone: new Date(0).toLocaleString('en', { timeZone: 'Asia/Tokyo' }),
        folders: ['/tmp', '/var/task', '/opt'].every((path) => fs.statSync(path).isDirectory()),
      }));
      require('node:dns').lookup('localhost', (error, address) => console.log(error ?? address));`;
    const [facts, address] = (await run(await engine, name, ['node', '-e', script])).split('\n');
    expect(JSON.parse(facts ?? '')).toEqual({
      version: process.version,
      user: 'sbx_user1051',
      uid: user.uid,
      shell: '42',
      certificates: true,
      zone: '1/1/1970, 9:00:00 AM',
      folders: true,
    });
    expect(address).toMatch(/^(127\.0\.0\.1|::1)$/);
  });

  test('for Python have the standard library with its native modules', async () => {
    const { name } = await make('python3.13');
    const script = `
import ssl, json, sqlite3, hashlib, ctypes, zoneinfo, datetime, http.client, asyncio, lzma, bz2, decimal
print(ssl.create_default_context().cert_store_stats()["x509_ca"] > 0, zoneinfo.ZoneInfo("Asia/Tokyo").key)`;
    expect(await run(await engine, name, ['python3', '-c', script])).toBe('True Asia/Tokyo');
  });

  test('for custom runtimes are small and have the tools this machine has', async () => {
    const { name } = await make('provided.al2023');
    const tools = ['bash', 'curl', 'grep', 'sed', 'awk', 'find', 'xargs', 'tar', 'gzip', 'sort', 'mktemp'];
    const wanted = tools.filter((tool) => existsSync(`/usr/bin/${tool}`));
    const script = `
      for tool in ${wanted.join(' ')}; do "$tool" --version < /dev/null > /dev/null 2>&1 || "$tool" 1 < /dev/null || echo "no $tool"; done
      printf 'id: 4\\nx: 5\\n' | grep -Fi ID | tr -d '[:space:]' | cut -d: -f2 | sed s/4/up/`;
    expect(await run(await engine, name, ['/bin/sh', '-c', script])).toBe('up');
    const listed = (await listImages(await engine)).find((image) => image.name === name);
    expect(listed?.sizeBytes).toBeLessThan(60 * 1024 * 1024);
  });

  test('are made once, with a notice, and have the same name when made again', async () => {
    const first = await make(OWN_RUNTIME, { again: true });
    expect(first.made).toBe(true);
    expect(first.notices).toEqual([expect.stringContaining(`making a container image for ${OWN_RUNTIME}`)]);
    const second = await make(OWN_RUNTIME);
    expect(second).toEqual({ name: first.name, made: false, notices: [] });
    const third = await make(OWN_RUNTIME, { again: true });
    expect(third).toMatchObject({ name: first.name, made: true });
    const nameless = (await listImages(await engine)).filter(({ name }) => !name.startsWith('sls-local/'));
    expect(nameless).toEqual([]);
  });

  test('are listed with runtime and size, and removed by name', async () => {
    const { name } = await make(OWN_RUNTIME);
    const listed = await listImages(await engine);
    expect(listed).toContainEqual({
      name,
      runtime: OWN_RUNTIME,
      sizeBytes: expect.any(Number),
      createdAt: expect.any(Number),
    });
    expect(await removeImages(await engine, name)).toEqual({ removed: [name], kept: [] });
    expect((await listImages(await engine)).map((image) => image.name)).not.toContain(name);
  });

  test('that a container uses are kept, with the reason', async () => {
    const { name } = await make(OWN_RUNTIME);
    const real = await engine;
    const id = await real.create({
      name: `sls-local-test-${randomIds.hex(6)}`,
      image: name,
      labels: {},
      env: {},
      command: ['node'],
      mounts: [],
      pidsLimit: 10,
      network: { kind: 'bridge' },
    });
    const result = await removeImages(real, name);
    await real.remove(id);
    expect(result).toEqual({ removed: [], kept: [{ name, reason: expect.stringContaining('container') }] });
  });
});
