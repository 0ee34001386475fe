import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadTemplate } from './project-on-disk.ts';

const template = (metadata: string, properties = 'Handler: app.handler') => `
Transform: AWS::Serverless-2016-10-31
Parameters: { Stage: { Type: String, Default: beta } }
Globals: { Function: { Runtime: nodejs22.x, CodeUri: src } }
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: { ${properties} }
    Metadata:
      BuildMethod: esbuild
      BuildProperties:
${metadata.replaceAll(/^/gm, '        ')}
`;

const load = async (metadata: string, properties?: string) => {
  const loaded = await loadTemplate(template(metadata, properties));
  return { ...loaded, bundle: loaded.project.functions[0]?.bundle, src: join(loaded.folder, 'src') };
};

test('properties of the build become options of the bundler', async () => {
  const { bundle, lines, src, folder, project } = await load(`
Minify: true
Sourcemap: true
Target: es2022
OutExtension: [.js=.mjs]
UseNpmCi: true
Format: esm
External: [sharp, !Sub '@\${Stage}/x']
Banner: ["js=import { createRequire } from 'module'; const a = b == 1;"]
Define: [!Sub "STAGE='\${Stage}'", 'N=1']
Loader: [.png=dataurl, .txt=text]
Alias: ['@lib=./lib', react=preact]
MainFields: module,main
Conditions: [worker]
Inject: [./shim.js]
KeepNames: true`);
  expect(lines).toEqual([]);
  expect(project.functions[0]?.external).toEqual(['sharp', '@beta/x']);
  expect(bundle).toEqual({
    options: {
      format: 'esm',
      banner: { js: "import { createRequire } from 'module'; const a = b == 1;" },
      define: { STAGE: "'beta'", N: '1' },
      loader: { '.png': 'dataurl', '.txt': 'text' },
      alias: { '@lib': join(src, 'lib'), react: 'preact' },
      mainFields: ['module', 'main'],
      conditions: ['worker'],
      inject: [join(src, 'shim.js')],
      keepNames: true,
    },
    place: { file: join(folder, 'template.yaml'), line: 11, column: 7 },
  });
});

test.each([
  ['app.handler', '[lib/app.ts]', 'lib/app.ts'],
  ['./app.nested.handler', '[lib/app]', 'lib/app'],
  ['b/two.handler', '[lib/a/one.ts, lib/b/two.mts]', 'lib/b/two.mts'],
  ['two.handler', '[lib/a/one.ts, lib/two.ts]', 'lib/two.ts'],
])('the handler %s of the entry points %s is made of %s', async (handler, entries, entry) => {
  const { bundle, lines, src } = await load(`EntryPoints: ${entries}`, `Handler: ${handler}`);
  expect(lines).toEqual([]);
  expect(bundle?.entry).toBe(join(src, entry));
});

test('an entry point that the handler names itself says nothing more', async () => {
  const { bundle, lines } = await load('EntryPoints: [app.ts]\nMinify: false');
  expect([bundle, lines]).toEqual([undefined, []]);
});

test('a handler that the build makes nothing of is told', async () => {
  const { bundle, problems } = await load('EntryPoints: [lib/app.ts]', 'Handler: lib/app.handler');
  expect(bundle).toBeUndefined();
  expect(problems).toMatchObject([
    {
      severity: 'warning',
      code: 'handler-not-built',
      message: 'the handler "lib/app.handler" is none of what the build makes of its entry points: app.js',
      hint: 'write Handler: app.handler',
      place: { line: 12 },
    },
  ]);
});

test('what esbuild does not take, what is not done and what is misspelt is told with its line', async () => {
  const { bundle, lines } = await load(`Define: [STAGE=dev-1, N=1]
Loader: [.png=picture]
Format: iife
MangleProps: _$
Platform: browser
EntryPoint: [a.ts]`);
  expect(bundle?.options).toEqual({ define: { N: '1' }, loader: {} });
  expect(lines).toEqual([
    'error invalid-value @14: Resources.F.Metadata.BuildProperties.Format: expected "cjs" or "esm", found "iife"',
    'error invalid-value @12: Resources.F.Metadata.BuildProperties.Define.STAGE is nothing esbuild takes: Invalid define value (must be an entity name or JS literal): dev-1',
    'error invalid-value @13: Resources.F.Metadata.BuildProperties.Loader..png is nothing esbuild takes: Invalid loader value: "picture"',
    'warning not-emulated @15: Resources.F.Metadata.BuildProperties.MangleProps is not emulated: properties keep their names',
    'warning not-emulated @16: Resources.F.Metadata.BuildProperties.Platform is not emulated: functions are built for Node',
    'warning unknown-key @17: "EntryPoint" is not a known key of Resources.F.Metadata.BuildProperties',
  ]);
});

test('properties for another build say nothing of esbuild', async () => {
  const { project, lines } = await loadTemplate(
    template('External: [sharp]\nDefine: 1').replace('esbuild', 'nodejs'),
  );
  expect(lines).toEqual([]);
  expect(project.functions[0]).toMatchObject({ external: ['sharp'] });
  expect(project.functions[0]?.bundle).toBeUndefined();
});
