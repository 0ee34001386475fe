/** Containers started ahead of their code. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FunctionSpec } from '../../../src/model/project.ts';
import { makeFramesContract } from '../../../src/runtime/contracts/frames/frames.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { openDockerParts } from './backends/docker/docker-parts.ts';
import { makeProject, openTestEngine } from './backends/docker/docker-under-test.ts';
import { answerOf, functionNamed, openPreparingPool } from './preparing-pool.ts';

/** The pool with a project that holds the builds; `prepared` has the ids of what was prepared, `runs` settle with the first two. */
function openPreparing(more: { builds?: string; linkedFolders?: string } = {}) {
  const project = makeProject();
  const { linkedFolders } = more;
  const parts = openDockerParts({ folders: [project], ...(linkedFolders && { linkedFolders }) });
  const prepared: string[] = [];
  const onStart: ((starting: Promise<unknown>) => void)[] = [];
  const runs = [0, 1].map((index) => new Promise((resolve) => onStart.splice(index, 0, resolve)));
  const { prepare } = parts.backend;
  if (!prepare) throw new Error('the backend cannot prepare');
  const contract = makeFramesContract({ folder: parts.folder, clock: makeSystemClock(), ids: randomIds });
  const opened = openPreparingPool({
    backend: {
      ...parts.backend,
      prepare(spec, onLog) {
        prepared.push(spec.instanceId);
        const starting = prepare(spec, onLog);
        onStart[prepared.length - 1]?.(starting);
        return starting;
      },
    },
    contract,
    close: parts.close,
    builds: more.builds ?? join(project, 'builds'),
  });
  return { ...opened, project, prepared, runs };
}

async function containersOfInstances() {
  const listed = await (await openTestEngine()).list('sls-local.instance');
  return listed.filter(({ labels }) => labels['sls-local.owner.pid'] === String(process.pid));
}

/** Answers the build's name, how often it was asked, and what it sees around itself. */
/** Slow enough that no event is lined up behind another. */
const code = (name: string) => `
  const fs = require('node:fs');
  let calls = 0;
  const failure = (path) => { try { fs.writeFileSync(path, ''); return 'written' } catch ({ code }) { return code } };
  const answer = (event) => ({
    name: '${name}', calls: ++calls, env: process.env, cwd: process.cwd(), file: __filename,
    beside: fs.readdirSync('.').sort(), same: require('/var/task/index.cjs') === exports,
    writes: ['/var/task/index.cjs', '/var/task/new', __filename].map(failure),
    read: event.read && fs.readFileSync(event.read, 'utf8'),
  });
  const limit = () => Number(['memory.max', 'memory/memory.limit_in_bytes'].map((name) => '/sys/fs/cgroup/' + name)
    .filter(fs.existsSync).map((path) => fs.readFileSync(path, 'utf8'))[0]);
  const look = (event, done) => {
    if (event.untilLimit && limit() !== event.untilLimit) return setTimeout(look, 5, event, done);
    done({ ...answer(event), ...(event.untilLimit && { limit: limit() }) });
  };
  exports.handler = (event) => new Promise((done) => setTimeout(look, 30, event, done));`;

const ofEachInstance = {
  AWS_ACCESS_KEY_ID: expect.any(String),
  AWS_LAMBDA_LOG_STREAM_NAME: expect.any(String),
};

/** Of this process: where its instances have the links to their code. */
function foldersInMemory(): string[] {
  if (!existsSync('/dev/shm')) return [];
  return readdirSync('/dev/shm').filter((name) => {
    const owner = join('/dev/shm', name, 'owner.json');
    return existsSync(owner) && JSON.parse(readFileSync(owner, 'utf8')).pid === process.pid;
  });
}

