/** REST routes that answer without a function, over HTTP. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HttpMethod } from '../../../src/model/project.ts';
import type { RestMockResource } from '../../../src/model/resources.ts';
import { corsOf, type GatewayUnderTest, restRoute, startGatewayUnderTest } from './gateway-under-test.ts';

function mock(
  method: HttpMethod,
  path: string,
  template: string | undefined,
  more: Partial<RestMockResource> = {},
): RestMockResource {
  return {
    ...{ kind: 'rest-mock', name: `${method} ${path}`, method, path, stage: 'dev' },
    mapping: {
      requests: template === undefined ? {} : { 'application/json': { kind: 'own', text: template } },
      passThrough: 'WHEN_NO_MATCH',
      responses: [
        {
          ...{ status: 200, pattern: '', headers: { 'X-Mock': { text: 'yes' } } },
          templates: { 'application/json': '{"id": "$input.params(\'id\')", "stage": "$context.stage"}' },
        },
        { status: 404, pattern: '4\\d\\d', headers: {}, templates: {} },
      ],
    },
    ...more,
  };
}

let subject: GatewayUnderTest;
beforeAll(async () => {
  subject = await startGatewayUnderTest(
    [restRoute('GET', '/orders', { cors: corsOf() }), restRoute('GET', '/options')],
    [
      mock('GET', '/mock/{id}', '{"statusCode": #if($input.params("id") == "0")404#{else}200#end}'),
      mock('ANY', '/raw', undefined),
      mock('GET', '/wordy', 'no status'),
      mock('GET', '/keyed', '{"statusCode": 200}', { apiKeys: [] }),
      mock('GET', '/crossed', '{"statusCode": 200}', { cors: corsOf() }),
      mock('OPTIONS', '/options', '{"statusCode": 200}'),
    ],
  );
});
afterAll(() => subject.close());

test('the status of its request template chooses the response, made by templates', async () => {
  const found = await subject.send({ path: '/dev/mock/7' });
  expect([found.status, found.headers['x-mock'], found.body]).toEqual([
    200,
    'yes',
    '{"id": "7", "stage": "dev"}',
  ]);
  const lost = await subject.send({ path: '/mock/0' });
  expect([lost.status, lost.body]).toEqual([404, '']);
  expect(subject.delivered).toEqual([]);
});

test('without a template the body says the status; what says none is a 500 and told', async () => {
  const said = await subject.send({ method: 'POST', path: '/raw', body: '{"statusCode": 400}' });
  expect(said.status).toBe(404);
  const silent = await subject.send({ path: '/raw' });
  const wordy = await subject.send({ path: '/wordy' });
  for (const { status, body } of [silent, wordy])
    expect([status, body]).toEqual([500, '{"message":"Internal server error"}']);
  expect(subject.notices).toEqual([
    'GET /raw: the integration of the mock failed, the client got an error: the request template of a mock makes {"statusCode": 200}, this one made {}',
    'GET /wordy: the integration of the mock failed, the client got an error: the request template of a mock makes {"statusCode": 200}, this one made no status',
  ]);
});

test('a mock asks for keys, and answers preflights as other routes do', async () => {
  expect((await subject.send({ path: '/keyed' })).status).toBe(403);
  expect((await subject.send({ path: '/keyed', headers: ['x-api-key', 'any'] })).status).toBe(200);
  for (const path of ['/crossed', '/orders']) {
    const preflight = await subject.send({
      method: 'OPTIONS',
      path,
      headers: ['Origin', 'https://a.example'],
    });
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([200, '*']);
  }
});

test('an OPTIONS mock beside a function answers by itself', async () => {
  const reply = await subject.send({ method: 'OPTIONS', path: '/options' });
  expect([reply.status, reply.headers['x-mock']]).toEqual([200, 'yes']);
});
