import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { PluginBuild } from 'esbuild';
import { afterEach, expect, test } from 'vitest';
import { makeEsbuildBuilder } from '../../../src/build/esbuild-builder.ts';
import type { BundleOptions, BundleSettings } from '../../../src/model/bundle.ts';
import type { FunctionSpec } from '../../../src/model/project.ts';
import type { Artifact, Builder } from '../../../src/model/runtime.ts';
import { SlsError } from '../../../src/std/errors.ts';
import { makeHolds } from '../../../src/std/holds.ts';
import { makeFunction, makeProjectFolder, type ProjectFolder } from './project-folder.ts';

let folder: ProjectFolder;
let builder: Builder;
afterEach(async () => {
  await builder.close();
  folder.remove();
});

const never = new AbortController().signal;

function open(files: Readonly<Record<string, string>>, provided?: readonly string[]): Builder {
  folder = makeProjectFolder(files);
  builder = makeEsbuildBuilder({
    inUse: makeHolds(),
    root: folder.root,
    outDir: folder.path('.sls-local/build'),
    ...(provided ? { provided } : {}),
  });
  return builder;
}

const build = (overrides: Partial<FunctionSpec> = {}) =>
  builder.build(makeFunction(folder.root, overrides), never);

/** Runs the artifact's handler in a Node process of its own, in the artifact's folder, and answers its result. */
function run(artifact: Artifact): unknown {
  const [name = '', ...path] = artifact.handler.split('.');
  const file = ['.cjs', '.mjs'].map((e) => join(artifact.dir, name + e)).find((f) => existsSync(f));
  const script = `import(${JSON.stringify(file)}).then(async (m) => {
    const handler = ${JSON.stringify(path)}.reduce((o, k) => o[k], { ...m.default, ...m });
    console.log(JSON.stringify(await handler({})));
  })`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { cwd: artifact.dir, encoding: 'utf8' }));
}

async function failureOf(work: Promise<unknown>): Promise<SlsError> {
  const thrown = await work.catch((failure: unknown) => failure);
  if (thrown instanceof SlsError) return thrown;
  throw new Error(`no SlsError was thrown but ${String(thrown)}`);
}

const files = (dir: string) => readdirSync(dir).filter((name) => name.startsWith('index'));

test('a TypeScript handler becomes CommonJS with a source map of absolute sources and their content', async () => {
  const source =
    'export const handler = async (): Promise<string> => greet();\nimport { greet } from "./greet";\n';
  open({ 'src/create.ts': source, 'src/greet.ts': 'export const greet = () => "hello";' });
  const artifact = await build();
  expect(files(artifact.dir)).toEqual(['index.cjs', 'index.cjs.map']);
  expect(artifact.dir).toBe(folder.path('.sls-local/build/create', artifact.id));
  expect(artifact.handler).toBe('index.handler');
  expect(run(artifact)).toBe('hello');
  const text = readFileSync(join(artifact.dir, 'index.cjs.map'), 'utf8');
  const map = new TraceMap(text);
  expect(map.sources).toEqual([folder.path('src/create.ts'), folder.path('src/greet.ts')]);
  expect(map.sourcesContent?.[0]).toBe(source);
  expect(readFileSync(join(artifact.dir, 'index.cjs'), 'utf8')).toContain('sourceMappingURL=index.cjs.map');
});

test('the inputs of an artifact are its sources and the tsconfig and package.json that decide about them', async () => {
  open({
    'src/create.ts': 'import { a } from "@lib/a"; export const handler = async () => a;',
    'lib/a.ts': 'export const a = 1;',
    'tsconfig.json': '{ "extends": "./tsconfig.base.json" /* paths */ }',
    'tsconfig.base.json': '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }',
    'package.json': '{}',
  });
  const artifact = await build();
  expect(run(artifact)).toBe(1);
  expect([...artifact.inputs].filter((path) => path.startsWith(folder.root)).sort()).toEqual(
    ['lib/a.ts', 'package.json', 'src/create.ts', 'tsconfig.base.json', 'tsconfig.json'].map((f) =>
      folder.path(f),
    ),
  );
});

