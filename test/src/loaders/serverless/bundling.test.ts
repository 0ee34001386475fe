import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serverlessLoader } from '../../../../src/loaders/serverless/loader.ts';
import { loadWith, noOptions } from '../temporary-project.ts';

const head = 'service: shop\nprovider: { name: aws, runtime: nodejs22.x, stage: qa }\n';
const functions = 'functions: { a: { handler: a.b }, py: { handler: a.b, runtime: python3.13 } }\n';
const load = async (yaml: string, files: Record<string, string> = {}) => {
  const loaded = await loadWith(serverlessLoader, { 'serverless.yml': head + yaml + functions, ...files });
  const [a, py] = loaded.project.functions;
  expect(py?.bundle).toBeUndefined();
  return { ...loaded, bundle: a?.bundle, external: a?.external };
};

test('esbuild options of the framework and of its plugin are taken, what only packages is not', async () => {
  const { bundle, external, said, root } = await load(`build:
  esbuild:
    external: [sharp]
    buildConcurrency: 2
    minify: true
    sourcemap: { type: linked }
    define: { STAGE: '"\${sls:stage}"' }
    banner: { js: '// hello' }
    alias: { '@lib': ./lib, react: preact }
    loader: { .png: dataurl }
    inject: ./shim.js
    mainFields: [module, main]
    conditions: [worker]
    resolveExtensions: [.web.ts, .ts]
    format: esm
    keepNames: true
    jsx: automatic
    tsconfig: config/tsconfig.json
    supported: { bigint: false }
custom:
  esbuild: { exclude: ['@aws-sdk/*'], packager: pnpm, watch: { pattern: '\${file(gone.yml)}' }, footer: { js: '// bye' } }
`);
  expect(said).toEqual([]);
  expect(external).toEqual(['sharp', '@aws-sdk/*']);
  expect(bundle?.options).toEqual({
    define: { STAGE: '"qa"' },
    banner: { js: '// hello' },
    footer: { js: '// bye' },
    alias: { '@lib': join(root, 'lib'), react: 'preact' },
    loader: { '.png': 'dataurl' },
    inject: [join(root, 'shim.js')],
    mainFields: ['module', 'main'],
    conditions: ['worker'],
    resolveExtensions: ['.web.ts', '.ts'],
    format: 'esm',
    keepNames: true,
    jsx: 'automatic',
    tsconfig: join(root, 'config/tsconfig.json'),
    supported: { bigint: false },
  });
});

test('what is wrong, not done or not known is told with its line, and the rest is taken', async () => {
  const { bundle, said } = await load(`custom:
  esbuild:
    define:
      DEBUG: true
      N: '1'
    mainFields: module
    assetNames: assets/[name]
    minfy: true
`);
  expect(bundle?.options).toEqual({ define: { N: '1' } });
  expect(said).toEqual([
    'error invalid-value custom.esbuild.define.DEBUG:6 custom.esbuild.define.DEBUG is nothing esbuild takes: Expected value for define "DEBUG" to be a string, got boolean instead',
    'error invalid-value custom.esbuild.mainFields:8 custom.esbuild.mainFields is nothing esbuild takes: "mainFields" must be an array of strings',
    'warning not-emulated custom.esbuild.assetNames:9 custom.esbuild.assetNames is not emulated: files of the loaders "file" and "copy" lie beside the code, named for their content',
    'warning unknown-key custom.esbuild.minfy:10 "minfy" is not a known key of custom.esbuild',
  ]);
});

test('a value that cannot be had is told once, and left out', async () => {
  const { bundle, said } = await load(
    "custom: { esbuild: { define: { A: '${env:GONE}', B: '1' }, tsconfig: '${env:GONE}' } }\n",
  );
  expect(bundle?.options).toEqual({ define: { B: '1' } });
  expect(said.every((line) => line.includes('GONE'))).toBe(true);
});

const plugin = "{ name: 'own', setup() {} }";

