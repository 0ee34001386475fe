/** The published JSON schema and what the loader accepts are the same thing; these samples pin it down. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { flawsOf } from '../../../../src/loaders/native/validate.ts';
import { parseYaml } from '../../../../src/loaders/yaml.ts';

const repository = resolve(import.meta.dirname, '../../../..');
const schemaFile = resolve(repository, 'src/loaders/native/sls-local.schema.json');
const schema = JSON.parse(readFileSync(schemaFile, 'utf8'));

/** Paths of what the schema rejects. */
const rejected = (config: unknown) =>
  flawsOf(config, () => ({ file: 'x' })).map((flaw) => flaw.problem.subject);

const project = (fn: object, more: object = {}) => ({
  name: 'shop',
  functions: { fn: { handler: 'a.b', ...fn } },
  ...more,
});

test('the sample in YAML is accepted', () => {
  const file = resolve(repository, 'fixtures/projects/hello/sls-local.config.yml');
  expect(rejected(parseYaml(readFileSync(file, 'utf8'), file).value)).toEqual([]);
});

test('every reference of the schema leads somewhere, and every pattern is a pattern', () => {
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { $ref, pattern } = node as { $ref?: unknown; pattern?: unknown };
    if (typeof $ref === 'string') expect(schema.$defs).toHaveProperty($ref.replace('#/$defs/', ''));
    if (typeof pattern === 'string') expect(() => new RegExp(pattern, 'u')).not.toThrow();
    for (const child of Object.values(node)) visit(child);
  };
  visit(schema);
});

test('the schema uses no keyword that the validator does not read', () => {
  const read = new Set(
    '$ref $defs $schema title description type enum pattern minimum maximum properties propertyNames additionalProperties required items minItems maxItems anyOf x-function'.split(
      ' ',
    ),
  );
  const visit = (node: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(node)) {
      expect(read, key).toContain(key);
      if (key === 'properties' || key === '$defs')
        for (const child of Object.values(value as object)) visit(child);
      else if (key === 'anyOf') for (const child of value as Record<string, unknown>[]) visit(child);
      else if (typeof value === 'object' && value !== null && !Array.isArray(value))
        visit(value as Record<string, unknown>);
    }
  };
  visit(schema);
});

test.each([
  ['http', 'GET /a'],
  ['http', ['GET /a', { route: 'ANY /{proxy+}', api: 'rest' }]],
  ['url', true],
  ['url', { cors: { allowOrigins: ['*'] } }],
  ['queue', ['a', { queue: 'b', batchSize: 1 }]],
  ['schedule', 'rate(5 minutes)'],
  ['schedule', { expression: 'cron(0 3 * * ? *)', input: { any: [1, null] } }],
  ['env', { A: 'a', B: 1, C: false }],
  ['env', () => ({})],
  ['timeout', '1.5s'],
])('a function may have %s %j', (key, value) => {
  expect(rejected(project({ [key]: value }))).toEqual([]);
});

test.each([
  ['http', 'GET orders', 'functions.fn.http'],
  ['http', ['GET /a', 'PSOT /b'], 'functions.fn.http[1]'],
  ['http', { route: 'GET /a', api: 'graphql' }, 'functions.fn.http.api'],
  ['http', { api: 'rest' }, 'functions.fn.http.route'],
  ['http', 5, 'functions.fn.http'],
  ['url', 'yes', 'functions.fn.url'],
  ['url', { cors: { allowOrigins: '*' } }, 'functions.fn.url.cors.allowOrigins'],
  ['queue', { batchSize: 0, queue: 'a' }, 'functions.fn.queue.batchSize'],
  ['schedule', 'daily', 'functions.fn.schedule'],
  ['env', { 'not a name': 'x' }, 'functions.fn.env.not a name'],
  ['env', { A: null }, 'functions.fn.env.A'],
  ['handler', 'handler', 'functions.fn.handler'],
  ['timeout', '10', 'functions.fn.timeout'],
  ['architecture', 'x86', 'functions.fn.architecture'],
  ['unknown', 1, 'functions.fn.unknown'],
])('a function may not have %s %j', (key, value, path) => {
  expect(rejected(project({ [key]: value }))).toEqual([path]);
});

test.each([
  [{ tables: { t: { key: { hash: 'a', range: 'b' }, stream: 'NEW_IMAGE' } } }, []],
  [{ tables: { t: { key: 5 } } }, ['tables.t.key']],
  [{ tables: { t: { key: { range: 'b' } } } }, ['tables.t.key.hash']],
  [{ tables: { t: { key: 'a', attributes: { a: 'String' } } } }, ['tables.t.attributes.a']],
  [
    { tables: { t: { key: 'a', indexes: { i: { key: 'b', projection: 'SOME' } } } } },
    ['tables.t.indexes.i.projection'],
  ],
  [{ tables: { t: { key: 'a', indexes: { i: { key: { hash: ['a', 'b'], range: ['c'] } } } } } }, []],
  [{ tables: { t: { key: 'a', indexes: { i: { key: { hash: [] } } } } } }, ['tables.t.indexes.i.key.hash']],
  [
    { tables: { t: { key: 'a', indexes: { i: { key: { hash: 'a', range: ['1', '2', '3', '4', '5'] } } } } } },
    ['tables.t.indexes.i.key.range'],
  ],
  [{ tables: { t: { key: { hash: ['a'] } } } }, ['tables.t.key.hash']],
  [{ queues: { q: { deadLetter: { queue: 'd', maxReceiveCount: 3 } } } }, []],
  [{ queues: { q: { deadLetter: { queue: 'd' } } } }, ['queues.q.deadLetter.maxReceiveCount']],
  [{ queues: { q: { name: 'a b' } } }, ['queues.q.name']],
  [{ name: 'my shop' }, ['name']],
  [{ functions: [] }, ['functions']],
])('a project with %j', (more, paths) => {
  expect(rejected(project({}, more))).toEqual(paths);
});