test('CommonJS sources, nested exports, JSON and text files are bundled', async () => {
  open({
    'app.js':
      'const c = require("./c.json"); const t = require("./t.txt"); exports.api = { get: async () => [c.n, t] };',
    'c.json': '{"n":1}',
    't.txt': 'text',
  });
  const artifact = await build({ handler: 'app.api.get' });
  expect(artifact.handler).toBe('index.api.get');
  expect(run(artifact)).toEqual([1, 'text']);
});

test('import.meta.url and dirname work in a CommonJS bundle', async () => {
  open({
    'package.json': '{"type":"module"}',
    'src/create.ts':
      'const here = [import.meta.url, import.meta.dirname, import.meta.filename]; export const handler = async () => here;',
  });
  const artifact = await build();
  const file = join(artifact.dir, 'index.cjs');
  expect(run(artifact)).toEqual([`file://${file}`, artifact.dir, file]);
});

test('top-level await makes an ES module, in which CommonJS code finds require and __dirname', async () => {
  open({
    'src/create.ts': [
      'import { createRequire } from "node:module";',
      'import legacy from "../lib/legacy.cjs";',
      'const require = createRequire(import.meta.url);',
      'const __dirname = "mine";',
      'const os = require("os");',
      'const name = await Promise.resolve("later");',
      'export const handler = async () => [name, __dirname, typeof os.cpus, ...legacy()];',
    ].join('\n'),
    'lib/legacy.cjs':
      'const path = require("path"); module.exports = () => [__dirname, path.basename(__filename)];',
  });
  const artifact = await build();
  expect(files(artifact.dir)).toEqual(['index.mjs', 'index.mjs.map']);
  expect(run(artifact)).toEqual(['later', 'mine', 'function', artifact.dir, 'index.mjs']);
});

test('what else import.meta has makes an ES module too', async () => {
  open({ 'src/create.ts': 'export const handler = async () => typeof import.meta.resolve;' });
  expect(run(await build())).toBe('function');
});

test('packages stay out of the bundle and are found whatever the working directory', async () => {
  open({
    'src/create.ts':
      'import { a } from "pkg"; import deep from "@s/deep/x"; export const handler = async () => [a, deep];',
    'node_modules/pkg/package.json': '{"name":"pkg","main":"lib/main.js"}',
    'node_modules/pkg/lib/main.js': 'exports.a = require("./other");',
    'node_modules/pkg/lib/other.js': 'module.exports = __filename;',
    'node_modules/@s/deep/package.json': '{"name":"@s/deep"}',
    'node_modules/@s/deep/x.js': 'module.exports = 2;',
  });
  const artifact = await build();
  const other = folder.path('node_modules/pkg/lib/other.js');
  expect(run(artifact)).toEqual([other, 2]);
  expect(artifact.inputs).not.toContain(other);
  expect(artifact.inputs).toContain(folder.path('node_modules/pkg/package.json'));
  expect(artifact.inputs).toContain(folder.path('node_modules/.package-lock.json'));
  expect(artifact.reads).toContain(folder.path('node_modules'));
});

test('a package of ES modules only is bundled into a CommonJS bundle, and imported by an ES module', async () => {
  const pkg = {
    'node_modules/esm/package.json': '{"name":"esm","type":"module","exports":{"import":"./i.js"}}',
    'node_modules/esm/i.js':
      'import cjs from "cjs"; export const where = import.meta.url; export const n = cjs.n;',
    'node_modules/cjs/package.json': '{"name":"cjs"}',
    'node_modules/cjs/index.js': 'module.exports = { n: 5 };',
  };
  open({ 'src/create.ts': 'import { n } from "esm"; export const handler = async () => n;', ...pkg });
  expect(run(await build())).toBe(5);
  folder.write(
    'src/late.ts',
    'import { n, where } from "esm"; import { n as m } from "cjs"; await 0; export const handler = async () => [n, m, where];',
  );
  const late = await build({ id: 'late', handler: 'src/late.handler' });
  expect(run(late)).toEqual([5, 5, `file://${folder.path('node_modules/esm/i.js')}`]);
});

