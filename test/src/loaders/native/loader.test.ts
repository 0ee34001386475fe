import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nativeLoader } from '../../../../src/loaders/native/loader.ts';
import type { LoadOptions } from '../../../../src/model/project.ts';
import { loadWith, noOptions, temporaryProject } from '../temporary-project.ts';

const load = (yaml: string, options: Partial<LoadOptions> = {}, files: Record<string, string> = {}) =>
  loadWith(nativeLoader, { 'sls-local.config.yml': yaml, ...files }, options);

const one = (more: string) => `name: shop\nfunctions:\n  fn:\n    handler: src/fn.handler\n${more}`;

test('the smallest project', async () => {
  const { root, project, said } = await load('name: shop\nfunctions:\n  fn: { handler: src/fn.handler }\n');
  expect(said).toEqual([]);
  expect(project).toEqual({
    name: 'shop',
    root,
    file: join(root, 'sls-local.config.yml'),
    sources: [join(root, 'sls-local.config.yml'), join(root, '.env'), join(root, '.env.dev')],
    stage: 'dev',
    region: 'us-east-1',
    accountId: '000000000000',
    functions: [
      {
        id: 'fn',
        name: 'shop-dev-fn',
        arn: 'arn:aws:lambda:us-east-1:000000000000:function:shop-dev-fn',
        handler: 'src/fn.handler',
        runtime: 'nodejs22.x',
        codeRoot: root,
        env: {},
        memoryMb: 1024,
        timeoutMs: 6000,
        architecture: 'x86_64',
        layers: [],
        external: [],
        place: { file: join(root, 'sls-local.config.yml'), line: 3, column: 3 },
      },
    ],
    triggers: [],
    resources: [],
  });
});

test('defaults hold for all functions; a function overrides them; the command line wins over stage and region', async () => {
  const { root, project, said } = await load(
    `
name: shop
stage: qa
region: eu-west-1
defaults: { runtime: python3.13, memoryMb: 256, timeout: 1.5s, architecture: arm64, codeRoot: code, external: [sharp] }
functions:
  a: { handler: a.main }
  b:
    handler: b.main
    name: b-name
    description: the second
    runtime: nodejs20.x
    memoryMb: 128
    timeoutMs: 100
    architecture: x86_64
    codeRoot: other
    external: []
    reservedConcurrency: 3
`,
    { stage: 'prod' },
  );
  expect(said).toEqual([]);
  expect(project).toMatchObject({ stage: 'prod', region: 'eu-west-1' });
  expect(project.functions).toMatchObject([
    {
      name: 'shop-prod-a',
      arn: 'arn:aws:lambda:eu-west-1:000000000000:function:shop-prod-a',
      runtime: 'python3.13',
      memoryMb: 256,
      timeoutMs: 1500,
      architecture: 'arm64',
      codeRoot: join(root, 'code'),
      external: ['sharp'],
    },
    {
      name: 'b-name',
      description: 'the second',
      runtime: 'nodejs20.x',
      memoryMb: 128,
      timeoutMs: 100,
      architecture: 'x86_64',
      codeRoot: join(root, 'other'),
      external: [],
      reservedConcurrency: 3,
    },
  ]);
});

test('routes: one or several, short or long; cors of the project or of the route', async () => {
  const { project, said } = await load(
    one(`    http:
      - POST /orders
      - $default
      - { route: 'ANY /files/{path+}', payload: '1.0', cors: false }
      - { route: 'GET /rest/{id}', api: rest, cors: { allowOrigins: ['https://a'], maxAgeSeconds: 5 } }
cors: true
`),
  );
  expect(said).toEqual([]);
  const open = {
    allowOrigins: ['*'],
    allowMethods: ['*'],
    allowHeaders: ['*'],
    exposeHeaders: [],
    allowCredentials: false,
  };
  const shared = { functionId: 'fn', place: expect.objectContaining({ line: 5 }) };
  const http = { kind: 'http-api', timeoutMs: 30_000, payloadFormat: '2.0' };
  expect(project.triggers).toEqual([
    { ...shared, ...http, method: 'POST', path: '/orders', cors: open },
    { ...shared, ...http, method: 'ANY', path: '$default', cors: open },
    { ...shared, ...http, method: 'ANY', path: '/files/{path+}', payloadFormat: '1.0' },
    {
      ...shared,
      kind: 'rest-api',
      method: 'GET',
      path: '/rest/{id}',
      stage: 'dev',
      timeoutMs: 29_000,
      binaryMediaTypes: [],
      cors: { ...open, allowOrigins: ['https://a'], maxAgeSeconds: 5 },
    },
  ]);
});

