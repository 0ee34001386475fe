/** REST routes whose responses the API makes of what the function returns. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IntegrationMapping, MappedResponse } from '../../../src/model/integration-mapping.ts';
import { failures, type GatewayUnderTest, restRoute, startGatewayUnderTest } from './gateway-under-test.ts';

function responseOf(status: number, pattern: string, more: Partial<MappedResponse> = {}): MappedResponse {
  return { status, pattern, headers: {}, templates: {}, ...more };
}

const framework = {
  requests: {
    'application/json': { kind: 'framework' },
    'application/x-www-form-urlencoded': { kind: 'framework' },
  },
  passThrough: 'NEVER',
} as const;
const mapping: IntegrationMapping = {
  ...framework,
  responses: [
    responseOf(200, ''),
    responseOf(404, '.*\\[404\\].*', { headers: { 'X-Why': { path: ['errorType'] } } }),
    responseOf(500, '[\\s\\S]*Process\\s?exited[\\s\\S]*'),
    responseOf(504, '.*Task timed out after \\d+\\.\\d+ seconds$'),
  ],
};
const page: IntegrationMapping = {
  ...framework,
  responses: [
    responseOf(201, '', {
      headers: { 'Content-Type': { text: 'text/html' } },
      templates: { 'application/json': "$input.path('$.page')" },
    }),
  ],
};
const told: IntegrationMapping = {
  ...framework,
  responses: [
    responseOf(200, '', {
      headers: {
        'X-Failed': { header: 'X-Amz-Function-Error' },
        'X-Bytes': { header: 'Content-Length' },
        'X-Request': { header: 'x-amzn-RequestId' },
      },
    }),
  ],
};
const errorsOnly: IntegrationMapping = { ...framework, responses: [responseOf(400, 'bad')] };

let subject: GatewayUnderTest;
beforeAll(async () => {
  subject = await startGatewayUnderTest([
    restRoute('ANY', '/orders/{id}', { mapping, stageVariables: { color: 'red' } }),
    restRoute('GET', '/page', { mapping: page }),
    restRoute('GET', '/told', { mapping: told }),
    restRoute('GET', '/errors', { mapping: errorsOnly }),
  ]);
});
afterAll(() => subject.close());

const json = ['content-type', 'application/json'];

test("the event is what the framework's request template makes", async () => {
  subject.ok({});
  await subject.send({
    method: 'POST',
    path: '/dev/orders/7?a=1&a=2&b=x%20y',
    headers: [...json, 'X-Own', 'me'],
    body: '{"item":"book"}',
  });
  expect(subject.event()).toEqual({
    body: { item: 'book' },
    method: 'POST',
    principalId: '',
    stage: 'dev',
    cognitoPoolClaims: { sub: '' },
    enhancedAuthContext: {},
    headers: expect.objectContaining({ 'X-Own': 'me', 'X-Forwarded-Proto': 'http' }),
    query: { a: '2', b: 'x y' },
    path: { id: '7' },
    identity: expect.objectContaining({ sourceIp: '127.0.0.1', user: '', apiKey: '' }),
    stageVariables: { color: 'red' },
    requestPath: '/orders/{id}',
  });
});

test('a form is a map, no body an empty one', async () => {
  subject.ok({});
  const form = ['content-type', 'application/x-www-form-urlencoded'];
  await subject.send({ method: 'POST', path: '/orders/7', headers: form, body: 'a=1&b=x+y' });
  expect(subject.event().body).toEqual({ a: '1', b: 'x y' });
  await subject.send({ path: '/orders/7' });
  expect(subject.event().body).toEqual({});
});

test('bodies without a template and broken JSON do not reach the function', async () => {
  const before = subject.delivered.length;
  const xml = await subject.send({
    method: 'POST',
    path: '/orders/7',
    headers: ['content-type', 'application/xml'],
    body: '<a/>',
  });
  const broken = await subject.send({ method: 'POST', path: '/orders/7', headers: json, body: '{"a":' });
  expect([xml.status, xml.body]).toEqual([415, '{"message":"Unsupported Media Type"}']);
  expect([broken.status, broken.body]).toEqual([
    400,
    expect.stringContaining('Could not parse request body into json'),
  ]);
  expect(subject.delivered).toHaveLength(before);
});

test('a result of any shape is the body', async () => {
  subject.ok({ statusCode: 418, list: [1] });
  const reply = await subject.send({ path: '/orders/7' });
  expect([reply.status, reply.headers['content-type'], reply.body]).toEqual([
    200,
    'application/json',
    '{"statusCode":418,"list":[1]}',
  ]);
});

test('the message of an error chooses the status; one that none matches is a result', async () => {
  const error = { errorType: 'Lost', errorMessage: '[404] no order 7', trace: [] };
  subject.answer({ status: 'error', phase: 'invoke', error });
  const lost = await subject.send({ path: '/orders/7' });
  expect([lost.status, lost.headers['x-why'], JSON.parse(lost.body).errorMessage]).toEqual([
    404,
    'Lost',
    '[404] no order 7',
  ]);
  const statuses: Record<string, number> = {};
  for (const [name, outcome] of Object.entries(failures)) {
    subject.answer(outcome);
    statuses[name] = (await subject.send({ path: '/orders/7' })).status;
  }
  expect(statuses).toEqual({
    error: 200,
    crash: 500,
    'out-of-memory': 500,
    timeout: 504,
    throttled: 500,
    unavailable: 502,
  });
});

test('a header of the Lambda service is one of the response where it is there', async () => {
  const told = async () => (await subject.send({ path: '/told' })).headers;
  subject.ok({ a: 'é' });
  const fine = await told();
  expect([fine['x-failed'], fine['x-bytes']]).toEqual([undefined, '10']);
  expect(fine['x-request']).toBe(fine['x-amzn-requestid']);
  const error = { errorType: 'Lost', errorMessage: 'no order', trace: [] };
  subject.answer({ status: 'error', phase: 'invoke', error });
  expect((await told())['x-failed']).toBe('Unhandled');
});

test('a response has its own headers and the part of the result its template names', async () => {
  subject.ok({ page: '<h1>hi</h1>' });
  const reply = await subject.send({ path: '/page' });
  expect([reply.status, reply.headers['content-type'], reply.body]).toEqual([
    201,
    'text/html',
    '<h1>hi</h1>',
  ]);
});

test('what is no JSON is the body as it is', async () => {
  subject.answer({ status: 'ok', payload: 'plain words' });
  const reply = await subject.send({ path: '/orders/7' });
  expect([reply.status, reply.body]).toEqual([200, 'plain words']);
});

test('without a status for results there is no response to send', async () => {
  subject.ok({});
  const reply = await subject.send({ path: '/errors' });
  expect([reply.status, reply.body, reply.headers['x-sls-local-error']]).toEqual([
    500,
    '{"message":"Internal server error"}',
    'mapping-failed',
  ]);
});
