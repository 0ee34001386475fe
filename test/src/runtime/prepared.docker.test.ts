/** Containers started ahead of their code. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
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

/** The pool with a project that does not hold the builds; `prepared` has the ids of what was prepared, `runs` settles with the first. */
function openPreparing() {
  const parts = openDockerParts({ folders: [makeProject()] });
  const prepared: string[] = [];
  let onStart: (starting: Promise<unknown>) => void = () => {};
  const runs = new Promise((resolve) => {
    onStart = resolve;
  });
  const { prepare } = parts.backend;
  if (!prepare) throw new Error('the backend cannot prepare');
  const contract = makeFramesContract({ folder: parts.folder, clock: makeSystemClock(), ids: randomIds });
  const opened = openPreparingPool({
    backend: {
      ...parts.backend,
      prepare(spec, onLog) {
        prepared.push(spec.instanceId);
        const starting = prepare(spec, onLog);
        onStart(starting);
        return starting;
      },
    },
    contract,
    close: parts.close,
  });
  return { ...opened, prepared, runs };
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
  exports.handler = (event) => new Promise((done) => setTimeout(() => done(answer(event)), 30));`;

const ofEachInstance = {
  AWS_ACCESS_KEY_ID: expect.any(String),
  AWS_LAMBDA_LOG_STREAM_NAME: expect.any(String),
};

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
    await closeAll();
    expect(await containersOfInstances()).toEqual([]);
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
  });

  test('is not used where a folder it sees was removed and made anew', async () => {
    const { build, prepare, lease, prepared, current, runs } = openPreparing();
    const fn = functionNamed('hello');
    const packages = join(makeProject({ 'packages/version': '1' }), 'packages');
    current.set(fn.id, { ...build(fn, 'b1', code('old')), reads: [packages] });
    await prepare(fn);
    await runs;
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