test('a dynamic import of a package works in both formats', async () => {
  open({
    'src/create.ts': 'export const handler = async () => (await import("pkg")).a;',
    'src/late.ts': 'await 0; export const handler = async () => (await import("pkg")).a;',
    'node_modules/pkg/package.json': '{"name":"pkg","type":"module","exports":"./x.js"}',
    'node_modules/pkg/x.js': 'export const a = 3;',
  });
  expect(run(await build())).toBe(3);
  expect(run(await build({ id: 'late', handler: 'src/late.handler' }))).toBe(3);
});

test('a workspace package linked into node_modules is bundled from its source, with its own dependencies', async () => {
  open({
    'api/src/create.ts': 'import { shared } from "@shop/shared"; export const handler = async () => shared;',
    'shared/package.json': '{"name":"@shop/shared","main":"src/index.ts"}',
    'shared/src/index.ts': 'import v from "only-here"; export const shared: string = "shared " + v;',
    'shared/node_modules/only-here/package.json': '{"name":"only-here"}',
    'shared/node_modules/only-here/index.js': 'module.exports = "dep";',
  });
  mkdirSync(folder.path('node_modules/@shop'), { recursive: true });
  symlinkSync('../../shared', folder.path('node_modules/@shop/shared'));
  const artifact = await build({ codeRoot: folder.path('api') });
  expect(run(artifact)).toBe('shared dep');
  expect(artifact.inputs).toContain(folder.path('shared/src/index.ts'));
});

test('a native add-on is loaded from where it lies', async () => {
  open({
    'src/create.ts': 'import addon from "./addon.node"; export const handler = async () => addon;',
    'src/addon.node': 'not really an add-on',
  });
  const artifact = await build();
  const text = readFileSync(join(artifact.dir, 'index.cjs'), 'utf8');
  expect(text).toContain(`require("${folder.path('src/addon.node')}")`);
});

test('modules named as external are left to the run time by name', async () => {
  open({
    'src/create.ts':
      'import a from "layered"; import b from "in-layer/x"; export const handler = async () => [a, b];',
    'layer/nodejs/node_modules/in-layer/x.js': '',
  });
  const artifact = await build({ external: ['layered'], layers: [folder.path('layer')] });
  const text = readFileSync(join(artifact.dir, 'index.cjs'), 'utf8');
  expect(text).toContain('require("layered")');
  expect(text).toContain('require("in-layer/x")');
});

const leftOut = [[], ['@aws-sdk/*', 'aws-sdk']];

test.each(leftOut)(
  'the AWS SDK that is not installed is named, with what to do, when the code first needs it (external: %s)',
  async (...external) => {
    open({
      'src/create.ts': [
        'export const handler = async () => {',
        '  try { return String(require("@aws-sdk/client-dynamodb")); } catch (e) { return [e.code, e.message]; }',
        '};',
      ].join('\n'),
    });
    const [code, message] = run(await build({ external })) as [string, string];
    expect(code).toBe('MODULE_NOT_FOUND');
    expect(message).toContain("the cloud's nodejs20.x brings it along");
    expect(message).toContain('npm install --save-dev @aws-sdk/client-dynamodb');
  },
);

test.each(leftOut)(
  'the AWS SDK that is not installed is taken from where it is provided (external: %s)',
  async (...external) => {
    open({ 'src/create.ts': 'import { a } from "aws-sdk"; export const handler = async () => a;' }, [
      '/nowhere/node_modules',
    ]);
    await builder.close();
    folder.write('elsewhere/node_modules/aws-sdk/index.js', 'exports.a = 7;');
    builder = makeEsbuildBuilder({
      inUse: makeHolds(),
      root: folder.root,
      outDir: folder.path('out'),
      provided: [folder.path('elsewhere/node_modules')],
    });
    const artifact = await build({ external });
    expect(run(artifact)).toBe(7);
    // A container sees nothing else.
    expect(
      artifact.reads?.some((read) => folder.path('elsewhere/node_modules/aws-sdk/').startsWith(read)),
    ).toBe(true);
  },
);

test('an AWS SDK that is installed stays what it is where the project leaves it out', async () => {
  open({
    'src/create.ts': 'import { a } from "@aws-sdk/own"; export const handler = async () => a;',
    'node_modules/@aws-sdk/own/index.js': 'exports.a = 8;',
  });
  const artifact = await build({ external: ['@aws-sdk/*'] });
  expect(run(artifact)).toBe(8);
  expect(readFileSync(join(artifact.dir, 'index.cjs'), 'utf8')).toContain('require("@aws-sdk/own")');
});

