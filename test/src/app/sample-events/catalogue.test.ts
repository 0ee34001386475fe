import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeSampleEvent, sampleSources } from '../../../../src/app/sample-events/catalogue.ts';
import { type GivenOptions, SAMPLE_OPTIONS } from '../../../../src/app/sample-events/sample.ts';
import { SlsError } from '../../../../src/std/errors.ts';
import { makeSeededIds } from '../../../../src/std/ids.ts';

const root = resolve(import.meta.dirname, '../../../..');

function generate(name: string, given: GivenOptions = {}, seed = 1): unknown {
  return makeSampleEvent(name, {
    ids: makeSeededIds(seed),
    at: Date.UTC(2026, 0, 1),
    region: 'eu-west-1',
    accountId: '000000000000',
    given,
  });
}

const kinds: readonly { readonly name: string; readonly given: GivenOptions }[] = [
  ...sampleSources.map(({ name }) => ({ name, given: {} })),
  { name: 'http-api', given: { method: 'PUT', path: '/a/1', resource: '/a/{id}', query: 'x=1', body: '{}' } },
  { name: 'rest-api', given: { body: '{}', header: ['Cookie=a=1'] } },
  { name: 'websocket', given: { type: 'CONNECT' } },
  { name: 'websocket', given: { type: 'DISCONNECT' } },
  { name: 'cloudfront', given: { body: 'text', type: 'origin-request' } },
  { name: 'dynamodb', given: { type: 'MODIFY', count: 2, body: '{"id":1,"tags":["a",null,true]}' } },
  { name: 'dynamodb', given: { type: 'REMOVE' } },
  { name: 'custom-resource', given: { type: 'Update', body: '{"a":1}' } },
  { name: 'custom-resource', given: { type: 'Delete' } },
  { name: 'sqs', given: { attribute: ['kind=a'], count: 3 } },
  { name: 'sns', given: { attribute: ['kind=a'], subject: 'hello' } },
  ...variants('s3-eventbridge', [
    ...['Object Deleted', 'Object Tags Added', 'Object Tags Deleted', 'Object ACL Updated'],
    ...['Object Restore Initiated', 'Object Restore Completed', 'Object Restore Expired'],
    ...['Object Storage Class Changed', 'Object Access Tier Changed'],
  ]),
  ...variants('guardduty-scan', ['THREATS_FOUND', 'FAILED']),
  ...variants('codebuild', ['IN_PROGRESS', 'FAILED', 'STOPPED']),
  ...variants('codepipeline-state', ['stage', 'action']),
  ...variants('cdk-custom-resource', ['Update', 'Delete']),
  ...variants('autoscaling-scale-in', ['REBALANCE']),
  ...variants('iot-authorizer', ['http', 'tls']),
  ...variants('cloudfront-response', ['origin-response']),
  ...variants('cognito-pre-sign-up', ['AdminCreateUser', 'ExternalProvider']),
  ...variants('cognito-post-confirmation', ['ConfirmForgotPassword']),
  ...variants('cognito-pre-token', ['HostedAuth', 'RefreshTokens']),
  ...variants('cognito-pre-token-v2', ['NewPasswordChallenge', 'AuthenticateDevice']),
  ...variants('cognito-custom-message', ['ResendCode', 'ForgotPassword', 'VerifyUserAttribute']),
  ...variants('cognito-custom-email', ['AdminCreateUser', 'Authentication']),
  ...variants('cognito-custom-sms', ['UpdateUserAttribute', 'Authentication']),
  ...variants('cognito-user-migration', ['ForgotPassword']),
  { name: 'codecommit', given: { body: 'told' } },
  { name: 'transfer-authorizer', given: { token: 'secret', type: 'FTPS' } },
];

function variants(name: string, types: readonly string[]) {
  return types.map((type) => ({ name, given: { type } }));
}

