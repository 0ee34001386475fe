/** Function URLs that stream: order, prelude, and each way a response can break. */
import { createServer, type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { DeliverRequest } from '../../../src/model/emulator.ts';
import type { Outcome, ResponseListener } from '../../../src/model/invocation.ts';
import { listen } from '../../../src/std/listen.ts';
import { makeRequest, openStreamingDoor } from '../../src/runtime/streaming-door.ts';
import {
  corsOf,
  failures,
  type GatewayUnderTest,
  startGatewayUnderTest,
  urlRoute,
} from './gateway-under-test.ts';

const HTTP_TYPE = 'application/vnd.awslambda.http-integration-response';
const END = Buffer.alloc(8);
const ok = (payload = '""'): Outcome => ({ status: 'ok', payload });

let under: GatewayUnderTest;
beforeEach(async () => {
  under = await startGatewayUnderTest([
    urlRoute('chat', { streams: true }),
    urlRoute('open', { streams: true, cors: corsOf() }),
    urlRoute('whole'),
  ]);
});
afterEach(() => under.close());

/** The function: writes to the listener, then ends. */
const answers = (write: (to: ResponseListener) => unknown, outcome = ok()) =>
  under.answer(async ({ response }: DeliverRequest) => {
    if (!response) throw new Error('nobody listens');
    await write(response);
    return outcome;
  });

const prelude = (value: unknown) => Buffer.concat([Buffer.from(JSON.stringify(value)), END]);
const get = (path = '/_url/chat/') => under.send({ path });

/** Resolves with the head; the body is the test's to read. */
const open = (path: string) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const { port } = under.gateway.listening;
    request({ host: '127.0.0.1', port, path, agent: false }, resolve).on('error', reject).end();
  });

const readAll = (response: IncomingMessage) =>
  new Promise<{ text: string; complete: boolean }>((resolve) => {
    let text = '';
    response.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    response.on('error', () => {});
    response.on('close', () => resolve({ text, complete: response.complete }));
  });

test('the client has the first part before the handler writes its last one', async () => {
  let opened: () => void = () => {};
  const told = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const server = createServer((_request, response) => void told.then(() => response.end()));
  const gate = await listen(server, { host: '127.0.0.1', port: 0, purpose: 'the gate' });
  const door = await openStreamingDoor('gated');
  onTestFinished(async () => {
    await door.close();
    await gate.close();
  });
  under.answer(async ({ event, response }) => {
    return (await door.invoke(makeRequest(JSON.parse(event), response))).outcome;
  });
  const response = await open(`/_url/chat/?gate=${encodeURIComponent(gate.url)}`);
  expect(response.statusCode).toBe(202);
  expect(response.headers).toMatchObject({
    'x-a': 'b',
    'content-type': 'text/plain',
    'transfer-encoding': 'chunked',
    'set-cookie': ['a=1', 'b=2'],
  });
  const first = await new Promise((resolve) => response.once('data', (chunk) => resolve(String(chunk))));
  expect(first).toBe('first,');
  // Only now may the handler go on.
  opened();
  expect(await readAll(response)).toEqual({ text: 'last', complete: true });
});

describe('the prelude', () => {
  test('is found however the bytes are cut', async () => {
    const bytes = Buffer.concat([prelude({ statusCode: 404, headers: { 'X-B': '1' } }), Buffer.from('body')]);
    for (let size = 1; size <= 9; size++) {
      answers((to) => {
        to.begin(HTTP_TYPE);
        for (let at = 0; at < bytes.length; at += size) to.take(bytes.subarray(at, at + size));
      });
      expect(await get()).toMatchObject({ status: 404, headers: { 'x-b': '1' }, body: 'body' });
    }
  });

  test.each([
    ['not JSON', Buffer.concat([Buffer.from('nonsense'), END])],
    ['cut short', Buffer.from('{"statusCode":200}')],
    ['with a status that is none', prelude({ statusCode: 'fine' })],
    ['with a header that cannot be sent', prelude({ headers: { 'a\nb': '1' } })],
  ])('%s is the platform’s 502, and the user is told why', async (_, bytes) => {
    answers((to) => {
      to.begin(HTTP_TYPE);
      to.take(bytes);
      to.take(Buffer.from('more'));
    });
    expect(await get()).toMatchObject({ status: 502, body: 'Internal Server Error' });
    expect(under.notices.join()).toContain('chat');
  });

  test('loses its cross-origin headers to those of the URL', async () => {
    answers((to) => {
      to.begin(HTTP_TYPE);
      to.take(prelude({ headers: { 'access-control-allow-origin': 'https://mine' } }));
      to.take(Buffer.from('x'));
    });
    const reply = await under.send({ path: '/_url/open/', headers: ['Origin', 'https://a'] });
    expect(reply.headers['access-control-allow-origin']).toBe('*');
  });
});

test('a stream without a prelude is sent with its content type', async () => {
  answers((to) => {
    to.begin('text/event-stream');
    to.take(Buffer.from('data: 1\n\n'));
  });
  expect(await get()).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/event-stream', 'x-sls-local-trace': expect.any(String) },
    body: 'data: 1\n\n',
  });
});

test.each([
  ['error', 502],
  ['crash', 502],
  ['timeout', 504],
  ['throttled', 429],
])('%s before the first byte has a status of its own', async (name, status) => {
  under.answer(failures[name] ?? ok());
  expect((await get()).status).toBe(status);
});

test.each(['error', 'crash', 'timeout'])('%s after the first byte tears the response', async (name) => {
  answers((to) => {
    to.begin('text/plain');
    to.take(Buffer.from('some'));
  }, failures[name]);
  const response = await open('/_url/chat/');
  expect(response.statusCode).toBe(200);
  expect(await readAll(response)).toMatchObject({ complete: false });
});

test('a client that hangs up does not stop the function, and holds it back no longer', async () => {
  let end: (gone: boolean) => void = () => {};
  const ended = new Promise<boolean>((resolve) => {
    end = resolve;
  });
  answers(async (to) => {
    to.begin('text/plain');
    // Written until the client is behind; it will never read, and hangs up instead.
    for (let taking = to.take(Buffer.alloc(65_536)); ; taking = to.take(Buffer.alloc(65_536)))
      if (taking) {
        client.destroy();
        await taking;
        break;
      }
    await to.take(Buffer.from('nobody hears this'));
    end(to.isGone?.() ?? false);
  });
  const { port } = under.gateway.listening;
  const client = request({ host: '127.0.0.1', port, path: '/_url/chat/', agent: false });
  client.on('response', (response) => response.pause().on('error', () => {}));
  client.on('error', () => {});
  client.end();
  expect(await ended).toBe(true);
});

test('a handler that does not stream is sent as it is, and the user is told once', async () => {
  under.answer(ok('{"statusCode":201,"body":"x"}'));
  expect(await get()).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"statusCode":201,"body":"x"}',
  });
  await get();
  expect(under.notices).toEqual([expect.stringContaining('streamifyResponse')]);
});

test('a URL in mode BUFFERED does not listen', async () => {
  under.ok({ statusCode: 200, body: 'x' });
  expect((await get('/_url/whole/')).body).toBe('x');
  expect(under.delivered[0]).not.toHaveProperty('response');
});