test('files beside the handler and at the code root can be read from the artifact', async () => {
  open({
    'src/create.ts': [
      'import { readFileSync } from "node:fs";',
      'import { join } from "node:path";',
      'export const handler = async () => [readFileSync("templates/x.html", "utf8"), readFileSync(join(__dirname, "y.txt"), "utf8")];',
    ].join('\n'),
    'src/y.txt': 'beside',
    'templates/x.html': 'root',
    'index.cjs': 'throw new Error("not the bundle")',
  });
  const artifact = await build();
  expect(run(artifact)).toEqual(['root', 'beside']);
  expect(existsSync(join(artifact.dir, '.sls-local'))).toBe(false);
});

test('an artifact says what its code may load or read besides, and whether by names that show only then', async () => {
  const provided = '/nowhere/node_modules';
  open(
    {
      'src/create.ts': 'import a from "@s/dep"; export const handler = async () => a;',
      'node_modules/@s/dep/lib/i.js': '',
      'node_modules/@s/dep/package.json': '{"main":"lib/i.js"}',
    },
    [provided],
  );
  expect(await build()).toMatchObject({
    sees: [folder.root, folder.path('node_modules/@s/dep')],
    loadsByName: false,
  });
  for (const code of ['require(name)', 'import(name)', '((r) => r(name))(require)']) {
    folder.write('src/create.ts', `export const handler = async (name) => ${code};`);
    expect(await build(), code).toMatchObject({ loadsByName: true });
  }
});

test('what is new beside the code is shown in the artifact', async () => {
  open({ 'src/create.ts': 'export const handler = async () => 1;' });
  const fn = makeFunction(folder.root);
  const artifact = await build();
  const text = folder.write('src/new.txt', 'new');
  builder.show?.(fn, artifact, text);
  expect(readFileSync(join(artifact.dir, 'new.txt'), 'utf8')).toBe('new');
});

test('a module of a pattern is found as Node.js finds it, and as what it is compiled from', async () => {
  open({
    'src/create.js': [
      'const load = (name) => { try { return require("./parts/" + name).a; } catch (e) { return [e.code, e.message]; } };',
      'exports.handler = async () => Promise.all([...["one", "one.js", "two", "two.js", "three", "three/", "four", "none"].map(load),',
      '  import("./parts/" + "two").then((m) => m.a)]);',
    ].join('\n'),
    'src/parts/one.js': 'exports.a = 1;',
    'src/parts/one.ts': 'export const a = "not this one";',
    'src/parts/two.ts': 'export const a: number = 2;',
    'src/parts/three/index.js': 'exports.a = 3;',
    'src/parts/four.json': '{"a":4}',
  });
  const artifact = await build();
  expect(run(artifact)).toEqual([
    ...[1, 1, 2, 2, 3, 3, 4],
    ['MODULE_NOT_FOUND', 'Module not found in bundle: ./parts/none'],
    2,
  ]);
  expect(artifact.folders).toEqual([folder.path('src/parts'), folder.path('src/parts/three')]);
  const code = readFileSync(join(artifact.dir, 'index.cjs'), 'utf8').split('\n');
  const line = code.findIndex((text) => text.includes('.a = 1')) + 1;
  const map = new TraceMap(readFileSync(join(artifact.dir, 'index.cjs.map'), 'utf8'));
  const column = code[line - 1]?.indexOf('.a = 1') ?? -1;
  expect(originalPositionFor(map, { line, column })).toMatchObject({
    source: folder.path('src/parts/one.js'),
    line: 1,
  });
});

test('an artifact says whether its code names the Runtime API, whatever lies beside it', async () => {
  open({
    'src/create.ts': 'export const handler = async () => 1;',
    'src/notes.txt': 'AWS_LAMBDA_RUNTIME_API',
  });
  expect(await build()).toMatchObject({ namesRuntimeApi: false });
  folder.write('src/create.ts', 'export const handler = async () => process.env.AWS_LAMBDA_RUNTIME_API;');
  expect(await build()).toMatchObject({ namesRuntimeApi: true });
  folder.write('src/agent.js', 'exports.url = process.env.AWS_LAMBDA_RUNTIME_API;');
  folder.write('src/create.ts', 'export const handler = async () => 2;');
  expect(await build()).toMatchObject({ namesRuntimeApi: false });
  folder.write('src/create.ts', "import { url } from './agent.js'; export const handler = async () => url;");
  expect(await build()).toMatchObject({ namesRuntimeApi: true });
});