/** What the gateway sends and the package does not know of. */
const UNTYPED: Readonly<Record<string, string>> = {
  websocket: ' & { requestContext: { identity: { sourceIp: string } } }',
  'kinesis-window': ' & { shardId: string; eventSourceARN: string }',
  'rest-api': ' & { requestContext: { deploymentId: string } }',
};

/** Of WebSocket APIs the package knows messages only. */
function isUntyped(name: string, { type }: GivenOptions): boolean {
  return name === 'websocket' && type !== undefined;
}

/** The package wants a member that is undefined, which no JSON has. */
function literal(name: string, given: GivenOptions): string {
  const json = JSON.stringify(generate(name, given));
  return name === 'authorizer-request' || name === 'rest-api'
    ? json.replace('"apiId":', '"authorizer":undefined,"apiId":')
    : json;
}

test('every event compiles as its type of @types/aws-lambda', () => {
  const types = new Map(sampleSources.map(({ name, type }) => [name, type]));
  const typed = kinds.filter(({ name, given }) => types.get(name) !== undefined && !isUntyped(name, given));
  const lines = typed.map(
    ({ name, given }, at) =>
      `export const event${at}: lambda.${types.get(name)}${UNTYPED[name] ?? ''} = ${literal(name, given)};`,
  );
  const folder = mkdtempSync(join(root, 'node_modules/.cache-events-'));
  try {
    const file = join(folder, 'events.ts');
    writeFileSync(file, `import type * as lambda from 'aws-lambda';\n${lines.join('\n')}\n`);
    const flags = ['--strict', '--noEmit', '--ignoreConfig', '--types', 'node', '--skipLibCheck'];
    const ran = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...flags, file]);
    expect(String(ran.stdout).replaceAll(/^.*events\.ts/gm, 'events.ts')).toBe('');
    expect(ran.status).toBe(0);
    expect(typed.length).toBeGreaterThan(90);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Parts of a type that another file names as a whole. */
const PARTS = [
  ...['_common.d.ts', 'index.d.ts', 'codepipeline-cloudwatch-action.d.ts'],
  ...['codepipeline-cloudwatch-pipeline.d.ts', 'codepipeline-cloudwatch-stage.d.ts'],
];

test('every source that @types/aws-lambda knows has a generator', () => {
  const triggers = join(root, 'node_modules/@types/aws-lambda/trigger');
  const files = readdirSync(triggers, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.d.ts') && !PARTS.includes(basename(file)))
    .map((file) => ({ file, text: readFileSync(join(triggers, file), 'utf8') }));
  const made = sampleSources.flatMap(({ type }) => (type === undefined ? [] : [type.replace(/<.*/, '')]));
  const isMade = (text: string) => made.some((type) => new RegExp(`export \\w+ ${type}\\b`).test(text));
  expect(files.filter(({ text }) => !isMade(text)).map(({ file }) => file)).toEqual([]);
  expect(files.length).toBeGreaterThan(40);
});

test('brokers and document stores hand over what the platform does', () => {
  expect(
    generate('documentdb', { body: '{"a":1}', type: 'update', table: 'orders', count: 2 }),
  ).toMatchObject({
    eventSource: 'aws:docdb',
    eventSourceArn: 'arn:aws:rds:eu-west-1:000000000000:cluster:cluster',
    events: [
      {
        event: {
          operationType: 'update',
          ns: { db: 'database', coll: 'orders' },
          fullDocument: { a: 1 },
          updateDescription: { updatedFields: { a: 1 }, removedFields: [] },
        },
      },
      { event: { clusterTime: { $timestamp: { t: 1_767_225_600, i: 2 } } } },
    ],
  });
  expect(generate('rabbitmq', { body: '{}', queue: 'jobs' })).toMatchObject({
    eventSource: 'aws:rmq',
    rmqMessagesByQueue: { 'jobs::/': [{ data: 'e30=', redelivered: false }] },
  });
  expect(generate('activemq', { body: '{}', queue: 'jobs' })).toMatchObject({
    eventSource: 'aws:mq',
    messages: [{ data: 'e30=', destination: { physicalName: 'jobs' } }],
  });
  expect(generate('kafka', { body: '{}', topic: 'jobs' })).toMatchObject({
    eventSource: 'SelfManagedKafka',
    records: { 'jobs-0': [{ topic: 'jobs', partition: 0, offset: 0, value: 'e30=' }] },
  });
});

test('an event is the same for the same seed, and another for another', () => {
  for (const { name, given } of kinds) expect(generate(name, given)).toEqual(generate(name, given));
  expect(generate('sqs', {}, 1)).not.toEqual(generate('sqs', {}, 2));
});

test('each source takes the options it names, and all options are taken by some source', () => {
  const taken = new Set(sampleSources.flatMap(({ options }) => options));
  expect([...taken].sort()).toEqual(
    Object.keys(SAMPLE_OPTIONS)
      .filter((name) => name !== 'bus')
      .sort(),
  );
});

test('what is given is found in the event', () => {
  expect(generate('sqs', { body: 'hello', queue: 'orders', count: 2 })).toMatchObject({
    Records: [
      { body: 'hello', eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:orders' },
      { body: 'hello' },
    ],
  });
  expect(generate('s3-put', { bucket: 'b', key: 'a b.txt', size: '5' })).toMatchObject({
    Records: [{ s3: { bucket: { name: 'b' }, object: { key: 'a+b.txt', size: 5 } } }],
  });
  expect(
    generate('http-api', { path: '/orders/7', resource: '/orders/{id}', method: 'get', query: 'a=1' }),
  ).toMatchObject({
    routeKey: 'GET /orders/{id}',
    rawPath: '/orders/7',
    pathParameters: { id: '7' },
    queryStringParameters: { a: '1' },
  });
  expect(generate('dynamodb', { body: '{"pk":"a","n":1.50}', key: 'pk', type: 'REMOVE' })).toMatchObject({
    Records: [
      {
        eventName: 'REMOVE',
        dynamodb: { Keys: { pk: { S: 'a' } }, OldImage: { pk: { S: 'a' }, n: { N: '1.50' } } },
      },
    ],
  });
  expect(generate('kinesis', { body: 'x', key: 'k' })).toMatchObject({
    Records: [{ kinesis: { data: 'eA==', partitionKey: 'k' } }],
  });
});

test('log lines are packed as the service packs them', () => {
  const { awslogs } = generate('cloudwatch-logs', { body: 'oops', 'log-group': '/g' }) as {
    awslogs: { data: string };
  };
  expect(JSON.parse(String(gunzipSync(Buffer.from(awslogs.data, 'base64'))))).toMatchObject({
    logGroup: '/g',
    logEvents: [{ message: 'oops' }],
  });
});

test.each([
  ['sqss', {}, 'source-unknown', 'did you mean "sqs"'],
  ['sqs', { bucket: 'b' }, 'bad-option', 'has no --bucket'],
  ['websocket', { type: 'OPEN' }, 'bad-option', 'CONNECT, MESSAGE, DISCONNECT'],
  ['http-api', { path: '/a', resource: '/b/{id}' }, 'bad-option', 'does not belong'],
  ['http-api', { path: 'a' }, 'bad-option', 'begins with a slash'],
  ['dynamodb', { body: '[1]' }, 'bad-option', 'item'],
  ['dynamodb', { body: '{"id":' }, 'bad-option', 'item'],
  ['sqs', { attribute: ['x'] }, 'bad-option', 'NAME=VALUE'],
  ['s3-put', { size: 'big' }, 'bad-option', 'number of bytes'],
  ['eventbridge', { body: '7' }, 'bad-option', 'JSON map'],
])('what %s cannot be asked is refused: %j', (name, given, code, words) => {
  const refused = () => generate(name, given);
  expect(refused).toThrow(SlsError);
  expect(refused).toThrow(expect.objectContaining({ code, message: expect.stringContaining(words) }));
});
