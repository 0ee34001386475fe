import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type BuildService, openBuildService } from '../../../src/build/build-service.ts';
import { makeEsbuildBuilder } from '../../../src/build/esbuild-builder.ts';
import { makeSourceBuilder } from '../../../src/build/source-builder.ts';
import type { DevEvent } from '../../../src/model/events.ts';
import type { FunctionSpec } from '../../../src/model/project.ts';
import type { Artifact, Builder } from '../../../src/model/runtime.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { makeHolds } from '../../../src/std/holds.ts';
import { makeFunction, makeProject, makeProjectFolder, type ProjectFolder } from './project-folder.ts';

type BuildEvent = Extract<DevEvent, { type: 'build' }>;

let folder: ProjectFolder;
let service: BuildService;
let events: BuildEvent[];
let waiting: Set<() => void>;

afterEach(async () => {
  await service.close();
  folder.remove();
});

interface Setup {
  readonly functions?: readonly Partial<FunctionSpec>[];
  readonly root?: string;
  readonly watch?: boolean;
  readonly builders?: readonly Builder[];
}

function open(files: Readonly<Record<string, string>>, setup: Setup = {}): void {
  folder = makeProjectFolder(files);
  const root = folder.path(setup.root ?? '.');
  events = [];
  waiting = new Set();
  service = openBuildService({
    builders: setup.builders ?? [
      makeEsbuildBuilder({ inUse: makeHolds(), root, outDir: join(root, '.sls-local/build') }),
      makeSourceBuilder(),
    ],
    project: makeProject(
      root,
      (setup.functions ?? [{}]).map((fn) => makeFunction(root, fn)),
    ),
    clock: makeSystemClock(),
    emit: (event) => {
      if (event.type === 'build') events.push(event);
      for (const check of waiting) check();
    },
    watch: setup.watch ?? true,
  });
}

/** Resolves when the events that come after `since` satisfy the condition. */
function until(since: number, satisfied: (fresh: readonly BuildEvent[]) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (!satisfied(events.slice(since))) return;
      waiting.delete(check);
      resolve();
    };
    waiting.add(check);
    check();
  });
}

const ended = (event: BuildEvent) => event.status !== 'started';

/** Does something to files and waits for the next build of the function to end. */
async function after(change: () => void, functionId = 'create'): Promise<BuildEvent> {
  const since = events.length;
  change();
  await until(since, (fresh) => fresh.some((e) => e.functionId === functionId && ended(e)));
  const last = events.slice(since).find((e) => e.functionId === functionId && ended(e));
  if (!last) throw new Error('no event');
  return last;
}

const codeOf = (artifact: Artifact) => readFileSync(join(artifact.dir, 'index.cjs'), 'utf8');
const handler = (value: string) => `export const handler = async () => ${JSON.stringify(value)};`;

test('an edited file gives a new artifact, and the old one is not current from the moment the change is seen', async () => {
  open({ 'src/create.ts': handler('one') });
  expect(service.current('create')).toBeUndefined();
  const first = await service.artifact('create');
  expect(service.current('create')).toBe(first);

  const stale = new Promise<unknown>((resolve) =>
    service.onStale((id) => resolve([id, service.current(id)])),
  );
  folder.write('src/create.ts', handler('two'));
  expect(await stale).toEqual(['create', undefined]);
  const second = await service.artifact('create');
  expect(codeOf(second)).toContain('two');
  expect(codeOf(first)).toContain('one');
  expect(events.map((e) => e.status)).toEqual(['started', 'ok', 'started', 'ok']);
  expect(events.at(-1)).toMatchObject({ functionId: 'create', artifactId: second.id });
});

test('only the functions that a file is part of are built again', async () => {
  open(
    {
      'src/create.ts': 'import { a } from "./shared"; export const handler = async () => a;',
      'src/get.ts': handler('get'),
      'src/shared.ts': 'export const a = 1;',
    },
    { functions: [{}, { id: 'get', handler: 'src/get.handler' }] },
  );
  await service.buildAll();
  const get = service.current('get');
  await after(() => folder.write('src/shared.ts', 'export const a = 2;'));
  await after(() => folder.write('src/get.ts', handler('other')), 'get');
  const built = events.filter((e) => e.status === 'ok').map((e) => e.functionId);
  expect(built.slice(0, 2).sort()).toEqual(['create', 'get']);
  expect(built.slice(2)).toEqual(['create', 'get']);
  expect(get && codeOf(get)).toContain('"get"');
});