test('the id follows the content: the same again for the same text, another for another', async () => {
  open({ 'src/create.ts': 'export const handler = async () => 1;' });
  const first = await build();
  folder.write('src/create.ts', 'export const handler = async () => 2;');
  const second = await build();
  folder.write('src/create.ts', 'export const handler = async () => 1;');
  const third = await build();
  expect(second.id).not.toBe(first.id);
  expect(third).toEqual(first);
  expect(run(first)).toBe(1);
  expect(run(second)).toBe(2);
});

test('only the newest few folders of a function are kept', async () => {
  open({ 'src/create.ts': '' });
  for (let n = 0; n < 8; n++) {
    folder.write('src/create.ts', `export const handler = async () => ${n};`);
    await build();
  }
  await builder.close();
  const builds = readdirSync(folder.path('.sls-local/build/create')).filter((name) => name !== 'code-cache');
  expect(builds.length).toBeLessThanOrEqual(4);
});

test('compiled code has a folder that instances see, outlives builds and goes with the function', async () => {
  open({ 'src/create.ts': 'export const handler = async () => 1;' });
  expect(await build(), 'small code compiles quickly').not.toHaveProperty('cacheDir');
  const large = `export const text = '${'x'.repeat(100_000)}';`;
  folder.write('src/create.ts', `${large} export const handler = async () => 1;`);
  const { cacheDir = '', reads } = await build();
  expect(reads).toContain(cacheDir);
  writeFileSync(join(cacheDir, 'v20.code'), 'compiled');
  for (let n = 0; n < 6; n++) {
    folder.write('src/create.ts', `${large} export const handler = async () => ${n};`);
    expect((await build()).cacheDir).toBe(cacheDir);
  }
  expect(readdirSync(cacheDir)).toEqual(['v20.code']);
  await builder.forget?.('create');
  await builder.close();
  expect(existsSync(cacheDir)).toBe(false);
});

test('an error shows its place in the source', async () => {
  open({ 'src/create.ts': 'const a = 1;\nconst ä = "ü", b = ;\nexport const handler = async () => a;' });
  const error = await failureOf(build());
  expect(error).toMatchObject({
    code: 'build-failed',
    file: folder.path('src/create.ts'),
    line: 2,
    column: 20,
  });
  expect(error.message).toBe(
    [
      'cannot build create: src/create.ts:2:20: Unexpected ";"',
      '',
      '  2 | const ä = "ü", b = ;',
      '    |                    ^',
    ].join('\n'),
  );
});

test('several errors are listed up to five, and an import that leads nowhere gets a hint', async () => {
  const imports = Array.from({ length: 7 }, (_, n) => `import "missing-${n}";`).join('\n');
  open({ 'src/create.ts': `${imports}\nexport const handler = 1;` });
  const error = await failureOf(build());
  expect(error.message.match(/Could not resolve/g)).toHaveLength(5);
  expect(error.message).toContain('and 2 more errors');
  expect(error.hint).toMatch(/^install it \(npm install missing-\d\)/);
});

test('a build that is no longer wanted ends with the reason, and the next one reads the files anew', async () => {
  open({ 'src/create.ts': 'export const handler = async () => 1;' });
  const stop = new AbortController();
  const first = builder.build(makeFunction(folder.root), stop.signal);
  stop.abort(new Error('newer'));
  folder.write('src/create.ts', 'export const handler = async () => 2;');
  const second = build();
  await expect(first).rejects.toThrow('newer');
  expect(run(await second)).toBe(2);
});

