import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type GatewayUnderTest,
  httpRoute,
  restRoute,
  type Sent,
  startGatewayUnderTest,
  urlRoute,
} from './gateway-under-test.ts';

const golden = join(import.meta.dirname, '../../../fixtures/golden/apigateway');
let subject: GatewayUnderTest;

beforeAll(async () => {
  subject = await startGatewayUnderTest([
    httpRoute('POST', '/v2/orders/{id}'),
    httpRoute('GET', '/v2/files/{path+}'),
    httpRoute('POST', '/v1/orders/{id}', { payloadFormat: '1.0' }),
    httpRoute('ANY', '$default'),
    restRoute('POST', '/rest/orders/{id}'),
    restRoute('GET', '/rest'),
    restRoute('PUT', '/rest/images/{name}', { binaryMediaTypes: ['image/*'] }),
    urlRoute('hello'),
  ]);
});
afterAll(() => subject.close());

const rich: Sent = {
  method: 'POST',
  headers: [
    'Host',
    'api.example.test:3000',
    'User-Agent',
    'golden/1',
    'Content-Type',
    'application/json; charset=utf-8',
    'Cookie',
    'a=1; b=2',
    'X-Many',
    'one',
    'x-many',
    'two',
    'X-Forwarded-For',
    '203.0.113.9',
    'X-Amzn-Trace-Id',
    'Root=1-65944a00-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=1',
  ],
  body: '{"amount":12,"note":"zwölf"}',
};
const query = '?tag=a&tag=b%20c&q=x+y&empty=&flag';

const cases: [name: string, sent: Sent][] = [
  ['http-v2-post', { ...rich, path: `/v2/orders/a%20b${query}` }],
  ['http-v2-get-greedy', { path: '/v2/files/a/b%20c.txt' }],
  ['http-v2-default', { method: 'DELETE', path: '/nowhere' }],
  [
    'http-v2-form',
    {
      ...rich,
      path: '/v2/orders/1',
      headers: ['Content-Type', 'application/x-www-form-urlencoded'],
      body: 'a=1&b=2',
    },
  ],
  ['http-v1-post', { ...rich, path: `/v1/orders/a%20b${query}` }],
  ['rest-post', { ...rich, path: `/dev/rest/orders/a%20b${query}` }],
  ['rest-get-nulls', { path: '/rest' }],
  [
    'rest-binary',
    {
      method: 'PUT',
      path: '/rest/images/x.png',
      headers: ['Content-Type', 'image/png'],
      body: Buffer.from([0, 255, 1, 254]),
    },
  ],
  [
    'url-post',
    {
      ...rich,
      path: `/a%20b/c${query}`,
      headers: [...(rich.headers ?? []).slice(2), 'Host', 'Hello.lambda-url.localhost:3000'],
    },
  ],
];

test.each(cases)('the event %s is exactly the golden one', async (name, sent) => {
  await subject.send(sent);
  const event = JSON.stringify(subject.event(), null, 2)
    .replaceAll(`"${subject.gateway.listening.port}"`, '"3000"')
    .replace(
      /"(requestId|extendedRequestId)": "[0-9a-f-]{36}"/g,
      '"$1": "00000000-0000-4000-8000-000000000000"',
    )
    .replace(/Root=1-6957[0-9a-f]{4}-[0-9a-f]{24}/g, 'Root=1-69571a25-000000000000000000000000');
  await expect(`${event}\n`).toMatchFileSnapshot(join(golden, `${name}.json`));
});
