import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProblems } from '../../../../../src/loaders/problems.ts';
import { makeVariables } from '../../../../../src/loaders/serverless/variables/variables.ts';
import { parseYaml } from '../../../../../src/loaders/yaml.ts';
import { inShort, temporaryProject } from '../../temporary-project.ts';

interface Given {
  readonly files?: Record<string, string>;
  readonly stage?: string;
  readonly options?: Record<string, string>;
  readonly params?: Record<string, string>;
  readonly env?: Record<string, string>;
}

function open(yaml: string, { files = {}, stage, options = {}, params = {}, env = {} }: Given = {}) {
  const root = temporaryProject(files);
  const parsed = parseYaml(yaml, join(root, 'serverless.yml'));
  const problems = makeProblems();
  const variables = makeVariables({
    value: parsed.value,
    origin: parsed,
    root,
    ...(stage === undefined ? {} : { stage }),
    options,
    params,
    env,
    accountId: '000000000000',
    instanceId: 'local',
  });
  const read = (path: string) => variables.deep(path === '' ? [] : path.split('.'), problems.report);
  return { root, variables, read, problems: () => problems.list().map(inShort) };
}

test('self: values keep their type; parts of a text become text', async () => {
  const { read, problems } = open(
    'custom: { n: 3, list: [1, "${self:custom.n}"], map: { a: x } }\nwhole: ${self:custom.map}\nlist: ${self:custom.list}\ntext: "n=${self:custom.n}, item=${self:custom.list.1}"',
  );
  expect(await read('whole')).toEqual({ a: 'x' });
  expect(await read('list')).toEqual([1, 3]);
  expect(await read('text')).toBe('n=3, item=3');
  expect(problems()).toEqual([]);
});

test('variables nest in addresses, and resolve through values that are variables', async () => {
  const { read } = open(
    'custom:\n  prod: { url: p }\n  dev: { url: d }\n  here: ${self:custom.${opt:stage}}\nurl: ${self:custom.here.url}',
    { stage: 'prod' },
  );
  expect(await read('url')).toBe('p');
});

test('fallbacks: the first source with a value wins, the last may be a literal', async () => {
  const { read, problems } = open(
    [
      "a: ${opt:a, env:A, 'literal'}",
      'b: ${opt:b, env:B, 1}',
      'c: ${env:C, ${self:d}}',
      'd: ${env:D, true}',
      'e: ${env:E, ""}',
      'f: ${env:F, null}',
      "g: ${ssm:/g, 'local'}",
      "h: ${file(none.yml):x, 'h'}",
      "i: ${self:none.at.all, 'i'}",
    ].join('\n'),
    { env: { B: 'from env' } },
  );
  expect(await read('')).toEqual({
    a: 'literal',
    b: 'from env',
    c: true,
    d: true,
    e: '',
    f: null,
    g: 'local',
    h: 'h',
    i: 'i',
  });
  expect(problems()).toEqual([]);
});

test('stage and region: options, then the provider, then the defaults', async () => {
  const yaml =
    'provider: { stage: "${opt:stage, \'qa\'}" }\nx: ${sls:stage} ${opt:stage} ${self:provider.stage} ${aws:region} ${opt:region}';
  expect(await open(yaml).read('x')).toBe('qa qa qa us-east-1 us-east-1');
  expect(await open(yaml, { stage: 'prod' }).read('x')).toBe('prod prod prod us-east-1 us-east-1');
  expect(await open('x: ${self:provider.stage} ${self:provider.region}').read('x')).toBe('dev us-east-1');
});

test('a stage that asks for itself is the default', async () => {
  const { read, problems } = open('provider:\n  stage: ${opt:stage}\nx: ${sls:stage}');
  expect(await read('provider.stage')).toBe('dev');
  expect(await read('x')).toBe('dev');
  expect(problems()).toEqual([]);
});

test('param: command line, then the stage, then the default; v3 and v4 forms', async () => {
  const v3 = 'params:\n  default: { a: 1, b: 2 }\n  prod: { a: 10 }\nx: ${param:a} ${param:b}';
  const v4 =
    'stages:\n  default: { params: { a: 1, b: 2 } }\n  prod: { params: { a: 10 } }\nx: ${param:a} ${param:b}';
  for (const yaml of [v3, v4]) {
    expect(await open(yaml).read('x')).toBe('1 2');
    expect(await open(yaml, { stage: 'prod' }).read('x')).toBe('10 2');
    expect(await open(yaml, { params: { b: 'cli' } }).read('x')).toBe('1 cli');
  }
});

test('file: YAML, JSON, text and programs, with and without a key; included variables resolve too', async () => {
  const { read, problems, variables, root } = open(
    [
      'custom: { name: shop }',
      'yml: ${file(./conf/a.yml):inner.key}',
      'json: ${file(conf/b.json)}',
      'text: ${file(conf/c.txt)}',
      'js: ${file(conf/d.js):settings.x}',
      'ts: ${file(conf/e.ts):load}',
      'by: ${file(conf/${opt:stage}.yml):v}',
    ].join('\n'),
    {
      files: {
        'conf/a.yml': 'inner:\n  key: "${self:custom.name}-a"',
        'conf/b.json': '{"b": ["${self:custom.name}"]}',
        'conf/c.txt': 'line one\nline two\n',
        'conf/d.js':
          'module.exports = async ({ options }) => ({ settings: { x: Object.keys(options).length } });',
        'conf/e.ts':
          "type C = { resolveVariable(v: string): Promise<unknown> };\nexport const load = async (c: C) => `${await c.resolveVariable('self:custom.name')}-ts`;",
        'conf/dev.yml': 'v: ${file(conf/c.txt)}',
      },
    },
  );
  expect(await read('')).toMatchObject({
    yml: 'shop-a',
    json: { b: ['shop'] },
    text: 'line one\nline two\n',
    js: 0,
    ts: 'shop-ts',
    by: 'line one\nline two\n',
  });
  expect(problems()).toEqual([]);
  expect([...variables.sources()].sort()).toEqual(
    ['a.yml', 'b.json', 'c.txt', 'd.js', 'dev.yml', 'e.ts'].map((name) => join(root, 'conf', name)),
  );
});

