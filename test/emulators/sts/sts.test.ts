/** Temporary credentials: what they look like, who they stand for, what is refused. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sts } from '../../../emulators/sts/index.ts';
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { ApiCall, JsonApi } from '../../../src/model/service-api.ts';
import { callOperation, makeFunction, makeWorld, type World } from '../world.ts';

let world: World;
let api: JsonApi;
let lent: [issued: string, of: string][];
beforeEach(async () => {
  world = makeWorld();
  lent = [];
  const credentials = {
    functionOf: (key: string) => (key === 'ASIAINSTANCE' ? makeFunction() : undefined),
    lend: (issued: string, of: string) => void lent.push([issued, of]),
  };
  const running = await sts.start({ ...world.context, credentials });
  if (running.api?.protocol !== 'json') throw new Error('STS has operations by name');
  api = running.api;
});
afterEach(() => world.store.close());

const call = (operation: string, input: JsonObject = {}, more: Partial<ApiCall> = {}) =>
  callOperation(api, operation, input, more);
const whoIs = async (accessKeyId?: string) => (await call('GetCallerIdentity', {}, { accessKeyId })).Arn;
const role = { RoleArn: 'arn:aws:iam::123456789012:role/path/admin', RoleSessionName: 'me' };
const keyOf = (answer: JsonObject) => String((answer.Credentials as JsonObject).AccessKeyId);

test('the caller is the function an instance runs, or the one user', async () => {
  expect(await call('GetCallerIdentity')).toEqual({
    UserId: 'AIDASLSLOCALUSERAAAAA',
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:user/sls-local',
  });
  expect(await whoIs('ASIAINSTANCE')).toBe(
    'arn:aws:sts::000000000000:assumed-role/shop-dev-worker-role/shop-dev-worker',
  );
});

test('an assumed role is who its session says, until its time is over', async () => {
  const answer = await call(
    'AssumeRole',
    { ...role, DurationSeconds: '900' },
    { accessKeyId: 'ASIAINSTANCE' },
  );
  expect(answer).toEqual({
    Credentials: {
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^[\w+/]{40}$/),
      SessionToken: expect.any(String),
      Expiration: '2026-01-01T00:15:00Z',
    },
    AssumedRoleUser: {
      AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:me$/),
      Arn: 'arn:aws:sts::123456789012:assumed-role/admin/me',
    },
  });
  const key = keyOf(answer);
  expect(await call('GetCallerIdentity', {}, { accessKeyId: key })).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:sts::123456789012:assumed-role/admin/me',
  });
  expect(await call('GetAccessKeyInfo', { AccessKeyId: key })).toEqual({ Account: '123456789012' });
  // What is done with them is still done by the function that asked for them.
  expect(lent).toEqual([[key, 'ASIAINSTANCE']]);
  await world.clock.advance(900_000);
  expect(await whoIs(key)).toBe('arn:aws:iam::000000000000:user/sls-local');
});

const token = (claims: object) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

test('a web identity assumes a role by the claims of its token', async () => {
  const claims = { sub: 'user-1', iss: 'https://issuer', aud: ['client'], exp: world.clock.now() / 1000 + 1 };
  const answer = await call('AssumeRoleWithWebIdentity', { ...role, WebIdentityToken: token(claims) });
  expect(answer).toMatchObject({
    SubjectFromWebIdentityToken: 'user-1',
    Provider: 'https://issuer',
    Audience: 'client',
    AssumedRoleUser: { Arn: 'arn:aws:sts::123456789012:assumed-role/admin/me' },
  });
  await world.clock.advance(1000);
  const late = call('AssumeRoleWithWebIdentity', { ...role, WebIdentityToken: token(claims) });
  await expect(late).rejects.toMatchObject({ queryCode: 'ExpiredTokenException' });
  const none = call('AssumeRoleWithWebIdentity', { ...role, WebIdentityToken: 'none' });
  await expect(none).rejects.toMatchObject({ queryCode: 'InvalidIdentityToken' });
});

test('session and federation tokens', async () => {
  expect(keyOf(await call('GetSessionToken'))).toMatch(/^ASIA/);
  const federated = await call('GetFederationToken', { Name: 'Bob' });
  expect(federated.FederatedUser).toEqual({
    FederatedUserId: '000000000000:Bob',
    Arn: 'arn:aws:sts::000000000000:federated-user/Bob',
  });
  expect(await whoIs(keyOf(federated))).toBe('arn:aws:sts::000000000000:federated-user/Bob');
});

test.each<[string, JsonObject, string, string]>([
  ['AssumeRole', { RoleSessionName: 'me' }, 'ValidationError', "Value null at 'roleArn'"],
  ['AssumeRole', { ...role, RoleArn: 'x' }, 'ValidationError', 'length greater than or equal to 20'],
  [
    'AssumeRole',
    { ...role, RoleArn: 'arn:aws:iam::123456789012:user/admin' },
    'ValidationError',
    'is invalid',
  ],
  ['AssumeRole', { ...role, RoleSessionName: 'a b' }, 'ValidationError', "'a b' at 'roleSessionName'"],
  ['AssumeRole', { ...role, RoleSessionName: 'a' }, 'ValidationError', 'length greater than or equal to 2'],
  ['AssumeRole', { ...role, DurationSeconds: '899' }, 'ValidationError', 'greater than or equal to 900'],
  ['AssumeRole', { ...role, DurationSeconds: '43201' }, 'ValidationError', 'less than or equal to 43200'],
  ['AssumeRole', { ...role, Policy: '{' }, 'MalformedPolicyDocument', 'not in the valid JSON format'],
  ['GetAccessKeyInfo', { AccessKeyId: 'AK' }, 'ValidationError', 'greater than or equal to 16'],
  [
    'DecodeAuthorizationMessage',
    { EncodedMessage: 'x' },
    'InvalidAuthorizationMessageException',
    'not valid',
  ],
])('%s with %o is refused', async (operation, input, queryCode, message) => {
  await expect(call(operation, input)).rejects.toMatchObject({
    queryCode,
    message: expect.stringContaining(message),
  });
});