test('a schedule that cannot run is told and left out', async () => {
  const { project, said } = await load(
    one(
      '    schedule: [rate(5 minute), cron(* * * *), rate(1 day), { expression: rate(1 day), timezone: Mars }]\n',
    ),
  );
  expect(project.triggers).toMatchObject([{ kind: 'schedule', expression: 'rate(1 day)', timezone: 'UTC' }]);
  expect(said).toEqual([
    expect.stringContaining('functions.fn.schedule:5'),
    expect.stringContaining("'cron(* * * *)' is not valid: it has 4 fields instead of six"),
    expect.stringContaining("'Mars' is no time zone"),
  ]);
});

test('queues, schedules and a URL', async () => {
  const { project, said } = await load(
    one(`    url: { cors: true, stream: true }
    queue:
      - plain
      - { queue: special, batchSize: 2, batchWindow: 5s, reportBatchItemFailures: true, maximumConcurrency: 4, enabled: false }
    schedule:
      - rate(1 day)
      - { expression: cron(0 3 * * ? *), name: nightly, timezone: Europe/Paris, input: { a: 1 }, enabled: false }
queues:
  plain:
  special: { name: special-queue }
`),
  );
  expect(said).toEqual([]);
  expect(project.triggers.map(({ place, functionId, ...trigger }) => trigger)).toEqual([
    { kind: 'function-url', streams: true, cors: expect.objectContaining({ allowOrigins: ['*'] }) },
    {
      kind: 'queue',
      queueArn: 'arn:aws:sqs:us-east-1:000000000000:shop-dev-plain',
      batchSize: 10,
      batchWindowMs: 0,
      reportBatchItemFailures: false,
      enabled: true,
    },
    {
      kind: 'queue',
      queueArn: 'arn:aws:sqs:us-east-1:000000000000:special-queue',
      batchSize: 2,
      batchWindowMs: 5000,
      reportBatchItemFailures: true,
      maximumConcurrency: 4,
      enabled: false,
    },
    {
      kind: 'schedule',
      name: 'shop-dev-fn-schedule',
      expression: 'rate(1 day)',
      timezone: 'UTC',
      enabled: true,
    },
    {
      kind: 'schedule',
      name: 'nightly',
      expression: 'cron(0 3 * * ? *)',
      timezone: 'Europe/Paris',
      input: '{"a":1}',
      enabled: false,
    },
  ]);
});

test('tables', async () => {
  const { project, said } = await load(
    one(`tables:
  simple: { key: id }
  full:
    name: full-table
    key: { hash: customer, range: createdAt }
    attributes: { createdAt: N }
    indexes:
      byStatus: { key: { hash: status, range: createdAt }, projection: [total] }
      byTotal: { key: { hash: customer, range: total }, projection: KEYS_ONLY, local: true }
    ttl: expiresAt
    stream: true
`),
  );
  expect(said).toEqual([]);
  const shared = { kind: 'table', billingMode: 'PAY_PER_REQUEST' };
  expect(project.resources).toEqual([
    {
      ...shared,
      id: 'simple',
      name: 'shop-dev-simple',
      attributes: { id: 'S' },
      key: { hash: 'id' },
      globalIndexes: [],
      localIndexes: [],
      place: expect.objectContaining({ line: 6 }),
    },
    {
      ...shared,
      id: 'full',
      name: 'full-table',
      attributes: { customer: 'S', createdAt: 'N', status: 'S', total: 'S' },
      key: { hash: 'customer', range: 'createdAt' },
      globalIndexes: [
        {
          name: 'byStatus',
          key: { hash: 'status', range: 'createdAt' },
          projection: { type: 'INCLUDE', nonKeyAttributes: ['total'] },
        },
      ],
      localIndexes: [
        {
          name: 'byTotal',
          key: { hash: 'customer', range: 'total' },
          projection: { type: 'KEYS_ONLY', nonKeyAttributes: [] },
        },
      ],
      ttlAttribute: 'expiresAt',
      streamView: 'NEW_AND_OLD_IMAGES',
      place: expect.objectContaining({ line: 7 }),
    },
  ]);
});

