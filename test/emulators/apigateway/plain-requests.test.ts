/** Requests answered straight on their socket and those that Node's server reads: nobody can tell which it was. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  corsOf,
  failures,
  type GatewayUnderTest,
  httpRoute,
  type Reply,
  restRoute,
  type Sent,
  startGatewayUnderTest,
  urlRoute,
} from './gateway-under-test.ts';

let subject: GatewayUnderTest;
beforeAll(async () => {
  subject = await startGatewayUnderTest([
    httpRoute('ANY', '/v2/{id}', { cors: corsOf() }),
    restRoute('ANY', '/rest'),
    urlRoute('hello'),
    urlRoute('parts', { streams: true }),
  ]);
});
afterAll(() => subject.close());

const CONNECTION = new Set(['connection', 'keep-alive']);
const IDS = /^(date|apigw-requestid|x-amzn-requestid|x-amzn-trace-id|x-sls-local-trace)$/;

/** As it is but for what differs between any two requests. */
function seen({ status, rawHeaders, body }: Reply) {
  const headers: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? '';
    if (!CONNECTION.has(name)) headers.push(`${rawHeaders[i]}: ${IDS.test(name) ? '…' : rawHeaders[i + 1]}`);
  }
  return { status, headers, body };
}

function withoutIds(event: Record<string, unknown>): string {
  return JSON.stringify(event)
    .replace(/"(requestId|extendedRequestId)":"[^"]*"/g, '"$1":"…"')
    .replace(/Root=1-[0-9a-f]+-[0-9a-f]+/g, '…')
    .replace(/"connection":"[^"]*",?/gi, '');
}

async function both(sent: Sent) {
  const plain = await subject.send(sent);
  const plainEvent = withoutIds(subject.event());
  const through = await subject.send({ ...sent, closes: true });
  expect([plain.headers.connection, through.headers.connection]).toEqual(['keep-alive', 'close']);
  return {
    plain: seen(plain),
    plainEvent,
    through: seen(through),
    throughEvent: withoutIds(subject.event()),
  };
}

const REQUESTS: readonly [string, Sent][] = [
  ['a query', { path: '/v2/7?a=1&a=2&b=%20' }],
  ['a path that is encoded', { path: '/v2/%C3%A4%2Fb' }],
  ['headers of any case', { path: '/v2/7', headers: ['X-CuStom', ' a, b ', 'cookie', 'a=1; b=2'] }],
  ['a name of its own', { path: '/rest', headers: ['Host', 'shop.example.com:80'] }],
  ['a trace', { path: '/rest', headers: ['traceparent', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`] }],
  ['a page', { path: '/v2/7', headers: ['Origin', 'https://shop.example.com'] }],
  ['a text', { method: 'POST', path: '/v2/7', headers: ['Content-Type', 'text/plain'], body: 'größe' }],
  ['bytes', { method: 'PUT', path: '/rest', body: Buffer.from([0, 255, 10, 13, 128]) }],
  ['an empty body', { method: 'POST', path: '/v2/7', body: '' }],
  ['the address of a function', { method: 'DELETE', path: '/_url/hello/x' }],
  ['no route', { path: '/nothing/here' }],
];

test.each(REQUESTS)('%s: the same event and the same answer', async (_, sent) => {
  subject.ok({ statusCode: 200, body: 'ok' });
  const { plain, plainEvent, through, throughEvent } = await both(sent);
  expect(plain).toEqual(through);
  expect(plainEvent).toBe(throughEvent);
});

test.each<[string, unknown]>([
  ['headers beyond ASCII', { statusCode: 200, headers: { 'x-name': 'Zoë' }, body: 'größe' }],
  ['a header with a line end', { statusCode: 200, headers: { 'x-name': 'a\r\nx-b: c' }, body: 'x' }],
  ['a header without a valid name', { statusCode: 200, headers: { 'x name': 'a' }, body: 'x' }],
  ['a date of its own', { statusCode: 200, headers: { Date: 'Thu, 01 Jan 1970 00:00:00 GMT' } }],
  ['no content', { statusCode: 204, body: 'there is none' }],
  ['nothing new', { statusCode: 304, headers: { etag: '"a"' }, body: 'there is none' }],
  ['a status without a name', { statusCode: 299, body: 'x' }],
  ['bytes', { statusCode: 200, body: Buffer.from([0, 255, 128]).toString('base64'), isBase64Encoded: true }],
  ['cookies', { statusCode: 200, cookies: ['a=1', 'b=2'], body: 'x' }],
  ['a status that is none', { statusCode: 99, body: 'x' }],
])('the same answer with %s', async (_, result) => {
  subject.ok(result);
  const { plain, through } = await both({ path: '/v2/7' });
  expect(plain).toEqual(through);
});

test.each(Object.entries(failures))('the same answer to %s', async (_, outcome) => {
  subject.answer(outcome);
  for (const path of ['/v2/7', '/rest', '/_url/hello/']) {
    const { plain, through } = await both({ path });
    expect(plain).toEqual(through);
  }
});

test('a connection goes from one kind to the other', async () => {
  subject.ok({ statusCode: 200, body: 'ok' });
  const socket = connect(subject.gateway.listening.port, '127.0.0.1');
  let text = '';
  const answers = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if ((text.match(/HTTP\/1.1 200 OK/g) ?? []).length === count && text.endsWith('ok')) resolve();
      };
      socket.on('data', look);
      look();
    });
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  const get = (more = '') => `GET /v2/7 HTTP/1.1\r\nhost: a\r\n${more}\r\n`;
  socket.write(get() + get('te: trailers\r\n') + get());
  await answers(3);
  socket.write(
    'POST /v2/7 HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n',
  );
  await answers(4);
  expect(subject.event()).toMatchObject({ body: 'ab' });
  socket.end();
  await once(socket, 'close');
});
