import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { creation, type Deploying, FUNCTIONS, startDeploying } from './deploying.ts';

const CONCURRENCY = '/2017-10-31/functions/made/concurrency';
const PROVISIONED = '/2019-09-30/functions/made/provisioned-concurrency';
const EVENTS = '/2019-09-25/functions/made/event-invoke-config';
const URLS = '/2021-10-31/functions/made/url';
const POLICY = `${FUNCTIONS}/made/policy`;

/** With version 1 and alias `live` of it. */
async function published(): Promise<Deploying> {
  const deploying = await startDeploying();
  await deploying.call('POST', FUNCTIONS, creation('made', { Publish: true }));
  await deploying.call('POST', `${FUNCTIONS}/made/aliases`, { Name: 'live', FunctionVersion: '1' });
  return deploying;
}

const invalid = 'InvalidParameterValueException';
const permission = { StatementId: 'x', Action: 'lambda:InvokeFunction', Principal: '*' };
test.each<[string, string, string, JsonObject, string, string]>([
  ['no concurrency', 'PUT', CONCURRENCY, {}, 'ValidationException', 'reservedConcurrentExecutions'],
  [
    'all concurrency',
    'PUT',
    CONCURRENCY,
    { ReservedConcurrentExecutions: 901 },
    invalid,
    'minimum value of [100]',
  ],
  ['provisioned $LATEST', 'PUT', PROVISIONED, { ProvisionedConcurrentExecutions: 1 }, invalid, 'unpublished'],
  [
    'provisioned none',
    'PUT',
    `${PROVISIONED}?Qualifier=1`,
    { ProvisionedConcurrentExecutions: 0 },
    'ValidationException',
    'provisionedConcurrentExecutions',
  ],
  [
    'three retries',
    'PUT',
    EVENTS,
    { MaximumRetryAttempts: 3 },
    'ValidationException',
    'less than or equal to 2',
  ],
  ['an age of a second', 'PUT', EVENTS, { MaximumEventAgeInSeconds: 1 }, 'ValidationException', '60'],
  [
    'a destination that is no ARN',
    'PUT',
    EVENTS,
    { DestinationConfig: { OnSuccess: { Destination: 'q' } } },
    'ValidationException',
    'onSuccess.destination',
  ],
  [
    'itself as destination',
    'PUT',
    EVENTS,
    {
      DestinationConfig: {
        OnFailure: { Destination: 'arn:aws:lambda:eu-west-1:000000000000:function:made' },
      },
    },
    invalid,
    'itself',
  ],
  [
    'a bucket for successes',
    'PUT',
    EVENTS,
    { DestinationConfig: { OnSuccess: { Destination: 'arn:aws:s3:::b' } } },
    invalid,
    'only for on-failure',
  ],
  ['a change of no event invoke config', 'POST', EVENTS, {}, 'ResourceNotFoundException', ':made:$LATEST'],
  ['a URL without AuthType', 'POST', URLS, {}, 'ValidationException', 'authType'],
  ['a URL of a version', 'POST', `${URLS}?Qualifier=1`, { AuthType: 'NONE' }, 'ValidationException', "'1'"],
  [
    'a URL of an unknown alias',
    'POST',
    `${URLS}?Qualifier=no`,
    { AuthType: 'NONE' },
    'ResourceNotFoundException',
    'made:no',
  ],
  ['a change of no URL', 'PUT', URLS, {}, 'ResourceNotFoundException', 'does not exist'],
  [
    'a statement id with spaces',
    'POST',
    POLICY,
    { ...permission, StatementId: 'a b' },
    'ValidationException',
    'statementId',
  ],
  ['another action', 'POST', POLICY, { ...permission, Action: 's3:Get' }, 'ValidationException', 'action'],
  [
    'an unknown update mode',
    'PUT',
    '/2021-07-20/functions/made/runtime-management-config',
    { UpdateRuntimeOn: 'x' },
    'ValidationException',
    'updateRuntimeOn',
  ],
  [
    'Manual without a version',
    'PUT',
    '/2021-07-20/functions/made/runtime-management-config',
    { UpdateRuntimeOn: 'Manual' },
    invalid,
    'RuntimeVersionArn',
  ],
  [
    'an unknown recursion mode',
    'PUT',
    '/2024-08-31/functions/made/recursion-config',
    { RecursiveLoop: 'x' },
    'ValidationException',
    'recursiveLoop',
  ],
  [
    'a tag of a layer',
    'POST',
    '/2017-03-31/tags/arn%3Aaws%3Alambda%3Aeu-west-1%3A000000000000%3Alayer%3Atools%3A1',
    { Tags: { a: 'b' } },
    'ValidationException',
    "at 'resource' failed to satisfy constraint",
  ],
  [
    'a tag of an alias',
    'POST',
    '/2017-03-31/tags/arn%3Aaws%3Alambda%3Aeu-west-1%3A000000000000%3Afunction%3Amade%3Alive',
    { Tags: { a: 'b' } },
    invalid,
    'Tags on function aliases and versions are not supported',
  ],
  [
    'tags that are no map',
    'POST',
    '/2017-03-31/tags/arn%3Aaws%3Alambda%3Aeu-west-1%3A000000000000%3Afunction%3Amade',
    { Tags: [] },
    'SerializationException',
    'Tags',
  ],
])(
  '%s is refused as the service does, and nothing changes',
  async (_, method, path, input, code, message) => {
    const { call, project } = await published();
    const before = project();
    const answer = await call(method, path, input);
    expect(answer).toMatchObject({ code, body: { message: expect.stringContaining(message) } });
    expect(project()).toEqual(before);
  },
);