test('a function nobody needed yet is not built', async () => {
  open(
    { 'src/create.ts': handler('a'), 'src/get.ts': handler('b') },
    { functions: [{}, { id: 'get', handler: 'src/get.handler' }] },
  );
  await service.artifact('create');
  folder.write('src/get.ts', handler('c'));
  await after(() => folder.write('src/create.ts', handler('d')));
  expect(new Set(events.map((e) => e.functionId))).toEqual(new Set(['create']));
});

test('a build error rejects with its frame until the file is put right', async () => {
  open({
    'src/create.ts': 'import { a } from "./a"; export const handler = async () => a;',
    'src/a.ts': 'export const a = 1;',
  });
  await service.artifact('create');
  const failed = await after(() => folder.write('src/a.ts', 'export const a = ;'));
  expect(failed).toMatchObject({ status: 'failed', message: expect.stringContaining('src/a.ts:1:18') });
  expect(service.current('create')).toBeUndefined();
  await expect(service.artifact('create')).rejects.toMatchObject({
    code: 'build-failed',
    line: 1,
    column: 18,
  });
  const count = events.length;
  await expect(service.artifact('create')).rejects.toMatchObject({ code: 'build-failed' });
  expect(events).toHaveLength(count);
  expect(await after(() => folder.write('src/a.ts', 'export const a = 3;'))).toMatchObject({ status: 'ok' });
  expect(codeOf(await service.artifact('create'))).toContain('a = 3');
});

test('a first build that fails heals by an edit of a file that it never got to read', async () => {
  open({
    'src/create.ts': 'import "./middle"; export const handler = async () => 1;',
    'src/middle.ts': 'import "./gone";',
  });
  await expect(service.artifact('create')).rejects.toMatchObject({ file: folder.path('src/middle.ts') });
  expect(await after(() => folder.write('src/create.ts', handler('alone')))).toMatchObject({ status: 'ok' });
});

test('a missing import that appears heals the build, in a folder that did not exist either', async () => {
  open({ 'src/create.ts': 'import { a } from "./deep/er/a"; export const handler = async () => a;' });
  await expect(service.artifact('create')).rejects.toMatchObject({ code: 'build-failed' });
  const since = events.length;
  folder.write('src/deep/er/a.ts', 'export const a = 1;');
  await until(since, (fresh) => fresh.some((e) => e.status === 'ok'));
  expect(service.current('create')).toBeDefined();
});

test('a failed build that no other text mends is told once', async () => {
  open({ 'src/create.ts': 'export const a = ;', 'notes.md': '' });
  await expect(service.artifact('create')).rejects.toMatchObject({ code: 'build-failed' });
  const told = events.length;
  const stale = new Promise<void>((resolve) => service.onStale(() => resolve()));
  folder.write('notes.md', 'output of something');
  await stale;
  await expect(service.artifact('create')).rejects.toMatchObject({ code: 'build-failed' });
  expect(events).toHaveLength(told);
  expect(await after(() => folder.write('src/create.ts', 'export const b = ;'))).toMatchObject({
    status: 'failed',
  });
});

test('a text that mends a failed build is told with its build', async () => {
  open({ 'src/create.ts': 'import { a } from "./a.json"; export const handler = async () => a;' });
  await expect(service.artifact('create')).rejects.toMatchObject({ code: 'build-failed' });
  const since = events.length;
  folder.write('src/a.json', '{"a":1}');
  await until(since, (fresh) => fresh.some((e) => e.status === 'ok'));
  expect(events.slice(since).map((e) => e.status)).toEqual(['started', 'ok']);
});

test('a missing handler file that appears heals the build', async () => {
  open({ 'serverless.yml': '' });
  await expect(service.artifact('create')).rejects.toMatchObject({ code: 'handler-not-found' });
  const since = events.length;
  folder.write('src/create.ts', handler('now'));
  await until(since, (fresh) => fresh.some((e) => e.status === 'ok'));
  expect(codeOf(await service.artifact('create'))).toContain('now');
});