/** Stands in for the project's own TypeScript: says which files it was handed, and with which options. */
const COMPILER = `
exports.sys = { fileExists: require('node:fs').existsSync, readFile: (file) => require('node:fs').readFileSync(file, 'utf8') };
exports.ModuleKind = { CommonJS: 1 };
exports.JsxEmit = { Preserve: 1 };
exports.findConfigFile = (folder, exists) => {
  for (let at = folder; ; at = require('node:path').dirname(at)) if (exists(at + '/tsconfig.json')) return at + '/tsconfig.json';
};
exports.readConfigFile = (file, read) => ({ config: JSON.parse(read(file)) });
exports.parseJsonConfigFileContent = ({ compilerOptions }) => ({ options: compilerOptions });
exports.transpileModule = (text, { compilerOptions: { target, module } }) => ({
  outputText: 'const part = require("./part"), shape = require("./shape");' +
    'exports.handler = () => [' + JSON.stringify({ target, module }) + ', part.part, typeof shape.Shape];',
});
`;

const DECORATED = {
  'src/create.ts':
    'import { part } from "./part";\nimport { Shape } from "./shape";\n@kept\nclass A {}\nexport const handler = (_: Shape) => [part, A];',
  'src/part.ts': 'export const part = "of a part";',
  'src/shape.ts': 'export interface Shape {}',
  'node_modules/typescript/index.js': COMPILER,
};

test('files with decorators are compiled by the TypeScript of a project that wants their types at run time', async () => {
  open({
    ...DECORATED,
    'tsconfig.json': '{ "compilerOptions": { "emitDecoratorMetadata": true, "target": "es2020" } }',
  });
  const expected = [{ target: 'es2020', module: 1 }, 'of a part', 'undefined'];
  expect(run(await build())).toEqual(expected);
});

