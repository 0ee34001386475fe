/** Lambda authorizers of REST APIs, over real sockets. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { IdentitySource, LambdaAuthorizer } from '../../../../src/model/authorizers.ts';
import type { DeliverRequest } from '../../../../src/model/emulator.ts';
import type { Outcome } from '../../../../src/model/invocation.ts';
import {
  corsOf,
  failures,
  type GatewayUnderTest,
  restRoute,
  type Sent,
  startGatewayUnderTest,
} from '../gateway-under-test.ts';

const header = (name: string): IdentitySource => ({ from: 'header', name });

const token: LambdaAuthorizer = {
  kind: 'lambda',
  name: 'tokens',
  functionId: 'Auth',
  type: 'token',
  identitySources: [header('Authorization')],
  validation: 'Bearer [a-z]+',
  cacheSeconds: 300,
};
const request: LambdaAuthorizer = {
  kind: 'lambda',
  name: 'requests',
  functionId: 'Auth',
  type: 'request',
  identitySources: [
    header('X-Tenant'),
    { from: 'query', name: 'key' },
    { from: 'stage-variable', name: 'color' },
    { from: 'context', name: 'identity.sourceIp' },
  ],
  cacheSeconds: 0,
};

let subject: GatewayUnderTest;
beforeAll(async () => {
  subject = await startGatewayUnderTest([
    restRoute('GET', '/open'),
    restRoute('GET', '/token/{id}', { functionId: 'Get', authorizer: token }),
    restRoute('POST', '/token/{id}', { functionId: 'Post', authorizer: token }),
    restRoute('GET', '/request/{id}', {
      functionId: 'Get',
      authorizer: request,
      stageVariables: { color: 'red' },
    }),
    restRoute('GET', '/keys', {
      authorizer: { ...token, name: 'uncached', cacheSeconds: 0 },
      apiKeys: [],
    }),
    restRoute('GET', '/foreign', {
      authorizer: { kind: 'foreign', name: 'far', what: 'the function arn:aws:lambda:x' },
    }),
    restRoute('GET', '/cors', { cors: corsOf(), authorizer: token }),
    restRoute('GET', '/guarded-cors', {
      cors: corsOf(),
      authorizer: token,
      preflightGuard: { authorizer: token },
    }),
  ]);
});
afterAll(() => subject.close());

let verdict: unknown;
let outcome: Outcome | undefined;
beforeEach(() => {
  verdict = policy('Allow', '*');
  outcome = undefined;
  subject.delivered.length = 0;
  subject.notices.length = 0;
  subject.rebuild('Auth');
  subject.answer(async ({ functionId }: DeliverRequest) => {
    if (functionId !== 'Auth') return { status: 'ok', payload: '{"statusCode":200,"body":"in"}' };
    return outcome ?? { status: 'ok', payload: JSON.stringify(verdict) };
  });
});

const policy = (Effect: string, Resource: unknown, more: object = {}) => ({
  principalId: 'ann',
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] },
  ...more,
});
const ask = (path: string, authorization?: string, more: Sent = {}) =>
  subject.send({
    path,
    ...more,
    headers: [
      ...(more.headers ?? []),
      ...(authorization === undefined ? [] : ['Authorization', authorization]),
    ],
  });
const asked = () => subject.delivered.filter(({ functionId }) => functionId === 'Auth');
const eventOf = (at: number) => JSON.parse(subject.delivered[at]?.event ?? 'null');

describe('a TOKEN authorizer', () => {
  test('is told the token and the method, and what it says of the caller reaches the function as texts', async () => {
    verdict = policy('Allow', '*', { context: { role: 'admin', age: 7, isNew: true, none: null } });
    const reply = await ask('/dev/token/1?x=1', 'Bearer abc');
    expect(reply).toMatchObject({ status: 200, body: 'in' });
    expect(eventOf(0)).toEqual({
      type: 'TOKEN',
      methodArn: 'arn:aws:execute-api:eu-central-1:000000000000:restlocal0/dev/GET/token/1',
      authorizationToken: 'Bearer abc',
    });
    expect(eventOf(1).requestContext.authorizer).toEqual({
      principalId: 'ann',
      role: 'admin',
      age: '7',
      isNew: 'true',
      integrationLatency: 0,
    });
  });

  test('is a child of the request in its trace', async () => {
    await ask('/token/1', 'Bearer abc');
    const [first, second] = subject.delivered;
    expect(first?.cause).toEqual({
      kind: 'authorizer',
      authorizer: 'tokens',
      method: 'GET',
      path: '/token/1',
    });
    expect(second?.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(first?.origin).toEqual({ traceId: second?.origin?.traceId, parentId: second?.spanId });
  });

  test.each([[undefined], [''], ['Basic abc'], ['Bearer ABC'], ['a Bearer abc']])(
    'is not asked about the token %j, which gets 401',
    async (authorization) => {
      const reply = await ask('/token/1', authorization);
      expect(reply).toMatchObject({ status: 401, body: '{"message":"Unauthorized"}' });
      expect(reply.headers).toMatchObject({
        'x-amzn-errortype': 'UnauthorizedException',
        'x-sls-local-error': 'unauthorized',
      });
      expect(subject.delivered).toEqual([]);
    },
  );

  test('refuses by a Deny and by not allowing, with the words of the service', async () => {
    verdict = policy('Deny', '*');
    const denied = await ask('/token/1', 'Bearer a');
    expect(denied).toMatchObject({
      status: 403,
      body: '{"Message":"User is not authorized to access this resource with an explicit deny"}',
    });
    expect(denied.headers['x-amzn-errortype']).toBe('AccessDeniedException');
    verdict = policy('Allow', '*/GET/other');
    expect(await ask('/token/1', 'Bearer b')).toMatchObject({
      status: 403,
      body: '{"Message":"User is not authorized to access this resource"}',
    });
    expect(subject.delivered.map(({ functionId }) => functionId)).toEqual(['Auth', 'Auth']);
  });

  test('answers 401 by throwing exactly "Unauthorized"', async () => {
    outcome = {
      status: 'error',
      phase: 'invoke',
      error: { errorType: 'Error', errorMessage: 'Unauthorized' },
    };
    expect(await ask('/token/1', 'Bearer a')).toMatchObject({
      status: 401,
      body: '{"message":"Unauthorized"}',
    });
    outcome = {
      status: 'error',
      phase: 'invoke',
      error: { errorType: 'Error', errorMessage: 'unauthorized' },
    };
    const reply = await ask('/token/1', 'Bearer a');
    expect(reply).toMatchObject({ status: 500, body: '{"message":null}' });
    expect(reply.headers['x-sls-local-hint']).toContain('Error: unauthorized');
  });

  test.each(['error', 'crash', 'out-of-memory', 'timeout', 'throttled'])(
    'that ends with %s is answered with 500',
    async (name) => {
      outcome = failures[name];
      const reply = await ask('/token/1', 'Bearer a');
      expect(reply).toMatchObject({ status: 500, body: '{"message":null}' });
      expect(reply.headers['x-amzn-errortype']).toBe('AuthorizerConfigurationException');
    },
  );

  test('that cannot be run tells why, by its own name', async () => {
    outcome = failures.unavailable;
    const reply = await ask('/token/1', 'Bearer a');
    expect(reply.status).toBe(502);
    expect(JSON.parse(reply.body)).toMatchObject({ function: 'Auth', code: 'build-failed' });
  });

  test.each([
    ['text', 'not an object'],
    [{ principalId: 'ann' }, 'no policyDocument'],
    [{ isAuthorized: true }, 'simple responses are not enabled'],
    [policy('Maybe', '*'), 'Effect'],
    [policy('Allow', '*', { context: { roles: ['a'] } }), '"roles"'],
    [policy('Allow', '*', { context: 'x' }), 'context is not an object'],
  ])('that returns %j is answered with 500, and the reason is told', async (result, why) => {
    verdict = result;
    const reply = await ask('/token/1', 'Bearer a');
    expect(reply).toMatchObject({ status: 500, body: '{"message":null}' });
    expect(subject.notices).toEqual([expect.stringContaining(why)]);
  });

  test('is waited for as long as for an integration', async () => {
    let release: (ended: Outcome) => void = () => {};
    const called = new Promise<void>((resolve) => {
      subject.answer(() => {
        resolve();
        return new Promise((settle) => {
          release = settle;
        });
      });
    });
    const reply = ask('/token/1', 'Bearer a');
    await called;
    await subject.clock.advance(29_000);
    expect(await reply).toMatchObject({ status: 500 });
    release({ status: 'ok', payload: 'null' });
  });
});