test('a global index keyed by several attributes, and indexes that cannot be', async () => {
  const { project, said } = await load(
    one(`tables:
  games:
    key: { hash: id, range: at }
    attributes: { round: N }
    indexes:
      byCup: { key: { hash: [cup, region], range: [round, bracket] } }
      byDay: { key: { hash: [day], range: round } }
      local: { key: { hash: id, range: [round, day] }, local: true }
      twice: { key: { hash: [day, day] } }
`),
  );
  expect(said).toEqual([
    expect.stringMatching(/index "local" has several hash or range attributes/),
    expect.stringMatching(/index "twice" names "day" twice/),
  ]);
  expect(project.resources).toMatchObject([
    {
      attributes: { id: 'S', at: 'S', cup: 'S', region: 'S', round: 'N', bracket: 'S', day: 'S' },
      globalIndexes: [
        {
          name: 'byCup',
          key: { hash: 'cup', furtherHashes: ['region'], range: 'round', furtherRanges: ['bracket'] },
        },
        { name: 'byDay', key: { hash: 'day', range: 'round' } },
        { name: 'twice' },
      ],
    },
  ]);
});

test('a table may be protected and tagged', async () => {
  const { project, said } = await load(
    one(`tables:
  orders: { key: id, deletionProtection: true, tags: { team: shop } }
  plain: { key: id, deletionProtection: false, tags: {} }
`),
  );
  expect(said).toEqual([]);
  expect(project.resources).toMatchObject([{ deletionProtection: true, tags: { team: 'shop' } }, {}]);
  expect(project.resources[1]).not.toHaveProperty('deletionProtection');
  expect(project.resources[1]).not.toHaveProperty('tags');
});

test('what the cloud refuses of a table is a warning; a name no call can name leaves it out', async () => {
  const { project, said } = await load(
    one(`tables:
  a b: { key: id }
  same: { key: { hash: id, range: id } }
  typed:
    key: id
    attributes: { id: N, total: N }
  sorted:
    key: id
    indexes:
      by: { key: other, local: true }
`),
  );
  expect(said).toEqual([
    'error invalid-table tables.a b:6 table "a b" is named "shop-dev-a b", which the cloud refuses',
    'warning invalid-table tables.same.key:7 table "same" has "id" as hash and range of its key: the cloud refuses that',
    'warning invalid-table tables.typed.attributes.total:10 table "typed" has a type for "total", which is no part of a key: the cloud refuses that; it does not count here',
    'warning invalid-table tables.sorted.indexes.by:14 table "sorted" has an index named "by", which the cloud refuses: no call can name it',
    'warning invalid-table tables.sorted.indexes.by:14 table "sorted" has no range key, but the local index "by": the cloud refuses that',
    'warning invalid-table tables.sorted.indexes.by:14 table "sorted" has the local index "by" without a range: the cloud refuses that',
    'warning invalid-table tables.sorted.indexes.by:14 table "sorted" has the local index "by" with the hash "other": the cloud takes only that of the table, "id"',
  ]);
  expect(project.resources).toMatchObject([{ id: 'same' }, { id: 'typed' }, { id: 'sorted' }]);
});

test('queue settings, with durations in words or milliseconds', async () => {
  const { project, said } = await load(
    one(`queues:
  jobs:
    fifo: true
    contentBasedDeduplication: true
    visibilityTimeout: 5m
    delayMs: 1500
    retention: 1d
    receiveWait: 20s
    maximumMessageBytes: 2048
    deadLetter: { queue: dead, maxReceiveCount: 3 }
  dead: { fifo: true }
`),
  );
  expect(said).toEqual([]);
  expect(project.resources).toMatchObject([
    {
      name: 'shop-dev-jobs.fifo',
      arn: 'arn:aws:sqs:us-east-1:000000000000:shop-dev-jobs.fifo',
      fifo: true,
      contentBasedDeduplication: true,
      visibilityTimeoutMs: 300_000,
      delayMs: 1500,
      retentionMs: 86_400_000,
      receiveWaitMs: 20_000,
      maximumMessageBytes: 2048,
      deadLetter: {
        queueArn: 'arn:aws:sqs:us-east-1:000000000000:shop-dev-dead.fifo',
        maxReceiveCount: 3,
      },
    },
    {
      name: 'shop-dev-dead.fifo',
      visibilityTimeoutMs: 30_000,
      delayMs: 0,
      retentionMs: 345_600_000,
      receiveWaitMs: 0,
      maximumMessageBytes: 1_048_576,
    },
  ]);
});

