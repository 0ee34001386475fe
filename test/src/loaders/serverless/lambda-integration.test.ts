import { expect, test } from 'vitest';
import { serverlessLoader } from '../../../../src/loaders/serverless/loader.ts';
import { loadWith } from '../temporary-project.ts';

/** `settings` are the rest of an event of `GET /a`. */
async function routeWith(settings: string) {
  const yaml = `service: shop
provider: { name: aws, runtime: nodejs20.x }
functions:
  fn:
    handler: a.b
    events:
      - http: { method: get, path: a, integration: lambda${settings} }
`;
  const { project, said } = await loadWith(serverlessLoader, { 'serverless.yml': yaml });
  const [route] = project.triggers;
  return { mapping: route?.kind === 'rest-api' ? route.mapping : undefined, said };
}

test('a lambda integration has the status codes of the framework', async () => {
  const { mapping, said } = await routeWith('');
  expect(said).toEqual([]);
  expect(mapping?.responses.map(({ status }) => status)).toEqual([
    200, 400, 401, 403, 404, 422, 500, 502, 504,
  ]);
  expect(mapping?.responses[0]).toEqual({ status: 200, pattern: '', headers: {} });
  const statusOf = (message: string) =>
    mapping?.responses.find(({ pattern }) => pattern !== '' && new RegExp(`^(?:${pattern})$`).test(message))
      ?.status;
  expect(statusOf('[404] no such order')).toBe(404);
  expect(statusOf('1b2c Task timed out after 6.00 seconds')).toBe(504);
  expect(statusOf('some error')).toBeUndefined();
});

test('headers, codes and simple templates of a response are taken', async () => {
  const { mapping, said } = await routeWith(
    `, cors: { origin: 'https://a.example', allowCredentials: true }, response: { headers: { Content-Type: "'text/html'", Location: integration.response.body.to.url }, template: "$input.path('$')", statusCodes: { 201: { pattern: '' }, 409: { pattern: '.*taken.*', template: { application/json: '$input.json("$.errorMessage")' }, headers: { X-A: "'b'" } } } }`,
  );
  expect(said).toEqual([]);
  const headers = {
    'Access-Control-Allow-Origin': { text: 'https://a.example' },
    'Access-Control-Allow-Credentials': { text: 'true' },
    'Content-Type': { text: 'text/html' },
    Location: { path: ['to', 'url'] },
  };
  expect(mapping?.responses).toEqual([
    { status: 201, pattern: '', headers, body: { path: [], plain: true } },
    {
      status: 409,
      pattern: '.*taken.*',
      headers: { ...headers, 'X-A': { text: 'b' } },
      body: { path: ['errorMessage'], plain: false },
    },
  ]);
});

test("codes of one's own without one for results get 200", async () => {
  const { mapping } = await routeWith(", response: { statusCodes: { 400: { pattern: 'bad.*' } } }");
  expect(mapping?.responses).toEqual([
    { status: 200, pattern: '', headers: {} },
    { status: 400, pattern: 'bad.*', headers: {} },
  ]);
});

test('templates that are programs leave the route out', async () => {
  const request = await routeWith(", request: { template: { application/json: '#set($a = 1) {}' } }");
  const response = await routeWith(", response: { template: '#foreach($a in $b) #end' }");
  expect([request.mapping, response.mapping]).toEqual([undefined, undefined]);
  expect([...request.said, ...response.said]).toEqual([
    'warning not-emulated functions.fn.events[0].http.request:7 the templates of this request are not understood here; the route is left out',
    'warning not-emulated functions.fn.events[0].http.response:7 the templates of this response are not understood here; the route is left out',
  ]);
  const without = await routeWith(', request: { template: { application/x-www-form-urlencoded: null } }');
  expect(without.mapping).toBeDefined();
});

test('what is no status code, or no expression, leaves the route out', async () => {
  const status = await routeWith(", response: { statusCodes: { ok: { pattern: '' } } }");
  const pattern = await routeWith(
    ", response: { statusCodes: { 200: { pattern: '' }, 400: { pattern: '(' } } }",
  );
  expect([status.mapping, pattern.mapping]).toEqual([undefined, undefined]);
  expect([status.said.length, pattern.said.length]).toEqual([1, 1]);
});