test.each([
  ['plugins.js', `module.exports = [${plugin}];`],
  ['plugins.js', `module.exports = ({ service }) => service.provider.stage === 'qa' ? [${plugin}] : [];`],
  ['plugins.ts', `export default [${plugin}] satisfies object[];`],
])('plugins come of the file %s: %s', async (name, text) => {
  const { bundle, said, project, root } = await load(`custom: { esbuild: { plugins: ./${name} } }\n`, {
    [name]: text,
  });
  expect(said).toEqual([]);
  expect(bundle?.plugins?.list).toMatchObject([{ name: 'own' }]);
  expect(project.sources).toContain(join(root, name));
  const again = async () => {
    const { project } = await serverlessLoader.load(join(root, 'serverless.yml'), noOptions);
    return project.functions[0]?.bundle?.plugins?.revision;
  };
  expect(await again()).toBe(bundle?.plugins?.revision);
  writeFileSync(join(root, name), `${text}\n// changed`);
  expect(await again()).not.toBe(bundle?.plugins?.revision);
});

test.each([
  ['gone.js', '', 'esbuild-file-not-found', 'custom.esbuild.plugins: there is no file "gone.js"'],
  ['p.js', 'module.exports = 1;', 'invalid-value', 'or a function that returns it, from p.js, found 1'],
  ['p.js', 'module.exports = (s) => s.service.x.y;', 'project-program', 'p.js failed: Cannot read'],
])('a file of plugins, %s with %j, that gives none is told', async (name, text, code, message) => {
  const files: Record<string, string> = name === 'gone.js' ? {} : { [name]: text };
  const { bundle, problems, project, root } = await load(
    `custom: { esbuild: { plugins: ${name}, keepNames: true } }\n`,
    files,
  );
  expect(bundle).toMatchObject({ options: { keepNames: true } });
  expect(bundle?.plugins).toBeUndefined();
  expect(problems).toMatchObject([{ severity: 'error', code, message: expect.stringContaining(message) }]);
  expect(problems[0]?.place?.line).toBeGreaterThan(0);
  expect(project.sources).toContain(join(root, name));
});

test('the configuration file of the framework goes below what is written beside it', async () => {
  const { bundle, said, external } = await load(
    "build: { esbuild: { configFile: ./esbuild.js, external: [b], define: { B: '3' } } }\n",
    {
      'esbuild.js': `module.exports = (serverless) => ({ external: ['a'], define: { A: '1', B: '2' }, plugins: [${plugin}] });`,
    },
  );
  expect(said).toEqual([]);
  expect(external).toEqual(['a', 'b']);
  expect(bundle).toMatchObject({
    options: { define: { A: '1', B: '3' } },
    plugins: { list: [{ name: 'own' }] },
  });
});

test('the configuration file of the plugin stands in place of what is written, and its flaws in itself', async () => {
  const { bundle, problems, root } = await load(
    "custom: { esbuild: { config: ./esbuild.js, define: { B: '3' } } }\n",
    { 'esbuild.js': "module.exports = () => ({ define: { A: '1' }, mainFields: 'main' });" },
  );
  expect(bundle?.options).toEqual({ define: { A: '1' } });
  expect(problems).toMatchObject([{ code: 'invalid-value', place: { file: join(root, 'esbuild.js') } }]);
});

test('a definition of nothing, as in the template of the framework, is the word', async () => {
  const { project, problems } = await loadWith(serverlessLoader, {
    'serverless.ts': `export default { service: 'shop', provider: { name: 'aws', runtime: 'nodejs22.x' },
      custom: { esbuild: { define: { 'require.resolve': undefined } } }, functions: { a: { handler: 'a.b' } } };`,
  });
  expect(problems).toEqual([]);
  expect(project.functions[0]?.bundle?.options).toEqual({ define: { 'require.resolve': 'undefined' } });
});

test('plugins of a configuration that is a program are taken as they are', async () => {
  const { project, problems } = await loadWith(serverlessLoader, {
    'serverless.ts': `export default { service: 'shop', provider: { name: 'aws', runtime: 'nodejs22.x' },
      custom: { esbuild: { plugins: [${plugin}] } }, functions: { a: { handler: 'a.b' } } };`,
  });
  expect(problems).toEqual([]);
  expect(project.functions[0]?.bundle?.plugins?.list).toMatchObject([{ name: 'own' }]);
});