test('a package that is installed later heals the build', async () => {
  open({ 'src/create.ts': 'import a from "pkg"; export const handler = async () => a;' });
  await expect(service.artifact('create')).rejects.toMatchObject({
    hint: expect.stringContaining('npm install pkg'),
  });
  const since = events.length;
  folder.write('node_modules/.draft/index.js', 'module.exports = 1;');
  renameSync(folder.path('node_modules/.draft'), folder.path('node_modules/pkg'));
  await until(since, (fresh) => fresh.some((e) => e.status === 'ok'));
});

test.each([
  ['there is no node_modules', '@shop/real', undefined],
  ['its scope is new', '@shop/real', 'node_modules/.keep'],
  ['its scope is there', '@shop/real', 'node_modules/@shop/.keep'],
  ['it has none', 'real', 'node_modules/.keep'],
])(
  'a package that is hoisted to the root of the workspace later heals the build: %s',
  async (_, name, there) => {
    open(
      {
        'package.json': '{ "workspaces": ["apps/*"] }',
        'apps/api/src/create.ts': `import a from "${name}/a"; export const handler = async () => a;`,
        ...(there === undefined ? {} : { [there]: '' }),
      },
      { root: 'apps/api' },
    );
    await expect(service.artifact('create')).rejects.toMatchObject({ code: 'build-failed' });
    const since = events.length;
    // As tools do that copy: the folder is there before its files.
    mkdirSync(folder.path('node_modules', name), { recursive: true });
    await until(since, (fresh) => fresh.some((e) => e.status === 'failed'));
    folder.write(`node_modules/${name}/a.js`, 'module.exports = 1;');
    await until(since, (fresh) => fresh.some((e) => e.status === 'ok'));
  },
);

test('an install gives functions that load packages a new artifact', async () => {
  open({
    'src/create.ts': 'import a from "pkg"; export const handler = async () => a;',
    'node_modules/pkg/index.js': 'module.exports = 1;',
  });
  const before = await service.artifact('create');
  await after(() => folder.write('node_modules/.package-lock.json', '{}'));
  expect((await service.artifact('create')).id).not.toBe(before.id);
});

const READS = `
  import { readFileSync } from 'node:fs';
  import { a } from 'dep';
  export const handler = async () => [a, readFileSync('src/tpl.html')];
`;

/** Resolves when the function's code is told to be old by the change. */
async function outdated(change: () => void, functionId = 'create'): Promise<void> {
  const stale = new Promise<void>((resolve) => {
    const stop = service.onStale((id) => id === functionId && resolve(stop()));
  });
  // What a function sees beside its sources is watched a turn after it was built.
  await new Promise((resolve) => setImmediate(resolve));
  change();
  await stale;
}

test('what a function can see gives its code another id when it changes, and nothing is built', async () => {
  open(
    {
      'src/create.ts': READS,
      'src/tpl.html': '1',
      'views/deep/v.txt': '1',
      'lib/plugin.js': '1',
      'node_modules/dep/index.js': 'exports.a = require("./lib/i")',
      'node_modules/dep/lib/i.js': '1',
      'layer/nodejs/node_modules/ml/index.js': '1',
    },
    { functions: [{}] },
  );
  service.update(makeProject(folder.root, [makeFunction(folder.root, { layers: [folder.path('layer')] })]));
  const first = await service.artifact('create');
  const ids = new Set([first.id]);
  for (const path of [
    'src/tpl.html',
    'views/deep/v.txt',
    'lib/plugin.js',
    'node_modules/dep/lib/i.js',
    'layer/nodejs/node_modules/ml/index.js',
    'lib/new.json',
  ]) {
    await outdated(() => folder.write(path, '2'));
    const renewed = await service.artifact('create');
    expect(renewed).toMatchObject({ dir: first.dir, renewal: { builtId: first.id } });
    expect(ids, path).not.toContain(renewed.id);
    ids.add(renewed.id);
  }
  expect(events.map((e) => e.status)).toEqual(['started', 'ok']);
});