test('reserved concurrency is the same of all versions, and of the account', async () => {
  const { call, project } = await published();
  await call('PUT', CONCURRENCY, { ReservedConcurrentExecutions: 3 });
  const made = project().functions.filter(({ name }) => name === 'made');
  expect(made.map(({ reservedConcurrency }) => reservedConcurrency)).toEqual([3, 3]);
  const { body } = await call('GET', '/2016-08-19/account-settings');
  expect(body.AccountLimit).toMatchObject({ UnreservedConcurrentExecutions: 997 });
});

test('what is provisioned for an alias is of its version, and ends with the alias', async () => {
  const { call, project } = await published();
  const path = `${PROVISIONED}?Qualifier=live`;
  const put = await call('PUT', path, { ProvisionedConcurrentExecutions: 2 });
  expect(put).toMatchObject({ status: 202, body: { Status: 'IN_PROGRESS' } });
  const wanted = () => project().functions.map(({ provisionedConcurrency = 0 }) => provisionedConcurrency);
  expect(wanted()).toEqual([0, 0, 2]);
  const most = await call('PUT', path, { ProvisionedConcurrentExecutions: 60 });
  expect(most.body).toMatchObject({ Status: 'FAILED', StatusReason: expect.stringContaining('50') });
  await call('DELETE', `${FUNCTIONS}/made/aliases/live`);
  expect(wanted()).toEqual([0, 0, 0]);
  expect((await call('GET', `${PROVISIONED}?Qualifier=1`)).code).toBe(
    'ProvisionedConcurrencyConfigNotFoundException',
  );
});

test('event invoke configs are kept for the function, its version and its alias', async () => {
  const { call, project } = await published();
  await call('PUT', EVENTS, { MaximumRetryAttempts: 0 });
  await call('PUT', `${EVENTS}?Qualifier=1`, { MaximumRetryAttempts: 1 });
  await call('PUT', `${EVENTS}?Qualifier=live`, { MaximumEventAgeInSeconds: 60 });
  const [, latest, version] = project().functions;
  expect(latest?.asyncEvents).toEqual({ maximumRetryAttempts: 0 });
  expect(version?.asyncEvents).toEqual({ maximumRetryAttempts: 1 });
  expect(version?.aliasAsyncEvents).toEqual({ live: { maximumEventAgeMs: 60_000 } });
  const { body } = await call('GET', `${EVENTS}/list?MaxItems=2`);
  expect(body.FunctionEventInvokeConfigs).toHaveLength(2);
  expect(body.NextMarker).toBeDefined();
});

test('a URL has an address of its own for each alias, and is there once', async () => {
  const { call, project } = await published();
  const made = await call('POST', URLS, { AuthType: 'AWS_IAM', Cors: { AllowOrigins: ['*'], MaxAge: 5 } });
  expect(made).toMatchObject({
    status: 201,
    body: { FunctionUrl: 'http://127.0.0.1:3000/_url/made/', Cors: { AllowOrigins: ['*'], MaxAge: 5 } },
  });
  expect((await call('POST', URLS, { AuthType: 'NONE' })).status).toBe(409);
  const live = await call('POST', `${URLS}?Qualifier=live`, { AuthType: 'NONE' });
  expect(live.body.FunctionUrl).toBe('http://127.0.0.1:3000/_url/made--live/');
  expect(project().triggers).toMatchObject([
    { kind: 'function-url', functionId: 'made', cors: { maxAgeSeconds: 5 }, authorizer: { kind: 'iam' } },
    { kind: 'function-url', functionId: 'made:1', address: 'made--live' },
  ]);
});

test('settings of a function of the project are laid over it until they are deleted', async () => {
  const { call, project } = await startDeploying();
  const path = '/2017-10-31/functions/worker/concurrency';
  await call('PUT', path, { ReservedConcurrentExecutions: 0 });
  expect(project().functions[0]).toMatchObject({ reservedConcurrency: 0 });
  await call('DELETE', path);
  expect(project().functions[0]).not.toHaveProperty('reservedConcurrency');
  const DeadLetterConfig = { TargetArn: 'arn:aws:sqs:eu-west-1:000000000000:dead' };
  const { body } = await call('PUT', `${FUNCTIONS}/worker/configuration`, { DeadLetterConfig });
  expect(body.DeadLetterConfig).toEqual(DeadLetterConfig);
  expect(project().functions[0]?.asyncEvents).toEqual({ deadLetterArn: DeadLetterConfig.TargetArn });
});