describe('what was decided', () => {
  test('counts for the same token and any method, by the policy returned first, until its time is over', async () => {
    verdict = policy('Allow', ['*/GET/token/1', '*/POST/token/1']);
    expect((await ask('/token/1', 'Bearer a')).status).toBe(200);
    expect((await ask('/token/1', 'Bearer a', { method: 'POST', body: '{}' })).status).toBe(200);
    const other = await ask('/token/2', 'Bearer a');
    expect(other.status).toBe(403);
    expect(other.headers['x-sls-local-hint']).toContain('earlier request');
    expect(asked()).toHaveLength(1);
    await ask('/token/1', 'Bearer b');
    expect(asked()).toHaveLength(2);
    await subject.clock.advance(299_999);
    await ask('/token/1', 'Bearer a');
    expect(asked()).toHaveLength(2);
    await subject.clock.advance(1);
    await ask('/token/1', 'Bearer a');
    expect(asked()).toHaveLength(3);
  });

  test('is forgotten when the authorizer is rebuilt, what older code says late too', async () => {
    await ask('/token/1', 'Bearer a');
    subject.rebuild('Other');
    await ask('/token/1', 'Bearer a');
    expect(asked()).toHaveLength(1);
    subject.rebuild('Auth');
    subject.answer(async ({ functionId }) => {
      if (functionId === 'Auth') subject.rebuild('Auth');
      return { status: 'ok', payload: JSON.stringify(policy('Allow', '*')) };
    });
    await ask('/token/1', 'Bearer a');
    await ask('/token/1', 'Bearer a');
    expect(asked()).toHaveLength(3);
  });

  test('counts no more from the moment an edit of the authorizer is seen', async () => {
    await ask('/token/1', 'Bearer a');
    subject.edit('Other');
    await ask('/token/1', 'Bearer a');
    expect(asked()).toHaveLength(1);
    subject.edit('Auth');
    await ask('/token/1', 'Bearer a');
    expect(asked()).toHaveLength(2);
  });

  test('failures are not kept', async () => {
    outcome = failures.error;
    await ask('/token/1', 'Bearer a');
    outcome = undefined;
    expect((await ask('/token/1', 'Bearer a')).status).toBe(200);
  });
});