test('a file in a folder that is new, or took another’s place, is followed too', async () => {
  open({
    'src/create.ts': READS,
    'node_modules/dep/index.js': '',
    'views/a.txt': '1',
    'next/deep/a.txt': '2',
  });
  const { id, dir } = await service.artifact('create');
  await outdated(() => mkdirSync(folder.path('texts')));
  await outdated(() => folder.write('texts/a.txt', '1'));
  expect(readFileSync(join(dir, 'texts/a.txt'), 'utf8')).toBe('1');
  await outdated(() => {
    renameSync(folder.path('views'), folder.path('old'));
    renameSync(folder.path('next'), folder.path('views'));
  });
  await outdated(() => folder.write('views/deep/a.txt', '3'));
  expect((await service.artifact('create')).renewal?.builtId).toBe(id);
});

test('code of another id is built again after an edit, and still has an id of its own', async () => {
  open({ 'src/create.ts': handler('a'), 'src/tpl.html': '1' });
  const first = await service.artifact('create');
  await outdated(() => folder.write('src/tpl.html', '2'));
  const second = await service.artifact('create');
  await after(() => folder.write('src/create.ts', handler('b')));
  const third = await service.artifact('create');
  await after(() => folder.write('src/create.ts', handler('a')));
  const fourth = await service.artifact('create');
  expect(new Set([first.id, second.id, third.id]).size).toBe(3);
  expect(fourth.id).toBe(second.id);
});

test('what only other functions see changes no code', async () => {
  open({ 'api/src/create.ts': handler('a'), 'api/data.json': '1', 'web/src/create.ts': handler('b') });
  service.update(
    makeProject(folder.root, [
      makeFunction(folder.root, { codeRoot: folder.path('api') }),
      makeFunction(folder.root, { id: 'web', codeRoot: folder.path('web') }),
    ]),
  );
  await service.buildAll();
  const web = service.current('web');
  await outdated(() => folder.write('api/data.json', '2'));
  expect(service.current('web')).toBe(web);
});

test('what is being saved is waited for', async () => {
  open({ 'src/create.ts': handler('a'), 'src/tpl.html': '1' });
  await service.artifact('create');
  await outdated(() => writeFileSync(folder.path('src/tpl.html'), ''));
  expect(service.current('create')).toBeUndefined();
  writeFileSync(folder.path('src/tpl.html'), '2');
  expect((await service.artifact('create')).renewal).toBeDefined();
  expect(events.map((e) => e.status)).toEqual(['started', 'ok']);
});

test('a new file that a pattern means is built into the function', async () => {
  open({
    'src/create.js': 'exports.handler = async (name) => require("./parts/" + name);',
    'src/parts/a.js': 'exports.a = "first";',
  });
  await service.artifact('create');
  const since = events.length;
  folder.write('src/parts/b.js', 'exports.b = "second";');
  await until(since, (fresh) => fresh.some((e) => e.status === 'ok'));
  expect(codeOf(await service.artifact('create'))).toContain('second');
});

test('the newest of quick edits wins, and what was asked meanwhile gets it', async () => {
  open({ 'src/create.ts': handler('0') });
  await service.artifact('create');
  for (let round = 0; round < 30; round++) {
    const stale = new Promise<void>((resolve) => {
      const stop = service.onStale(() => resolve(stop()));
    });
    folder.write('src/create.ts', handler(`early ${round}`));
    await stale;
    const asked = service.artifact('create');
    const again = new Promise<void>((resolve) => {
      const stop = service.onStale(() => resolve(stop()));
    });
    folder.write('src/create.ts', handler(`final ${round}`));
    await again;
    const artifact = await service.artifact('create');
    expect(codeOf(artifact)).toContain(`final ${round}`);
    expect(codeOf(await asked)).toMatch(new RegExp(`(early|final) ${round}`));
  }
});

test('a change during a build discards that build', async () => {
  let hold: (() => void) | undefined;
  let builds = 0;
  const slow: Builder = {
    name: 'slow',
    supports: () => true,
    build: (fn, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        const inputs = [join(fn.codeRoot, 'a.txt')];
        const id = `build-${++builds}`;
        if (!hold) return resolve({ id, functionId: fn.id, dir: fn.codeRoot, handler: 'a.b', inputs });
        hold();
        hold = undefined;
      }),
    close: async () => {},
  };
  open({ 'a.txt': '0' }, { builders: [slow] });
  await service.artifact('create');
  const held = new Promise<void>((resolve) => {
    hold = resolve;
  });
  folder.write('a.txt', '1');
  await held;
  const discarded = builds;
  const asked = service.artifact('create');
  folder.write('a.txt', '2');
  expect(Number((await asked).id.slice('build-'.length))).toBeGreaterThan(discarded);
});