test('a project that does not ask for it has them compiled like any other file', async () => {
  open({ ...DECORATED, 'tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true } }' });
  const code = readFileSync(join((await build()).dir, 'index.cjs'), 'utf8');
  expect(code).toMatch(/__decorate\w*\(\[\s*kept/);
});

const bundled = (options: BundleOptions, rest: Partial<BundleSettings> = {}) =>
  build({ bundle: { options, ...rest } });

test('what the project defines, injects, aliases and loads otherwise is so in the bundle', async () => {
  open({
    'src/create.ts': `import { lib } from '@lib/lib'; import bin from './one.bin';
      export const handler = async () => [STAGE, lib, bin, INJECTED, globalThis.MARKS, import.meta.url];`,
    'src/lib/lib.ts': "export const lib = 'lib';",
    'src/one.bin': 'hi',
    'src/inject.ts': "export const INJECTED = 'injected';",
  });
  const artifact = await bundled({
    define: { STAGE: '"dev"', 'import.meta.url': '"here"' },
    alias: { '@lib': folder.path('src/lib') },
    inject: [folder.path('src/inject.ts')],
    loader: { '.bin': 'base64' },
    banner: { js: "globalThis.MARKS = ['banner'];" },
    footer: { js: "globalThis.MARKS.push('footer');" },
  });
  expect(run(artifact)).toEqual(['dev', 'lib', 'aGk=', 'injected', ['banner', 'footer'], 'here']);
  expect(artifact.inputs).toContain(folder.path('src/inject.ts'));
});

test('files that a loader copies lie beside the code as they are', async () => {
  open({
    'src/create.ts': `import name from './note.txt'; import { readFileSync } from 'node:fs'; import { join } from 'node:path';
      export const handler = async () => readFileSync(join(__dirname, name), 'utf8');`,
    'src/note.txt': '// a note',
  });
  expect(run(await bundled({ loader: { '.txt': 'file' } }))).toBe('// a note');
});

test('an ES module is made where the project says so, with a require of its own or ours', async () => {
  open({
    'src/create.ts': `import { base } from './common'; export const handler = async () => [base, typeof import.meta.resolve, require('node:path').sep];`,
    'src/common.js': "exports.base = require('node:path').basename(__filename);",
  });
  const esm = await bundled({ format: 'esm' });
  expect(files(esm.dir)).toEqual(['index.mjs', 'index.mjs.map']);
  expect(run(esm)).toEqual(['index.mjs', 'function', '/']);
  const js =
    "import { createRequire as make } from 'module'; const require = make(import.meta.url); const __filename = 'mine';";
  expect(run(await bundled({ format: 'esm', banner: { js } }))).toEqual(['index.mjs', 'function', '/']);
});

test('CommonJS that the project asks for is not given up for an ES module', async () => {
  open({ 'src/create.ts': 'await null; export const handler = async () => 1;' });
  const failure = await failureOf(bundled({ format: 'cjs' }));
  expect(failure.message).toContain(
    'Top-level await is currently not supported with the "cjs" output format',
  );
});

test('a file of a package that Node would not take is bundled', async () => {
  const inModules = 'node_modules/dual';
  open({
    'src/create.ts': "import { kind } from 'dual'; export const handler = async () => kind;",
    [`${inModules}/package.json`]: '{"name":"dual","main":"main.js","module":"module.js"}',
    [`${inModules}/main.js`]: "exports.kind = 'main';",
    [`${inModules}/module.js`]: "export const kind = 'module';",
  });
  expect(run(await build())).toBe('main');
  const artifact = await bundled({ mainFields: ['module', 'main'] });
  expect(artifact.inputs).toContain(folder.path(inModules, 'module.js'));
  expect(run(artifact)).toBe('module');
  expect((await bundled({ mainFields: ['main', 'module'] })).inputs).not.toContain(
    folder.path(inModules, 'main.js'),
  );
});

test("the project's own plugins come before ours", async () => {
  open({ 'src/create.ts': "import path from 'virtual:hello'; export const handler = async () => path;" });
  const virtual = {
    name: 'virtual',
    setup(build: PluginBuild) {
      build.onResolve({ filter: /^virtual:/ }, ({ path }) => ({ path, namespace: 'virtual' }));
      build.onLoad({ filter: /./, namespace: 'virtual' }, ({ path }) => ({
        contents: `export default ${JSON.stringify(path)}`,
      }));
    },
  };
  const artifact = await bundled({}, { plugins: { revision: '1', list: [virtual] } });
  expect(run(artifact)).toBe('virtual:hello');
  expect(artifact.inputs).not.toContain(folder.path('virtual:virtual:hello'));
});

test('other settings make another artifact, at once', async () => {
  open({ 'src/create.ts': 'export const handler = async () => STAGE;' });
  const ids = [];
  for (const stage of ['dev', 'beta', 'dev']) {
    const artifact = await bundled({ define: { STAGE: `"${stage}"` } });
    expect(run(artifact)).toBe(stage);
    ids.push(artifact.id);
  }
  expect(ids[1]).not.toBe(ids[0]);
  expect(ids[2]).toBe(ids[0]);
});

test('settings the bundler does not take fail the build where the project file says them', async () => {
  open({ 'src/create.ts': 'export const handler = async () => 1;' });
  const place = { file: '/project/serverless.yml', line: 5, column: 3 };
  const failure = await failureOf(bundled({ define: { STAGE: 'dev-1' } }, { place }));
  expect(failure).toMatchObject({ code: 'build-failed', ...place });
  expect(failure.message).toContain('Invalid define value (must be an entity name or JS literal): dev-1');
});

test('the tsconfig.json that is named counts, and what it extends is watched', async () => {
  open({
    'src/create.ts': "import { a } from '@lib/a'; export const handler = async () => a;",
    'lib/a.ts': 'export const a = 1;',
    'config/build.json': '{ "extends": "./base.json" }',
    'config/base.json': '{ "compilerOptions": { "paths": { "@lib/*": ["../lib/*"] } } }',
  });
  const artifact = await bundled({ tsconfig: folder.path('config/build.json') });
  expect(run(artifact)).toBe(1);
  expect(artifact.inputs).toContain(folder.path('config/base.json'));
});

test('an entry point may be another file than the handler names, with or without its ending', async () => {
  open({ 'src/app.ts': "export const handler = async () => 'app';" });
  for (const entry of ['src/app.ts', 'src/app'])
    expect(
      run(await build({ handler: 'app.handler', bundle: { options: {}, entry: folder.path(entry) } })),
    ).toBe('app');
  const failure = await failureOf(
    build({ handler: 'app.handler', bundle: { options: {}, entry: folder.path('src/gone.ts') } }),
  );
  expect(failure.code).toBe('handler-not-found');
  expect(failure.message).toContain('the entry point src/gone.ts of function create is not a file');
});