describe('a REQUEST authorizer', () => {
  test('gets the whole request without its body', async () => {
    const reply = await ask('/dev/request/7?key=k&key=l', undefined, { headers: ['X-Tenant', 'acme'] });
    expect(reply.status).toBe(200);
    expect(eventOf(0)).toMatchObject({
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:eu-central-1:000000000000:restlocal0/dev/GET/request/7',
      resource: '/request/{id}',
      path: '/request/7',
      httpMethod: 'GET',
      headers: { 'X-Tenant': 'acme' },
      multiValueHeaders: { 'X-Tenant': ['acme'] },
      queryStringParameters: { key: 'l' },
      multiValueQueryStringParameters: { key: ['k', 'l'] },
      pathParameters: { id: '7' },
      stageVariables: { color: 'red' },
      requestContext: { resourcePath: '/request/{id}', stage: 'dev', identity: { sourceIp: '127.0.0.1' } },
    });
    expect(eventOf(0)).not.toHaveProperty('body');
    expect(eventOf(1)).toMatchObject({ stageVariables: { color: 'red' } });
  });

  test.each([
    ['/request/7?key=k', [], 'the header X-Tenant'],
    ['/request/7', ['X-Tenant', 'a'], 'the query parameter key'],
    ['/request/7?key=', ['X-Tenant', 'a'], 'the query parameter key'],
  ])('is not asked about %s with %j', async (path, headers, missing) => {
    const reply = await ask(path, undefined, { headers });
    expect(reply).toMatchObject({ status: 401, body: '{"message":"Unauthorized"}' });
    expect(reply.headers['x-sls-local-hint']).toContain(missing);
    expect(subject.delivered).toEqual([]);
  });
});

describe('CORS', () => {
  test('preflights are not authorized where the mock is not', async () => {
    const preflight = {
      method: 'OPTIONS',
      headers: ['Origin', 'http://a', 'Access-Control-Request-Method', 'GET'],
    };
    expect((await subject.send({ path: '/cors', ...preflight })).status).toBe(200);
    expect(subject.delivered).toEqual([]);
  });

  test('preflights are authorized where the mock has the authorizer', async () => {
    const preflight = {
      method: 'OPTIONS',
      headers: ['Origin', 'http://a', 'Access-Control-Request-Method', 'GET'],
    };
    expect((await subject.send({ path: '/guarded-cors', ...preflight })).status).toBe(401);
    const reply = await ask('/guarded-cors', 'Bearer a', preflight);
    expect(reply.status).toBe(200);
    expect(reply.headers['access-control-allow-origin']).toBe('*');
    expect(eventOf(0).methodArn).toMatch(/\/dev\/OPTIONS\/guarded-cors$/);
  });
});

test('a route without an authorizer asks nobody, and its span is made by whoever runs it', async () => {
  await ask('/open');
  expect(subject.delivered).toHaveLength(1);
  expect(subject.delivered[0]).not.toHaveProperty('spanId');
  expect(eventOf(0).requestContext).not.toHaveProperty('authorizer');
});

test('the authorizer is asked before the API key', async () => {
  expect((await ask('/keys')).status).toBe(401);
  const reply = await ask('/keys', 'Bearer a');
  expect(reply).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
  const taken = await ask('/keys', 'Bearer a', { headers: ['x-api-key', 'any'] });
  expect(taken.status).toBe(200);
  expect(subject.event()).toMatchObject({
    requestContext: {
      authorizer: { principalId: 'ann' },
      identity: { apiKey: 'any', apiKeyId: 'anykey0000' },
    },
  });
});

test('an authorizer that is not here lets everybody through and is told of once', async () => {
  expect((await ask('/foreign')).status).toBe(200);
  expect((await ask('/foreign')).status).toBe(200);
  expect(subject.notices).toEqual([
    expect.stringMatching(/without authorizer far: the function arn:aws:lambda:x/),
  ]);
});