test('saving the same text again keeps the artifact', async () => {
  open({ 'src/create.ts': handler('same') });
  const first = await service.artifact('create');
  await after(() => folder.write('src/create.ts', handler('same')));
  expect((await service.artifact('create')).id).toBe(first.id);
});

test('a save by renaming a new file over the old one is seen, every time', async () => {
  open({ 'src/create.ts': handler('0') });
  await service.artifact('create');
  for (let n = 1; n <= 3; n++) {
    await after(() => {
      folder.write('src/create.ts.tmp', handler(`${n}`));
      renameSync(folder.path('src/create.ts.tmp'), folder.path('src/create.ts'));
    });
    expect(codeOf(await service.artifact('create'))).toContain(`"${n}"`);
  }
});

test('a save that first moves the old file away never shows as a failed build', async () => {
  open({ 'src/create.ts': handler('0') });
  await service.artifact('create');
  for (let n = 1; n <= 3; n++) {
    await after(() => {
      renameSync(folder.path('src/create.ts'), folder.path('src/create.ts~'));
      writeFileSync(folder.path('src/create.ts'), '');
      writeFileSync(folder.path('src/create.ts'), handler(`${n}`));
      rmSync(folder.path('src/create.ts~'));
    });
    expect(codeOf(await service.artifact('create'))).toContain(`"${n}"`);
  }
  expect(events.some((e) => e.status === 'failed')).toBe(false);
});

test('a removed source fails the build, and its return heals it', async () => {
  open({ 'src/create.ts': handler('a') });
  await service.artifact('create');
  expect(await after(() => rmSync(folder.path('src/create.ts')))).toMatchObject({ status: 'failed' });
  expect(await after(() => folder.write('src/create.ts', handler('b')))).toMatchObject({ status: 'ok' });
});

test('a folder that is replaced as a whole is followed', async () => {
  open({
    'src/create.ts': 'import { a } from "./lib/a"; export const handler = async () => a;',
    'src/lib/a.ts': 'export const a = "old";',
    'next/a.ts': 'export const a = "new";',
  });
  await service.artifact('create');
  await after(() => {
    renameSync(folder.path('src/lib'), folder.path('old'));
    renameSync(folder.path('next'), folder.path('src/lib'));
  });
  expect(codeOf(await service.artifact('create'))).toContain('"new"');
  await after(() => folder.write('src/lib/a.ts', 'export const a = "newest";'));
  expect(codeOf(await service.artifact('create'))).toContain('"newest"');
});

test('a workspace dependency outside the root is watched', async () => {
  open(
    {
      'api/src/create.ts': 'import { a } from "@shop/shared"; export const handler = async () => a;',
      'shared/package.json': '{"main":"src/index.ts"}',
      'shared/src/index.ts': 'export const a = "one";',
      'node_modules/.keep': '',
    },
    { root: 'api' },
  );
  mkdirSync(folder.path('node_modules/@shop'));
  symlinkSync('../../shared', folder.path('node_modules/@shop/shared'));
  await service.artifact('create');
  await after(() => folder.write('shared/src/index.ts', 'export const a = "two";'));
  expect(codeOf(await service.artifact('create'))).toContain('"two"');
});

test('a new file that an import now means instead of the old one is noticed, and a tsconfig too', async () => {
  open({
    'src/create.ts': 'import { a } from "./a"; export const handler = async () => a;',
    'src/a.js': 'export const a = "js";',
  });
  await service.artifact('create');
  await after(() => folder.write('src/a.ts', 'export const a = "ts";'));
  expect(codeOf(await service.artifact('create'))).toContain('"ts"');
  const since = events.length;
  folder.write('src/tsconfig.json', '{}');
  await until(since, (fresh) => fresh.some((e) => e.status === 'ok'));
});

test('a new Python module makes the function new, compiled leftovers do not', async () => {
  open(
    { 'app.py': 'def create(e, c): return 1' },
    { functions: [{ runtime: 'python3.12', handler: 'app.create' }] },
  );
  const first = await service.artifact('create');
  mkdirSync(folder.path('__pycache__'));
  await after(() => folder.write('helper.py', 'x = 1'));
  const second = await service.artifact('create');
  expect(second.id).not.toBe(first.id);
  expect(events.filter((e) => e.status === 'started')).toHaveLength(2);
});

