/** AWS_IAM and API keys, over real sockets. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  corsOf,
  type GatewayUnderTest,
  httpRoute,
  restRoute,
  startGatewayUnderTest,
  urlRoute,
} from '../gateway-under-test.ts';

const iam = { kind: 'iam' } as const;
const one = { id: 'aaaaaaaaaa', name: 'one', value: 'secret-one' };
let subject: GatewayUnderTest;

beforeAll(async () => {
  subject = await startGatewayUnderTest([
    httpRoute('GET', '/http', { authorizer: iam }),
    restRoute('GET', '/rest', { authorizer: iam }),
    urlRoute('signed', { authorizer: iam, cors: corsOf() }),
    restRoute('GET', '/key', { apiKeys: [one] }),
    restRoute('GET', '/any-key', { apiKeys: [] }),
  ]);
});
afterAll(() => subject.close());
beforeEach(() => {
  subject.ok({ statusCode: 200, body: 'in' });
  subject.delivered.length = 0;
  subject.notices.length = 0;
});

const signature =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/eu-central-1/execute-api/aws4_request, SignedHeaders=host, Signature=abc';
const ask = (path: string, headers: readonly string[] = []) => subject.send({ path, headers });
const contextOf = () => subject.event().requestContext as Record<string, unknown>;

test.each([
  ['/http', '{"message":"Forbidden"}'],
  ['/rest', '{"message":"Missing Authentication Token"}'],
  ['/_url/signed/', '{"Message":"Forbidden"}'],
])('%s without a signature is 403', async (path, body) => {
  expect(await ask(path)).toMatchObject({ status: 403, body });
  expect((await ask(path, ['Authorization', 'Bearer abc'])).status).toBe(403);
  expect(subject.delivered).toEqual([]);
});

const iamUser = {
  accessKey: 'AKIDEXAMPLE',
  accountId: '000000000000',
  userArn: 'arn:aws:iam::000000000000:user/local',
};

test('a signature is taken unchecked, and the caller made of its access key', async () => {
  expect((await ask('/http', ['Authorization', signature])).status).toBe(200);
  expect(contextOf().authorizer).toMatchObject({ iam: { ...iamUser, cognitoIdentity: null } });
  expect((await ask('/_url/signed/', ['Authorization', signature])).status).toBe(200);
  expect(contextOf()).toMatchObject({ accountId: '000000000000', authorizer: { iam: iamUser } });
  expect((await ask('/rest', ['Authorization', signature])).status).toBe(200);
  expect(contextOf()).toMatchObject({ identity: { ...iamUser, sourceIp: '127.0.0.1' } });
  expect(contextOf()).not.toHaveProperty('authorizer');
});

test('a signature in the query is one too', async () => {
  const query =
    'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20260102%2Feu-central-1%2Fexecute-api%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-SignedHeaders=host&X-Amz-Signature=abc';
  expect((await ask(`/rest?${query}`)).status).toBe(200);
  expect(contextOf()).toMatchObject({ identity: { accessKey: 'AK' } });
});

test('a preflight to a function URL needs no signature', async () => {
  const headers = ['Origin', 'http://a', 'Access-Control-Request-Method', 'GET'];
  expect((await subject.send({ method: 'OPTIONS', path: '/_url/signed/', headers })).status).toBe(200);
});

test('the API keys of the project are the ones taken', async () => {
  for (const headers of [[], ['x-api-key', 'wrong']]) {
    const reply = await ask('/key', headers);
    expect(reply).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
    expect(reply.headers['x-amzn-errortype']).toBe('ForbiddenException');
  }
  expect((await ask('/key', ['X-API-Key', 'secret-one'])).status).toBe(200);
  expect(contextOf()).toMatchObject({ identity: { apiKey: 'secret-one', apiKeyId: 'aaaaaaaaaa' } });
});

test('any API key is taken where none has a value, and that is told once', async () => {
  expect((await ask('/any-key')).status).toBe(403);
  for (const key of ['a', 'b']) expect((await ask('/any-key', ['x-api-key', key])).status).toBe(200);
  expect(subject.notices).toEqual([expect.stringContaining('every x-api-key is taken')]);
});