await describeWithTool('docker', 'a container started ahead of its code', () => {
  test('runs the next build as a container started for it would', async () => {
    const { build, prepare, lease, prepared, closeAll } = openPreparing();
    const fn = functionNamed('hello', { env: { STAGE: 'dev', TZ: 'Asia/Tokyo' } });
    build(fn, 'b1', code('old'));
    const old = await lease(fn);
    expect(await answerOf(old)).toMatchObject({ name: 'old', calls: 1 });
    old.release();
    await prepare(fn);
    const built = build(fn, 'b2', code('new'));
    const [fresh, direct] = [await lease(fn), await lease(fn)];
    expect(prepared).toEqual([fresh.instanceId]);
    const answer = await answerOf(fresh);
    expect(answer).toMatchObject({
      name: 'new',
      calls: 1,
      cwd: '/var/task',
      file: join(built.dir, 'index.cjs'),
      same: true,
      writes: ['EROFS', 'EROFS', 'EROFS'],
    });
    const { env, ...rest } = (await answerOf(direct)) as { env: object };
    expect(answer).toEqual({ ...rest, same: true, env: { ...env, ...ofEachInstance } });
    await prepare(fn);
    expect(foldersInMemory()).toHaveLength(existsSync('/dev/shm') ? 1 : 0);
    await closeAll();
    expect(await containersOfInstances()).toEqual([]);
    expect(foldersInMemory()).toEqual([]);
  });

  test('is not used where the new build reads a folder it does not see', async () => {
    const { build, prepare, lease, prepared, current } = openPreparing();
    const fn = functionNamed('hello');
    build(fn, 'b1', code('old'));
    await prepare(fn);
    const packages = makeProject({ 'a-package': 'installed' });
    current.set(fn.id, { ...build(fn, 'b2', code('new')), reads: [packages] });
    const fresh = await lease(fn);
    expect(prepared).not.toContain(fresh.instanceId);
    expect(await answerOf(fresh, { read: join(packages, 'a-package') })).toMatchObject({ read: 'installed' });
    await prepare(fn);
    const next = await lease(fn);
    expect(prepared).toContain(next.instanceId);
    expect(await answerOf(next, { read: join(packages, 'a-package') })).toMatchObject({ read: 'installed' });
  });

  test('sees from the beginning what functions of an earlier session have read', async () => {
    const linkedFolders = join(makeProject(), 'linked-folders.json');
    const packages = makeProject({ 'a-package': 'installed' });
    const fn = functionNamed('hello');
    const session = async () => {
      const { pool, build, lease, prepared, current, runs, closeAll } = openPreparing({ linkedFolders });
      pool.prepareAhead(fn);
      await runs[0];
      current.set(fn.id, { ...build(fn, 'b1', code('linked')), reads: [packages] });
      const leased = await lease(fn);
      const { read } = (await answerOf(leased, { read: join(packages, 'a-package') })) as { read: string };
      const wasPrepared = leased.instanceId === prepared[0];
      await closeAll();
      return { read, wasPrepared };
    };
    expect(await session()).toEqual({ read: 'installed', wasPrepared: false });
    expect(await session()).toEqual({ read: 'installed', wasPrepared: true });
  });

  test('becomes any function of its runtime, with that function’s memory, code and variables alone', async () => {
    const { build, lease, pool, prepared, runs } = openPreparing();
    pool.prepareAhead(functionNamed('first', { env: { SECRET: 'of the first' }, memoryMb: 512 }));
    await runs[0];
    const fn = functionNamed('second', { env: { STAGE: 'dev' }, memoryMb: 256 });
    build(fn, 'b1', code('second'));
    const leased = await lease(fn);
    expect(prepared).toEqual([leased.instanceId]);
    const { env, ...rest } = (await answerOf(leased)) as { env: Record<string, string> };
    expect(rest).toMatchObject({ name: 'second', cwd: '/var/task', beside: ['index.cjs'] });
    expect(env).toMatchObject({ STAGE: 'dev', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256' });
    expect(env.SECRET).toBeUndefined();
    expect(env.AWS_LAMBDA_FUNCTION_NAME).toBe(fn.name);
    expect(await answerOf(leased, { untilLimit: 256 * 2 ** 20 })).toMatchObject({ limit: 256 * 2 ** 20 });
  });

  test('is not used where a folder it sees was removed and made anew', async () => {
    const { build, prepare, lease, prepared, current, runs } = openPreparing();
    const fn = functionNamed('hello');
    const packages = join(makeProject({ 'packages/version': '1' }), 'packages');
    current.set(fn.id, { ...build(fn, 'b1', code('old')), reads: [packages] });
    await prepare(fn);
    await lease(fn);
    await prepare(fn);
    await runs[1];
    renameSync(packages, `${packages}.old`);
    mkdirSync(packages);
    writeFileSync(join(packages, 'version'), '2');
    const fresh = await lease(fn);
    expect(prepared).not.toContain(fresh.instanceId);
    expect(await answerOf(fresh, { read: join(packages, 'version') })).toMatchObject({ read: '2' });
  });

  test('runs Python where it was written', async () => {
    const { prepare, lease, prepared, current } = openPreparing();
    const python = (text: string) =>
      `import os\ndef handler(event, context):\n  return ['${text}', os.getcwd()]`;
    const dir = makeProject({ 'app.py': python('old') });
    const fn: FunctionSpec = functionNamed('py', { runtime: 'python3.13', codeRoot: dir });
    const built = { functionId: fn.id, dir, handler: 'app.handler', inputs: [], reads: [dir] };
    current.set(fn.id, { ...built, id: 'b1' });
    await prepare(fn);
    writeFileSync(join(dir, 'app.py'), python('new'));
    current.set(fn.id, { ...built, id: 'b2' });
    const fresh = await lease(fn);
    expect(prepared).toEqual([fresh.instanceId]);
    expect(await answerOf(fresh)).toEqual(['new', '/var/task']);
  });
});