test('the place of an included value is in the included file', async () => {
  const { read, variables, root } = open('functions: ${file(f.yml):functions}', {
    files: { 'f.yml': '# first\nfunctions:\n  a:\n    handler: x.y\n' },
  });
  await read('functions');
  expect(variables.place(['functions', 'a', 'handler'])).toEqual({
    file: join(root, 'f.yml'),
    line: 4,
    column: 5,
  });
  expect(variables.place(['service'])).toMatchObject({ file: join(root, 'serverless.yml') });
});

test('strToBool, aws and sls', async () => {
  const { read, problems } = open(
    "a: ${strToBool(true)}\nb: ${strToBool(${env:B, '0'})}\nc: ${aws:accountId}\nd: ${sls:instanceId}\ne: ${strToBool(maybe)}",
  );
  expect(await read('')).toMatchObject({ a: true, b: false, c: '000000000000', d: 'local' });
  expect(problems()).toEqual([
    'error unresolved-variable e:5 ${strToBool(maybe)} has no value: "maybe" is not true, false, 1 or 0',
  ]);
});

test('a circle is named with its links and its place, once', async () => {
  const { read, problems } = open(
    'custom:\n  a: x-${self:custom.b}\n  b: ${self:custom.c.d}\n  c:\n    d: ${self:custom.a}\nuse: ${self:custom.a}',
  );
  await read('use');
  await read('custom');
  expect(problems()).toEqual([
    'error circular-variable custom.a:2 circular reference: custom.a → custom.b → custom.c.d → custom.a',
  ]);
});

test('a map that holds itself is a circle', async () => {
  const { read, problems } = open('custom:\n  self: ${self:custom}');
  await read('custom');
  expect(problems()).toEqual([expect.stringContaining('circular-variable')]);
});

test('what only the cloud knows can be given in custom.sls-local.variables', async () => {
  const { read, problems } = open(
    [
      'custom:',
      '  sls-local:',
      '    variables:',
      '      ssm:/db/url: http://localhost',
      '      cf(us-west-2):net.Subnets: [a, b]',
      'a: ${ssm:/db/url}',
      'b: ${cf(us-west-2):net.Subnets}',
      'c: x-${vault:secret/y}',
    ].join('\n'),
  );
  expect(await read('a')).toBe('http://localhost');
  expect(await read('b')).toEqual(['a', 'b']);
  expect(await read('c')).toBe('x-<unresolved vault:secret/y>');
  expect(problems()).toEqual([
    'warning unresolved-variable c:8 ${vault:secret/y} has no value: "vault" is not looked up on this machine',
  ]);
});

test.each([
  ['x: ${env:NO}', 'warning unresolved-variable x:1 ${env:NO} has no value: NO is not set'],
  ['x: ${opt:no}', 'warning unresolved-variable x:1 ${opt:no} has no value: the option no was not given'],
  [
    'x: ${self:custom.no}',
    'error unresolved-variable x:1 ${self:custom.no} has no value: the configuration has no custom.no',
  ],
  ['x: ${file(no.yml)}', 'error unresolved-variable x:1 ${file(no.yml)} has no value: no.yml does not exist'],
  ['x: ${file(f.yml):no}', 'error unresolved-variable x:1 ${file(f.yml):no} has no value: f.yml has no no'],
  [
    'x: ${param:no}',
    'warning unresolved-variable x:1 ${param:no} has no value: there is no parameter no for the stage dev and no default',
  ],
  [
    'x: ${opt:no, word}',
    'warning unresolved-variable x:1 ${opt:no} has no value: the option no was not given (in ${opt:no, word})',
  ],
  [
    'c: { m: { a: 1 } }\nx: "a ${self:c.m}"',
    'error invalid-variable x:2 ${self:c.m} is a map, but stands inside a text',
  ],
  ['x: ${self:c.${env:NO}}', 'warning unresolved-variable x:1 ${env:NO} has no value: NO is not set'],
])('%s is told precisely', async (yaml, problem) => {
  const { read, problems } = open(yaml, { files: { 'f.yml': 'a: 1' } });
  expect(await read('x')).toContain('<unresolved ');
  expect(problems()).toEqual([problem]);
});

test('an included file that is broken is told with its own line', async () => {
  const { read, problems, root } = open('x: ${file(f.yml):a}\ny: ${file(f.ts):a}', {
    files: { 'f.yml': 'a: 1\na: 2', 'f.ts': 'export const a = ;' },
  });
  await read('');
  expect(problems()).toEqual([
    expect.stringMatching(/^error project-syntax :2 /),
    expect.stringMatching(/^error project-syntax :1 /),
  ]);
  expect(root).not.toBe('');
});

test('text from the environment is taken as it is', async () => {
  const { read } = open('x: ${env:X}', { env: { X: '${self:secret}' } });
  expect(await read('x')).toBe('${self:secret}');
});

test("CloudFormation's own placeholders pass through", async () => {
  const { read, problems } = open('x: !Sub "${AWS::Region}-${self:name}-${Table}"\nname: shop');
  expect(await read('x')).toEqual({ 'Fn::Sub': '${AWS::Region}-shop-${Table}' });
  expect(problems()).toEqual([]);
});