test('environment values look up names, addresses and the shell; functions win over the project', async () => {
  const { root, project, said } = await load(
    `
name: shop
env:
  A: project
  TABLE: '{{ tableName orders }}'
  N: 1
functions:
  fn:
    handler: a.b
    env:
      A: own
      QUEUE: '{{queueUrl jobs}}'
      ARN: 'arn={{ queueArn jobs }}'
      FN: '{{ functionName other }}'
      WHERE: '{{ stage }}/{{ region }}'
      SECRET: '{{ env SECRET }}-{{ env SHELL_ONLY }}'
  other: { handler: a.b, name: the-other }
tables: { orders: { key: id } }
queues: { jobs: {} }
`,
    { env: { SHELL_ONLY: 'yes' } },
    { '.env': 'SECRET=from-file' },
  );
  expect(said).toEqual([]);
  expect(project.functions[0]?.env).toEqual({
    A: 'own',
    TABLE: 'shop-dev-orders',
    N: '1',
    QUEUE: '${SLS_QUEUE_URL:shop-dev-jobs}',
    ARN: 'arn=arn:aws:sqs:us-east-1:000000000000:shop-dev-jobs',
    FN: 'the-other',
    WHERE: 'dev/us-east-1',
    SECRET: 'from-file-yes',
  });
  expect(project.sources).toContain(join(root, '.env'));
});

test('a look-up of something that is not there is told with its place', async () => {
  const { project, said } = await load(
    one(`    env:
      A: '{{ queueUrl jbos }}'
      B: '{{ env MISSING }}'
      C: '{{ url of it }}'
      D: '{{ secret x }}'
      AWS_REGION: here
queues: { jobs: {} }
`),
  );
  expect(said).toEqual([
    'error unresolved-variable functions.fn.env.A:6 functions.fn.env.A: there is no queue "jbos" in this file',
    'error unresolved-variable functions.fn.env.D:9 functions.fn.env.D: {{ secret x }} is not something that can be looked up',
    'warning unresolved-variable functions.fn.env.B:7 functions.fn.env.B: MISSING is not set',
    'warning reserved-variable functions.fn.env.AWS_REGION:10 AWS_REGION is set by Lambda itself, which refuses a function that sets it; it is left out',
  ]);
  expect(project.functions[0]?.env).not.toHaveProperty('AWS_REGION');
});

test('TypeScript: defineConfig, functions for env, and a configuration that is a function', async () => {
  const text = `
import { defineConfig } from 'sls-local';
export default defineConfig(async ({ stage, env }) => ({
  name: 'shop',
  stage: stage ?? 'local',
  functions: {
    fn: {
      handler: 'fn.handler',
      env: ({ queueUrl, tableName, env: shell, stage: current }) => ({
        Q: queueUrl('jobs'), T: tableName('orders'), X: shell('X'), S: current, Y: env.X, N: 5,
      }),
    },
  },
  tables: { orders: { key: 'id' } },
  queues: { jobs: {} },
}));`;
  const { project, said } = await loadWith(
    nativeLoader,
    { 'sls-local.config.ts': text },
    { env: { X: 'x' } },
  );
  expect(said).toEqual([]);
  expect(project).toMatchObject({ stage: 'local' });
  expect(project.functions[0]?.env).toEqual({
    Q: '${SLS_QUEUE_URL:shop-local-jobs}',
    T: 'shop-local-orders',
    X: 'x',
    S: 'local',
    Y: 'x',
    N: '5',
  });
});

