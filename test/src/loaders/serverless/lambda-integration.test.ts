import { expect, test } from 'vitest';
import { serverlessLoader } from '../../../../src/loaders/serverless/loader.ts';
import { loadWith } from '../temporary-project.ts';

/** `settings` are the rest of an event of `GET /a`. */
function routeWith(settings: string) {
  return eventWith(`{ method: get, path: a, integration: lambda${settings} }`);
}

async function eventWith(event: string) {
  const yaml = `service: shop
provider: { name: aws, runtime: nodejs20.x }
functions:
  fn:
    handler: a.b
    events:
      - http: ${event}
`;
  const { project, said } = await loadWith(serverlessLoader, { 'serverless.yml': yaml });
  const [route] = project.triggers;
  return {
    mapping: route?.kind === 'rest-api' ? route.mapping : undefined,
    operationName: route?.kind === 'rest-api' ? route.operationName : undefined,
    resources: project.resources,
    said,
  };
}

test('a lambda integration has the status codes of the framework', async () => {
  const { mapping, said } = await routeWith('');
  expect(said).toEqual([]);
  expect(mapping?.responses.map(({ status }) => status)).toEqual([
    200, 400, 401, 403, 404, 422, 500, 502, 504,
  ]);
  expect(mapping?.responses[0]).toEqual({ status: 200, pattern: '', headers: {}, templates: {} });
  expect(mapping?.passThrough).toBe('NEVER');
  expect(mapping?.requests).toEqual({
    'application/json': { kind: 'framework' },
    'application/x-www-form-urlencoded': { kind: 'framework' },
  });
  expect(mapping).not.toHaveProperty('invocationType');
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
    { status: 201, pattern: '', headers, templates: { 'application/json': "$input.path('$')" } },
    {
      status: 409,
      pattern: '.*taken.*',
      headers: { ...headers, 'X-A': { text: 'b' } },
      templates: { 'application/json': '$input.json("$.errorMessage")' },
    },
  ]);
});

test("codes of one's own without one for results get 200", async () => {
  const { mapping } = await routeWith(", response: { statusCodes: { 400: { pattern: 'bad.*' } } }");
  expect(mapping?.responses).toEqual([
    { status: 200, pattern: '', headers: {}, templates: {} },
    { status: 400, pattern: 'bad.*', headers: {}, templates: {} },
  ]);
});

test("templates of one's own take the place of the framework's, and null takes one away", async () => {
  const { mapping, said } = await routeWith(
    ", request: { passThrough: WHEN_NO_TEMPLATES, template: { application/json: '#set($a = 1) {}', text/plain: '{}', application/x-www-form-urlencoded: null } }",
  );
  expect(said).toEqual([]);
  expect(mapping).toMatchObject({ passThrough: 'WHEN_NO_TEMPLATES' });
  expect(mapping?.requests).toEqual({
    'application/json': { kind: 'own', text: '#set($a = 1) {}' },
    'text/plain': { kind: 'own', text: '{}' },
  });
});

test('a route that is not waited for says so, with integration: lambda and alone', async () => {
  for (const settings of [', async: true', ', async: true, integration: LAMBDA'])
    expect(await eventWith(`{ method: get, path: a, operationId: makeA${settings} }`)).toMatchObject({
      operationName: 'makeA',
      said: [],
      mapping: { invocationType: { text: 'Event' }, requests: { 'application/json': { kind: 'framework' } } },
    });
});

test('what cannot be evaluated is told once, where it stands; the route stays', async () => {
  const { mapping, said } = await routeWith(`,
          request: { template: { application/json: '#if(true) {}' }, contentHandling: CONVERT_TO_TEXT },
          response: {
            template: '$util.toJson($a)',
            headers: { X-A: plain },
            statusCodes: { ok: { pattern: '' }, 400: { pattern: '(' } } }`);
  expect(mapping?.responses).toEqual([
    { status: 400, pattern: '(', headers: {}, templates: { 'application/json': '$util.toJson($a)' } },
  ]);
  expect(said.map((line) => line.replace('functions.fn.events[0].http.', ''))).toEqual([
    'warning not-emulated request.contentHandling:8 request.contentHandling has no effect here',
    'warning not-emulated request.template.application/json:8 the template cannot be evaluated, who needs it gets a 500: line 1: the #if of line 1 has no #end',
    'warning not-emulated response.statusCodes.400:12 the template cannot be evaluated, who needs it gets a 500: line 1: $util has no "toJson" in API Gateway, but base64Decode, base64Encode, escapeJavaScript, parseJson, urlDecode, urlEncode',
    'warning not-emulated response.statusCodes.400:12 the pattern "(" is no regular expression, it matches nothing: Invalid regular expression: /(/: Unterminated group',
    'warning not-emulated response.statusCodes.400:12 the header X-A is left out: "plain" is not understood here',
    'warning not-emulated response.statusCodes.ok:12 "ok" is no status code from 100 to 599: the response is left out',
  ]);
});

test('a mock is a route without a function; it has the templates and status codes it names, no others', async () => {
  const { resources, said } = await eventWith(
    "{ method: get, path: a, integration: mock, private: true, cors: true, request: { template: { application/json: '{\"statusCode\": 200}' } }, response: { headers: { X-A: \"'b'\" }, template: '{}', statusCodes: { 200: { pattern: '' } } } }",
  );
  expect(said).toEqual([]);
  expect(resources).toMatchObject([
    {
      ...{ kind: 'rest-mock', name: 'GET /a', method: 'GET', path: '/a', stage: 'dev', apiKeys: [] },
      cors: { allowOrigins: ['*'] },
      mapping: {
        requests: { 'application/json': { kind: 'own', text: '{"statusCode": 200}' } },
        passThrough: 'WHEN_NO_MATCH',
        responses: [
          {
            ...{ status: 200, pattern: '', templates: { 'application/json': '{}' } },
            headers: { 'X-A': { text: 'b' }, 'Access-Control-Allow-Origin': { text: '*' } },
          },
        ],
      },
    },
  ]);
  const bare = await eventWith('{ method: get, path: a, integration: mock }');
  expect(bare.resources).toMatchObject([{ mapping: { requests: {}, responses: [] } }]);
});
