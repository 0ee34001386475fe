import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeCompiledBuilder } from '../../../src/build/compiled-builder.ts';
import type { FunctionSpec } from '../../../src/model/project.ts';
import { makeHolds } from '../../../src/std/holds.ts';
import { describeWithTool } from '../../suites/require-tool.ts';

function makeProject(files: Readonly<Record<string, string>>) {
  const home = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  onTestFinished(() => {
    // What the Go tool caches is read-only.
    spawnSync('chmod', ['-R', 'u+w', home]);
    rmSync(home, { recursive: true, force: true });
  });
  const root = join(home, 'project');
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const fn = (given: Partial<FunctionSpec> = {}): FunctionSpec => ({
    id: 'Hello',
    name: 'shop-Hello',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:shop-Hello',
    handler: 'bootstrap',
    runtime: 'provided.al2023',
    codeRoot: root,
    env: {},
    memoryMb: 128,
    timeoutMs: 3000,
    architecture: 'x86_64',
    layers: [],
    external: [],
    ...given,
  });
  const builder = (env: Readonly<Record<string, string>> = {}) =>
    makeCompiledBuilder({ inUse: makeHolds(), outDir: join(home, 'out'), env: { ...process.env, ...env } });
  return { root, write, fn, builder };
}

const signal = new AbortController().signal;
const MAKEFILE = 'build-Hello:\n\tcp main.sh $(ARTIFACTS_DIR)/bootstrap\n\techo built >> log\n';
const byMakefile = { build: { method: 'makefile', target: 'build-Hello' } } as const;

test('a Makefile’s target fills the artifact', async () => {
  const { builder, fn } = makeProject({ Makefile: MAKEFILE, 'main.sh': 'one' });
  const { dir, handler } = await builder().build(fn(byMakefile), signal);
  expect(readFileSync(join(dir, 'bootstrap'), 'utf8')).toBe('one');
  expect(handler).toBe('bootstrap');
});

test('a change of a source gives another artifact, and no change none', async () => {
  const { builder, fn, root, write } = makeProject({
    Makefile: MAKEFILE.replace('\techo built >> log\n', ''),
    'main.sh': 'one',
  });
  const make = builder();
  const first = await make.build(fn(byMakefile), signal);
  expect(await make.build(fn(byMakefile), signal)).toEqual(first);
  write('main.sh', 'two');
  const second = await make.build(fn(byMakefile), signal);
  expect(second.id).not.toBe(first.id);
  expect(readFileSync(join(second.dir, 'bootstrap'), 'utf8')).toBe('two');
  expect(second.inputs).toContain(join(root, 'main.sh'));
});

test('a build that writes beside its sources every time is not run again for that', async () => {
  const { builder, fn, root } = makeProject({ Makefile: MAKEFILE, 'main.sh': 'one' });
  const make = builder();
  await make.build(fn(byMakefile), signal);
  const runs = readFileSync(join(root, 'log'), 'utf8');
  await make.build(fn(byMakefile), signal);
  expect(readFileSync(join(root, 'log'), 'utf8')).toBe(runs);
});

test('a build that fails shows its last words', async () => {
  const { builder, fn } = makeProject({ Makefile: 'build-Hello:\n\t@echo no such colour >&2; exit 3\n' });
  await expect(builder().build(fn(byMakefile), signal)).rejects.toMatchObject({
    code: 'build-failed',
    message: expect.stringContaining('no such colour'),
  });
});

test('a compiler that is not installed is named, with what to install', async () => {
  const { builder, fn } = makeProject({ 'main.go': 'package main' });
  await expect(builder({ PATH: '/nowhere' }).build(fn(), signal)).rejects.toMatchObject({
    code: 'build-tool-missing',
    hint: expect.stringContaining('install Go'),
  });
});

test('what has a bootstrap already, or is interpreted, is not compiled', () => {
  const { builder, fn } = makeProject({ 'main.go': 'package main', bootstrap: '' });
  expect(builder().supports(fn())).toBe(false);
  expect(builder().supports(fn({ ...byMakefile, runtime: 'nodejs22.x' }))).toBe(false);
  expect(builder().supports(fn({ build: { method: 'go' } }))).toBe(true);
});

await describeWithTool('go', 'Go', () => {
  const program = (text: string) => `package main\n\nfunc main() { println("${text}") }\n`;

  test('the program of the folder becomes the bootstrap', async () => {
    const { builder, fn } = makeProject({ 'go.mod': 'module shop\n\ngo 1.19\n', 'main.go': program('up') });
    expect(builder().supports(fn())).toBe(true);
    const { dir } = await builder().build(fn(), signal);
    expect(spawnSync(join(dir, 'bootstrap'), { encoding: 'utf8' }).stderr).toBe('up\n');
  }, 60_000);

  test('the handler may name the program’s folder in the module', async () => {
    const { builder, fn } = makeProject({
      'go.mod': 'module shop\n\ngo 1.19\n',
      'cmd/create/main.go': program('create'),
    });
    const { dir } = await builder().build(fn({ handler: 'cmd/create' }), signal);
    expect(spawnSync(join(dir, 'bootstrap'), { encoding: 'utf8' }).stderr).toBe('create\n');
  }, 60_000);

  test('a program that does not compile is shown with file and line', async () => {
    const { builder, fn } = makeProject({
      'go.mod': 'module shop\n\ngo 1.19\n',
      'main.go': 'package main\n\nfunc main() { nowhere() }\n',
    });
    await expect(builder().build(fn(), signal)).rejects.toMatchObject({
      message: expect.stringMatching(/main\.go:3:\d+: undefined: nowhere/),
    });
  }, 60_000);

  test('a module that cannot be downloaded is a failure that says what to do', async () => {
    const { builder, fn } = makeProject({
      'go.mod': 'module shop\n\ngo 1.19\n\nrequire example.com/nowhere v1.0.0\n',
      'main.go': 'package main\n\nimport _ "example.com/nowhere"\n\nfunc main() {}\n',
    });
    const env = { GOPROXY: 'off', GOFLAGS: '-mod=mod', GONOSUMDB: '*' };
    await expect(builder(env).build(fn(), signal)).rejects.toMatchObject({
      code: 'build-failed',
      hint: expect.stringContaining('go mod download'),
    });
  }, 60_000);
});

await describeWithTool('cargo', 'Rust', () => {
  test('the binary of the package becomes the bootstrap, and nothing is written beside the sources', async () => {
    const { builder, fn, root } = makeProject({
      'Cargo.toml': '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n',
      'src/main.rs': 'fn main() { println!("rust is up"); }\n',
    });
    const { dir } = await builder({ CARGO_NET_OFFLINE: 'true' }).build(fn(), signal);
    expect(execFileSync(join(dir, 'bootstrap'), { encoding: 'utf8' })).toBe('rust is up\n');
    expect(existsSync(join(root, 'target'))).toBe(false);
  }, 60_000);
});
