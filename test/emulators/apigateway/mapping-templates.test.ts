/** REST routes with templates of their own, and routes that are not waited for, over HTTP. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IntegrationMapping, MappedResponse } from '../../../src/model/integration-mapping.ts';
import { type GatewayUnderTest, restRoute, startGatewayUnderTest } from './gateway-under-test.ts';

function responseOf(status: number, pattern = '', more: Partial<MappedResponse> = {}): MappedResponse {
  return { status, pattern, headers: {}, templates: {}, ...more };
}

function mappingOf(json: string, more: Partial<IntegrationMapping> = {}): IntegrationMapping {
  return {
    requests: { 'application/json': { kind: 'own', text: json } },
    passThrough: 'WHEN_NO_MATCH',
    responses: [responseOf(200)],
    ...more,
  };
}

const order = `#set($in = $input.path('$'))
{
  "id": "$input.params('id')", "color": "$stageVariables.color", "from": "$context.identity.sourceIp",
  "who": "$context.authorizer.principalId", "agent": "$util.escapeJavaScript($input.params().header.get('X-Own')).replaceAll("\\\\'", "'")",
  "names": [#foreach($item in $in.items)"$item.name"#if($foreach.hasNext), #end#end],
  "first": $input.json('$.items[0]'), "all": $input.json('$..name'), "none": $input.json('$.nothing'),
  "route": "$context.httpMethod $context.resourcePath", "query": "$util.urlEncode($input.params('q'))"
}`;

const respond = `#if($input.path('$.late'))#set($context.responseOverride.status = 202)
#set($context.responseOverride.header.X-Late = "$input.path('$.late')")#end{"got": $input.json('$.value'), "id": "$input.params('id')"}`;

let subject: GatewayUnderTest;
beforeAll(async () => {
  const more = { stageVariables: { color: 'red' } };
  subject = await startGatewayUnderTest([
    restRoute('POST', '/orders/{id}', { mapping: mappingOf(order), ...more }),
    restRoute('GET', '/answers/{id}', {
      mapping: mappingOf('{}', {
        responses: [
          responseOf(200, '', {
            headers: {
              'X-Stage': { context: ['stage'] },
              'X-Color': { stageVariable: 'color' },
              'X-Late': { text: 'no' },
            },
            templates: { 'application/json': respond, 'text/plain': 'plain $input.path("$.value")' },
          }),
          responseOf(418, '(?i).*TEAPOT.*', {
            templates: { 'application/json': '$input.path("$.errorMessage")' },
          }),
        ],
      }),
      ...more,
    }),
    restRoute('POST', '/body', { mapping: mappingOf('$input.body') }),
    restRoute('POST', '/form', {
      mapping: mappingOf('', {
        requests: {
          'application/x-www-form-urlencoded': {
            kind: 'own',
            text: `{#foreach($pair in $input.path('$').split('&'))#set($kv = $pair.split('='))"$kv[0]": "$util.urlDecode($kv[1])"#if($foreach.hasNext),#end#end}`,
          },
        },
        passThrough: 'WHEN_NO_TEMPLATES',
      }),
    }),
    restRoute('POST', '/raw', { mapping: mappingOf('', { requests: {}, passThrough: 'WHEN_NO_TEMPLATES' }) }),
    restRoute('POST', '/never', { mapping: mappingOf('', { requests: {}, passThrough: 'NEVER' }) }),
    restRoute('POST', '/broken', { mapping: mappingOf('a\n#if($x') }),
    restRoute('POST', '/failing', { mapping: mappingOf('{}\n$input.body.frobnicate()') }),
    restRoute('GET', '/answer-fails', {
      mapping: mappingOf('{}', {
        responses: [responseOf(200, '', { templates: { 'application/json': '$util.parseJson("{")' } })],
      }),
    }),
    restRoute('POST', '/later', { mapping: mappingOf('{"a": 1}', { invocationType: { text: 'Event' } }) }),
    restRoute('POST', '/perhaps', {
      mapping: mappingOf('$input.json("$")', {
        invocationType: { parameter: 'header', name: 'InvocationType' },
        responses: [
          responseOf(202, '', {
            templates: { 'application/json': '{"taken": true, "was": $input.json("$")}' },
          }),
        ],
      }),
    }),
    restRoute('GET', '/named', { operationName: 'listOrders' }),
    restRoute('POST', '/set-later', {
      mapping: mappingOf('#set($context.requestOverride.header.X-Amz-Invocation-Type = "Event"){}'),
    }),
  ]);
});
afterAll(() => subject.close());

const json = ['content-type', 'application/json'];
const post = (path: string, body?: string, headers: readonly string[] = json) =>
  subject.send({ method: 'POST', path, headers, ...(body === undefined ? {} : { body }) });

test('the event is what the template makes of body, parameters, context and stage variables', async () => {
  subject.ok({});
  const body = '{"items":[{"name":"book"},{"name":"pen"}]}';
  await post('/orders/7?q=a%26b+c', body, [...json, 'X-Own', `it's "me"/é`]);
  expect(subject.event()).toEqual({
    ...{ id: '7', color: 'red', from: '127.0.0.1', who: '', names: ['book', 'pen'], none: null },
    ...{ first: { name: 'book' }, all: ['book', 'pen'], route: 'POST /orders/{id}', query: 'a%26b+c' },
    agent: expect.stringMatching(/^it's "me"\/./),
  });
});

test('the whole body keeps the digits of its numbers; none is an empty map', async () => {
  subject.ok({});
  await post('/perhaps', ' {"n": 12345678901234567890.10} ');
  expect(subject.delivered.at(-1)?.event).toBe('{"n": 12345678901234567890.10}');
  await post('/perhaps');
  expect(subject.delivered.at(-1)?.event).toBe('{}');
});

test('a form is a text to its template', async () => {
  subject.ok({});
  const form = ['content-type', 'application/x-www-form-urlencoded; charset=utf-8'];
  await post('/form', 'a=1&b=x+y', form);
  expect(subject.event()).toEqual({ a: '1', b: 'x y' });
});

test('a body without a template passes through where it may', async () => {
  subject.ok({});
  await post('/body', '{"x":1}', ['content-type', 'application/vnd.own+json']);
  expect(subject.event()).toEqual({ x: 1 });
  await post('/raw');
  expect(subject.event()).toEqual({});
  const refused = [await post('/form', '{}'), await post('/never', '{}')];
  expect(refused.map(({ status, body }) => [status, body])).toEqual([
    [415, '{"message":"Unsupported Media Type"}'],
    [415, '{"message":"Unsupported Media Type"}'],
  ]);
});

test('what is no JSON never reaches the function: a body that is looked into, and an event', async () => {
  const before = subject.delivered.length;
  const looked = await post('/orders/7', '{"a":');
  expect([looked.status, looked.body]).toEqual([
    400,
    expect.stringMatching(/^\{"message":"Could not parse request/),
  ]);
  const event = await post('/body', 'not json');
  expect([event.status, JSON.parse(event.body)]).toEqual([
    200,
    { Type: 'User', message: expect.stringMatching(/^Could not parse request body into json/) },
  ]);
  expect(subject.delivered).toHaveLength(before);
});

test('the answer is made by its template, which may choose status and headers', async () => {
  subject.ok({ value: [1] });
  const plain = await subject.send({ path: '/answers/7' });
  expect([plain.status, plain.body]).toEqual([200, '{"got": [1], "id": "7"}']);
  expect(plain.headers).toMatchObject({
    ...{ 'x-stage': 'dev', 'x-color': 'red', 'x-late': 'no', 'content-type': 'application/json' },
  });
  subject.ok({ late: 'yes' });
  const late = await subject.send({ path: '/answers/7' });
  expect([late.status, late.headers['x-late'], late.body]).toEqual([202, 'yes', '{"got": null, "id": "7"}']);
  subject.ok({ value: 'x' });
  const text = await subject.send({ path: '/answers/7', headers: ['Accept', 'text/plain'] });
  expect(text.body).toBe('plain x');
});

test('patterns are those of Java, and match the whole message', async () => {
  const failed = (errorMessage: string) =>
    subject.answer({ status: 'error', phase: 'invoke', error: { errorType: 'E', errorMessage } });
  failed('I am a teapot!');
  const matched = await subject.send({ path: '/answers/7' });
  expect([matched.status, matched.body]).toEqual([418, 'I am a teapot!']);
  failed('I am a\nteapot!');
  expect((await subject.send({ path: '/answers/7' })).status).toBe(200);
});

test('a template that cannot be evaluated is a 500, with the reason in the log of the session', async () => {
  subject.ok({});
  const before = subject.delivered.length;
  const broken = [await post('/broken', '{}'), await post('/failing', '{}')];
  expect(subject.delivered).toHaveLength(before);
  const answered = await subject.send({ path: '/answer-fails' });
  for (const { status, body } of [...broken, answered])
    expect([status, body]).toEqual([500, '{"message":"Internal server error"}']);
  expect(subject.notices.slice(-3)).toEqual([
    'POST /broken: the integration of POST /broken failed, the client got an error: line 2 of the template: expected ")", found the end',
    'POST /failing: the integration of POST /failing failed, the client got an error: line 2 of the template: .frobnicate() is not understood here',
    expect.stringMatching(/^GET \/answer-fails: .* line 1 of the template: \.parseJson\(\): /),
  ]);
});

test('an asynchronous route is answered when the event is stored', async () => {
  const before = subject.delivered.length;
  const reply = await post('/later', '{}');
  expect([reply.status, reply.body, reply.headers['content-type']]).toEqual([200, '', 'application/json']);
  const cause = { kind: 'http', api: 'rest-api', method: 'POST', path: '/later', route: 'POST /later' };
  expect(subject.enqueued.at(-1)).toMatchObject({
    ...{ functionId: 'POST /later', event: '{"a": 1}', cause },
    origin: { traceId: reply.headers['x-sls-local-trace'] },
  });
  const stored = subject.enqueued.length;
  const asked = await post('/perhaps', '{"n":1}', [...json, 'invocationtype', 'Event']);
  expect([asked.status, asked.body]).toEqual([202, '{"taken": true, "was": {}}']);
  await post('/set-later', '{}');
  expect(subject.enqueued).toHaveLength(stored + 2);
  expect(subject.delivered).toHaveLength(before);
});

test('what is not waited for may be 1 MB', async () => {
  const large = JSON.stringify('x'.repeat(1024 * 1024));
  const stored = subject.enqueued.length;
  const reply = await post('/perhaps', large, [...json, 'InvocationType', 'Event']);
  expect(reply.status).toBe(413);
  expect(subject.enqueued).toHaveLength(stored);
});

test('the name of an operation is in the context of its requests', async () => {
  subject.ok({ statusCode: 200 });
  await subject.send({ path: '/named' });
  expect(subject.event()).toMatchObject({ requestContext: { operationName: 'listOrders' } });
});