test('an env function that throws takes the variables away, not the function', async () => {
  const text =
    "export default {\n  name: 'shop',\n  functions: { fn: { handler: 'a.b', env: () => {\n    throw new Error('oh');\n  } } },\n};";
  const { project, said } = await loadWith(nativeLoader, { 'sls-local.config.mjs': text });
  expect(project.functions).toMatchObject([{ id: 'fn', env: {} }]);
  expect(said).toEqual(['error project-program :4 sls-local.config.mjs failed: oh']);
});

test('what is wrong is told with path, found and expected; the rest of the project is there', async () => {
  const { project, said } = await load(`
name: 7
functions:
  good: { handler: a.b, http: [GET /ok, get bad, POST /fine] }
  noHandler: {}
  list: []
  big: { handler: a.b, memoryMb: 99999 }
  slow: { handler: a.b, timeout: 20m }
  future: { handler: a.b, runtime: nodejs99.x }
  typo: { handler: a.b, shedule: rate(1 day) }
  odd: { handler: a.b, env: { A: [1], B: ok } }
tables:
  keyless: {}
  fine: { key: id }
queues:
  q: { delay: 5 }
more: 1
`);
  expect(said).toEqual([
    'error invalid-value name:2 name: expected a name of letters, digits and -, found 7',
    'error invalid-value functions.good.http[1]:4 functions.good.http[1]: expected a route such as "POST /orders", found "get bad"',
    'error invalid-value functions.noHandler.handler:5 functions.noHandler has no handler: expected a handler such as "src/create-order.handler"',
    'error invalid-value functions.list:6 functions.list: expected a map with a handler, found a list',
    'error invalid-value functions.big.memoryMb:7 functions.big.memoryMb: expected a number from 128 to 10240, found 99999',
    'error invalid-value functions.odd.env.A:11 functions.odd.env.A: expected a text, number or boolean, found a list',
    'error invalid-value tables.keyless.key:13 tables.keyless has no key: expected an attribute name, or { hash, range }',
    'error invalid-value queues.q.delay:16 queues.q.delay: expected a duration such as "10s" or "5m", found 5',
    'error invalid-value functions.slow.timeout:8 functions.slow.timeout: expected a duration from "1ms" to "15m", found "20m"',
    'error unknown-runtime functions.future.runtime:9 functions.future: unknown runtime "nodejs99.x"',
    'warning unknown-key functions.typo.shedule:10 "shedule" is not a known key of functions.typo',
    'warning unknown-key more:17 "more" is not a known key of the configuration',
  ]);
  expect(project.functions.map((fn) => fn.id)).toEqual(['good', 'typo', 'odd']);
  expect(project.functions[2]?.env).toEqual({ B: 'ok' });
  expect(project.triggers).toMatchObject([{ path: '/ok' }, { path: '/fine' }]);
  expect(project.resources).toMatchObject([{ kind: 'table' }, { kind: 'queue', delayMs: 0 }]);
});

test('a queue that is not declared is told where it is asked for', async () => {
  const { project, said } = await load(
    one(
      '    queue: jbos\nqueues:\n  jobs:\n    deadLetter: { queue: deda, maxReceiveCount: 1 }\n  dead: {}\n',
    ),
  );
  expect(project.triggers).toEqual([]);
  expect(said).toEqual([
    'error unknown-queue functions.fn.queue:5 functions.fn.queue: there is no queue "jbos" in this file',
    'error unknown-queue queues.jobs.deadLetter.queue:8 queues.jobs.deadLetter.queue: there is no queue "deda" in this file',
  ]);
});

test('empty sections are fine', async () => {
  const { said } = await load('name: shop\nfunctions:\ntables:\nqueues:\nenv:\n');
  expect(said).toEqual([]);
});

test('a project may have tables alone', async () => {
  const { project, said } = await load('name: shop\ntables: { orders: { key: id } }\n');
  expect(said).toEqual([]);
  expect(project).toMatchObject({ functions: [], resources: [{ kind: 'table', name: 'shop-dev-orders' }] });
});

test('a file that is no map is no project', async () => {
  const root = temporaryProject({ 'sls-local.config.yml': 'hello' });
  await expect(nativeLoader.load(join(root, 'sls-local.config.yml'), noOptions)).rejects.toMatchObject({
    code: 'project-invalid',
    message: 'expected a map with name and functions, found "hello"',
  });
});
