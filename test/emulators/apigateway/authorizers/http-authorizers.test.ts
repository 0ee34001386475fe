/** Lambda authorizers of HTTP APIs, over real sockets. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LambdaAuthorizer } from '../../../../src/model/authorizers.ts';
import type { Outcome } from '../../../../src/model/invocation.ts';
import {
  corsOf,
  failures,
  type GatewayUnderTest,
  httpRoute,
  startGatewayUnderTest,
} from '../gateway-under-test.ts';

const base: LambdaAuthorizer = {
  kind: 'lambda',
  name: 'users',
  functionId: 'Auth',
  type: 'request',
  identitySources: [
    { from: 'header', name: 'Authorization' },
    { from: 'query', name: 'tenant' },
  ],
  cacheSeconds: 0,
  payloadFormat: '2.0',
};
const simple: LambdaAuthorizer = { ...base, simpleResponses: true };
const cors = corsOf({ allowOrigins: ['http://page'] });

let subject: GatewayUnderTest;
let verdict: unknown;
let outcome: Outcome | undefined;

beforeAll(async () => {
  subject = await startGatewayUnderTest([
    httpRoute('GET', '/simple/{id}', { authorizer: simple, cors }),
    httpRoute('GET', '/staged/{id}', { authorizer: simple, stage: 'live' }),
    httpRoute('GET', '/policy/{id}', { authorizer: base }),
    httpRoute('GET', '/v1/{id}', { authorizer: { ...base, payloadFormat: '1.0' }, payloadFormat: '1.0' }),
    httpRoute('GET', '/none', {
      authorizer: { ...simple, name: 'all', identitySources: [], cacheSeconds: 60 },
    }),
    httpRoute('GET', '/kept', { authorizer: { ...simple, name: 'kept', cacheSeconds: 60 } }),
    httpRoute('GET', '/kept-too', { authorizer: { ...simple, name: 'kept', cacheSeconds: 60 } }),
  ]);
});
afterAll(() => subject.close());

beforeEach(() => {
  verdict = { isAuthorized: true };
  outcome = undefined;
  subject.delivered.length = 0;
  subject.notices.length = 0;
  subject.rebuild('Auth');
  subject.answer(async ({ functionId }) => {
    if (functionId !== 'Auth') return { status: 'ok', payload: '"in"' };
    return outcome ?? { status: 'ok', payload: JSON.stringify(verdict) };
  });
});

const ask = (path: string, headers: readonly string[] = ['Authorization', 'abc']) =>
  subject.send({ path, headers });
const asked = () => subject.delivered.filter(({ functionId }) => functionId === 'Auth');
const eventOf = (at: number) => JSON.parse(subject.delivered[at]?.event ?? 'null');

describe('format 2.0', () => {
  test('shows the identity, the route and the request', async () => {
    expect((await ask('/simple/a%20b?tenant=t', ['Authorization', 'abc', 'Cookie', 'x=1; y=2'])).status).toBe(
      200,
    );
    expect(eventOf(0)).toMatchObject({
      version: '2.0',
      type: 'REQUEST',
      routeArn: 'arn:aws:execute-api:eu-central-1:000000000000:httplocal0/$default/GET/simple/a b',
      identitySource: ['abc', 't'],
      routeKey: 'GET /simple/{id}',
      rawPath: '/simple/a b',
      rawQueryString: 'tenant=t',
      cookies: ['x=1', 'y=2'],
      headers: { authorization: 'abc' },
      queryStringParameters: { tenant: 't' },
      requestContext: { http: { method: 'GET', path: '/simple/a b' }, stage: '$default' },
      pathParameters: { id: 'a b' },
    });
    expect(eventOf(0)).not.toHaveProperty('isBase64Encoded');
  });

  test('has a named stage in the path, and once in the ARN', async () => {
    await ask('/live/staged/1?tenant=t');
    expect(eventOf(0)).toMatchObject({
      routeArn: 'arn:aws:execute-api:eu-central-1:000000000000:httplocal0/live/GET/staged/1',
      rawPath: '/live/staged/1',
      requestContext: { http: { path: '/live/staged/1' }, stage: 'live' },
    });
  });

  test('hands the context on as it is, and null where there is none', async () => {
    await ask('/simple/1?tenant=t');
    expect(eventOf(1).requestContext.authorizer).toEqual({ lambda: null });
    verdict = { isAuthorized: true, context: { age: 7, roles: ['a'], nested: { b: true } } };
    await ask('/simple/1?tenant=t');
    expect(eventOf(3).requestContext.authorizer).toEqual({
      lambda: { age: 7, roles: ['a'], nested: { b: true } },
    });
  });

  test('takes policies where simple responses are off', async () => {
    const statement = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*/GET/policy/1' };
    verdict = { principalId: 'ann', policyDocument: { Statement: statement }, context: { a: 1 } };
    expect((await ask('/policy/1?tenant=t')).status).toBe(200);
    expect(eventOf(1).requestContext.authorizer).toEqual({ lambda: { a: 1 } });
    expect(await ask('/policy/2?tenant=t')).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
  });
});

