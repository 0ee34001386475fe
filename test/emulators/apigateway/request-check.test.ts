import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GatewayUnderTest, restRoute, startGatewayUnderTest } from './gateway-under-test.ts';

const named = { type: 'object', required: ['name'] };
let subject: GatewayUnderTest;
beforeAll(async () => {
  subject = await startGatewayUnderTest([
    restRoute('POST', '/json', { requestCheck: { bodies: { 'application/json': named } } }),
    restRoute('POST', '/any', { requestCheck: { bodies: { $default: named } } }),
    restRoute('GET', '/asked', {
      requestCheck: {
        parameters: [
          { place: 'querystring', name: 'page' },
          { place: 'header', name: 'X-Tenant' },
        ],
      },
    }),
  ]);
  subject.ok({ statusCode: 200, body: 'ran' });
});
afterAll(() => subject.close());

const post = async (path: string, body: string, type?: string) => {
  const headers = type ? ['content-type', type] : [];
  const {
    status,
    body: text,
    headers: answered,
  } = await subject.send({ method: 'POST', path, headers, body });
  return { status, text, why: answered['x-sls-local-hint'], error: answered['x-amzn-errortype'] };
};
const refused = { status: 400, text: '{"message":"Invalid request body"}', error: 'BadRequestException' };

test('a body that does not fit the model of its type never reaches the function', async () => {
  const before = subject.delivered.length;
  for (const [body, type] of [
    ['{}', 'application/json; charset=utf-8'],
    ['{}', undefined],
    ['nope', 'application/json'],
    ['', 'application/json'],
  ] as const)
    expect(await post('/json', body, type), body).toMatchObject(refused);
  expect((await post('/json', '{}', 'application/json')).why).toContain('required property "name"');
  expect(subject.delivered.length).toBe(before);
});

test('one that fits does, and one of a type without a model', async () => {
  expect(await post('/json', '{"name":1}', 'application/json')).toMatchObject({ status: 200, text: 'ran' });
  expect(await post('/json', 'nope', 'text/plain')).toMatchObject({ status: 200 });
  expect(await post('/any', 'nope', 'text/plain')).toMatchObject(refused);
});

test.each([
  ['/asked', [], 'page, X-Tenant'],
  ['/asked?page=', ['x-tenant', 'a'], 'page'],
  ['/asked?page=1', [], 'X-Tenant'],
])('required parameters that %s with %j lacks are named', async (path, headers, missing) => {
  const { status, body } = await subject.send({ path, headers });
  expect({ status, body }).toEqual({
    status: 400,
    body: `{"message":"Missing required request parameters: [${missing}]"}`,
  });
});

test('a request that has them goes on', async () => {
  expect((await subject.send({ path: '/asked?page=1', headers: ['x-tenant', 'a'] })).body).toBe('ran');
});