test('an edit right after the first build was asked for is not lost', async () => {
  open({ 'src/create.ts': handler('before') });
  const asked = service.artifact('create');
  folder.write('src/create.ts', handler('after'));
  await asked;
  expect(codeOf(await service.artifact('create'))).toContain('after');
});

test('without watching an artifact stays as it is', async () => {
  open({ 'src/create.ts': handler('a') }, { watch: false });
  const first = await service.artifact('create');
  folder.write('src/create.ts', handler('b'));
  expect(await service.artifact('create')).toBe(first);
});

test('a reloaded project keeps what did not change, rebuilds what did, and forgets what is gone', async () => {
  const get = { id: 'get', handler: 'src/get.handler' };
  const old = { id: 'old', handler: 'src/create.handler' };
  open({ 'src/create.ts': handler('create'), 'src/get.ts': handler('get') }, { functions: [{}, get, old] });
  await service.buildAll();
  const kept = service.current('create');
  const stale: string[] = [];
  service.onStale((id) => stale.push(id));
  service.update(
    makeProject(folder.root, [
      makeFunction(folder.root, { env: { A: 'b' } }),
      makeFunction(folder.root, { ...get, handler: 'src/create.handler' }),
      makeFunction(folder.root, { id: 'fresh', handler: 'src/get.handler' }),
    ]),
  );
  expect(stale).toEqual(['get']);
  expect(service.current('create')).toBe(kept);
  expect(service.current('get')).toBeUndefined();
  expect(codeOf(await service.artifact('get'))).toContain('"create"');
  expect(codeOf(await service.artifact('fresh'))).toContain('"get"');
  await expect(service.artifact('old')).rejects.toMatchObject({ code: 'function-unknown' });
});

test('a reloaded project that says otherwise how code is bundled has it built anew', async () => {
  open({ 'src/create.ts': 'export const handler = async () => STAGE;' });
  const stage = (name: string, revision: string) =>
    makeProject(folder.root, [
      makeFunction(folder.root, {
        bundle: { options: { define: { STAGE: `"${name}"` } }, plugins: { revision, list: [] } },
      }),
    ]);
  service.update(stage('dev', '1'));
  const first = await service.artifact('create');
  service.update(stage('dev', '1'));
  expect(service.current('create')).toBe(first);
  service.update(stage('beta', '1'));
  expect(service.current('create')).toBeUndefined();
  expect(codeOf(await service.artifact('create'))).toContain('"beta"');
  service.update(stage('beta', '2'));
  expect(service.current('create')).toBeUndefined();
  await service.artifact('create');
});

test('a runtime nobody builds is told', async () => {
  open({}, { builders: [], functions: [{ runtime: 'cobol' }] });
  await expect(service.artifact('create')).rejects.toMatchObject({
    code: 'unknown-runtime',
    message: expect.stringContaining('"cobol"'),
    line: 7,
  });
});

test('closing ends what is waited for', async () => {
  open({ 'src/create.ts': handler('a') });
  const asked = service.artifact('create');
  const closed = service.close();
  await expect(asked).rejects.toMatchObject({ code: 'closed' });
  await closed;
});

test('of all functions a few are built at once, and one that is asked for at once', async () => {
  let running = 0;
  let most = 0;
  let letGo: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let onNinth: () => void = () => {};
  const ninth = new Promise<void>((resolve) => {
    onNinth = resolve;
  });
  const builder: Builder = {
    name: 'held',
    supports: () => true,
    async build({ id }) {
      running++;
      most = Math.max(most, running);
      if (running === 9) onNinth();
      await held;
      running--;
      return { id, functionId: id, dir: '', handler: 'index.handler', inputs: [] };
    },
    close: async () => {},
  };
  const ids = Array.from({ length: 20 }, (_, index) => `f${index}`);
  open({}, { functions: ids.map((id) => ({ id })), builders: [builder], watch: false });
  const all = service.buildAll();
  await until(0, (fresh) => fresh.length === 8);
  const last = service.artifact('f19');
  await ninth;
  letGo();
  await all;
  expect(await last).toMatchObject({ functionId: 'f19' });
  expect(events.filter(ended)).toHaveLength(20);
  expect(most).toBe(9);
});