test('format 1.0 shows the identity as one text, and the context lies flat beside the principal', async () => {
  const statement = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' };
  verdict = { principalId: 'ann', policyDocument: { Statement: [statement] }, context: { age: 7 } };
  expect((await ask('/v1/1?tenant=t')).status).toBe(500); // a plain result is none in format 1.0
  expect(eventOf(0)).toMatchObject({
    version: '1.0',
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:eu-central-1:000000000000:httplocal0/$default/GET/v1/1',
    identitySource: 'abc,t',
    authorizationToken: 'abc,t',
    resource: '/v1/{id}',
    path: '/v1/1',
    httpMethod: 'GET',
    queryStringParameters: { tenant: 't' },
    pathParameters: { id: '1' },
    stageVariables: {},
    requestContext: { resourcePath: '/v1/{id}', httpMethod: 'GET' },
  });
  expect(eventOf(1).requestContext.authorizer).toEqual({ age: '7', principalId: 'ann' });
});

test('a missing identity is 401 without asking, with the CORS headers of the API', async () => {
  const reply = await ask('/simple/1', ['Authorization', 'abc', 'Origin', 'http://page']);
  expect(reply).toMatchObject({ status: 401, body: '{"message":"Unauthorized"}' });
  expect(reply.headers['access-control-allow-origin']).toBe('http://page');
  expect(reply.headers).not.toHaveProperty('www-authenticate');
  expect(subject.delivered).toEqual([]);
});

test('a preflight is answered by the platform, and nobody is asked', async () => {
  const headers = ['Origin', 'http://page', 'Access-Control-Request-Method', 'GET'];
  expect((await subject.send({ method: 'OPTIONS', path: '/simple/1', headers })).status).toBe(204);
  expect(subject.delivered).toEqual([]);
});

test('isAuthorized: false is 403', async () => {
  verdict = { isAuthorized: false };
  expect(await ask('/simple/1?tenant=t')).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
});

test.each([
  [{}],
  [{ isAuthorized: 'yes' }],
  ['true'],
  [{ principalId: 'a', policyDocument: { Statement: [] } }],
])('%j is no simple response: 500, and the reason is told', async (result) => {
  verdict = result;
  expect(await ask('/simple/1?tenant=t')).toMatchObject({
    status: 500,
    body: '{"message":"Internal Server Error"}',
  });
  expect(subject.notices).toHaveLength(1);
});

test('a failure is 500, and a thrown "Unauthorized" 401', async () => {
  outcome = failures.error;
  expect((await ask('/simple/1?tenant=t')).status).toBe(500);
  outcome = { status: 'error', phase: 'invoke', error: { errorType: 'Error', errorMessage: 'Unauthorized' } };
  expect((await ask('/simple/1?tenant=t')).status).toBe(401);
});

test('without identity sources everybody is asked about, and nothing is kept', async () => {
  await ask('/none', []);
  await ask('/none', []);
  expect(asked()).toHaveLength(2);
  expect(eventOf(0).identitySource).toBeNull();
});

test('a simple response counts for all routes of the authorizer', async () => {
  await ask('/kept?tenant=t');
  await ask('/kept-too?tenant=t');
  expect(asked()).toHaveLength(1);
});

test('ten seconds are what an HTTP API waits', async () => {
  const called = new Promise<void>((resolve) => {
    subject.answer(() => {
      resolve();
      return new Promise(() => {});
    });
  });
  const reply = ask('/simple/1?tenant=t');
  await called;
  await subject.clock.advance(10_000);
  expect((await reply).status).toBe(500);
});
