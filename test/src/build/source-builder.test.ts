import { utimesSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { makeSourceBuilder } from '../../../src/build/source-builder.ts';
import { makeFunction, makeProjectFolder, type ProjectFolder } from './project-folder.ts';

let folder: ProjectFolder;
afterEach(() => folder.remove());
const never = new AbortController().signal;
const builder = makeSourceBuilder();

const build = (overrides = {}) =>
  builder.build(
    makeFunction(folder.root, { runtime: 'python3.12', handler: 'app.create', ...overrides }),
    never,
  );

test('a Python function runs from its code folder, and its inputs leave out what tools made', async () => {
  folder = makeProjectFolder({
    'app.py': 'def create(e, c): return 1',
    'shop/items.py': '',
    'node_modules/x/index.js': '',
    '.venv/lib/x.py': '',
    '__pycache__/app.pyc': '',
  });
  const artifact = await build();
  expect(artifact).toMatchObject({ dir: folder.root, handler: 'app.create', functionId: 'create' });
  expect(artifact.inputs).toEqual([folder.path('app.py'), folder.path('shop/items.py')]);
  expect(artifact.folders).toEqual([folder.root, folder.path('shop')]);
});

test('the id follows names and contents, not times', async () => {
  folder = makeProjectFolder({ 'app.py': 'a = 1' });
  const first = await build();
  utimesSync(folder.path('app.py'), new Date(), new Date(Date.now() - 60_000));
  expect((await build()).id).toBe(first.id);
  folder.write('app.py', 'a = 2');
  const second = await build();
  expect(second.id).not.toBe(first.id);
  folder.write('new.py', '');
  expect((await build()).id).not.toBe(second.id);
});

test('a missing handler module and a code folder that is none are told', async () => {
  folder = makeProjectFolder({ 'app.py': '' });
  await expect(build({ handler: 'apq.create' })).rejects.toMatchObject({
    code: 'handler-not-found',
    hint: 'did you mean "app.create"?',
    line: 7,
  });
  await expect(build({ codeRoot: folder.path('app.py') })).rejects.toMatchObject({ code: 'code-not-found' });
});

test('a runtime whose handler is no file is taken as it is', async () => {
  folder = makeProjectFolder({ bootstrap: '#!/bin/sh' });
  const artifact = await build({ runtime: 'provided.al2023', handler: 'bootstrap' });
  expect(artifact.handler).toBe('bootstrap');
  expect(builder.supports(makeFunction(folder.root))).toBe(false);
});

test.each(['nodejs22.x', 'python3.12', 'ruby3.3'])(
  'a %s handler that is a program for the wrapper is taken as it is',
  async (runtime) => {
    folder = makeProjectFolder({ 'run.sh': '#!/bin/sh\n', 'bin/start': '', 'server.js': '' });
    const env = { AWS_LAMBDA_EXEC_WRAPPER: '/opt/bootstrap' };
    const artifact = await build({ runtime, handler: 'run.sh', env });
    expect(artifact).toMatchObject({ dir: folder.root, handler: 'run.sh' });
    expect(artifact.inputs).toContain(folder.path('server.js'));
    expect(await build({ runtime, handler: 'bin/start', env })).toMatchObject({ handler: 'bin/start' });
    await expect(build({ runtime, handler: 'rum.sh', env })).rejects.toMatchObject({
      code: 'handler-not-found',
      hint: 'did you mean "run.sh"?',
      line: 7,
    });
    await expect(build({ runtime, handler: 'bin/other', env })).rejects.toMatchObject({
      hint: expect.stringContaining('that the wrapper starts'),
    });
    const { supports } = makeSourceBuilder();
    const fn = makeFunction(folder.root, { runtime, handler: 'run.sh' });
    expect(supports({ ...fn, env })).toBe(true);
    expect(supports(fn), 'without a wrapper').toBe(!runtime.startsWith('nodejs'));
    expect(supports({ ...fn, env, handler: 'run.main' })).toBe(!runtime.startsWith('nodejs'));
  },
);
