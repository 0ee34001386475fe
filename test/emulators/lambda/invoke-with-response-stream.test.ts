/** InvokeWithResponseStream on the wire: when bytes come, what ends the stream, and what is no stream at all. */
import { type IncomingMessage, request } from 'node:http';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { encodeEvent } from '../../../emulators/_wire/event-stream.ts';
import { lambda } from '../../../emulators/lambda/index.ts';
import type { Outcome, ResponseListener } from '../../../src/model/invocation.ts';
import { type RunningEndpoint, startTestEndpoint } from '../_wire/running-endpoint.ts';
import { failed, makeFunction, makeWorld, ok, type World } from '../world.ts';

let world: World;
let running: RunningEndpoint;
beforeAll(async () => {
  world = makeWorld();
  const { api } = await lambda.start(world.context);
  running = await startTestEndpoint(() => (api ? [api] : []));
});
afterAll(async () => {
  expect(running.bugs).toEqual([]);
  await running.endpoint.close();
  await world.store.close();
});
beforeEach(() => {
  world.functions = [makeFunction()];
  world.delivered.length = 0;
});

const answers = (write: (to: ResponseListener) => unknown, outcome: Outcome = ok()) => {
  world.answer = async ({ response }) => {
    if (!response) throw new Error('nobody listens');
    await write(response);
    return outcome;
  };
};

const invoke = (headers: Record<string, string> = {}, body = '{"n":1}') =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const path = '/2021-11-15/functions/worker/response-streaming-invocations';
    request(`${running.url}${path}`, { method: 'POST', agent: false, headers }, resolve)
      .on('error', reject)
      .end(body);
  });

interface Message {
  readonly type: string;
  readonly payload: string;
}

/** Takes the messages apart; throws where a checksum is wrong. */
function* messagesIn(bytes: Buffer): Generator<Message> {
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const headersLength = bytes.readUInt32BE(at + 4);
    const message = bytes.subarray(at, at + length);
    if (crc32(message.subarray(0, 8)) !== message.readUInt32BE(8)) throw new Error('prelude checksum');
    if (crc32(message.subarray(0, -4)) !== message.readUInt32BE(length - 4))
      throw new Error('message checksum');
    const headers = message.subarray(12, 12 + headersLength).toString('latin1');
    const type = ['PayloadChunk', 'InvokeComplete'].find((name) => headers.includes(name)) ?? headers;
    yield { type, payload: message.toString('utf8', 12 + headersLength, length - 4) };
    at += length;
  }
}

async function messagesOf(response: IncomingMessage): Promise<Message[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return [...messagesIn(Buffer.concat(chunks))];
}

test('a part reaches the caller before the function writes the next one', async () => {
  let goOn: () => void = () => {};
  const told = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  answers(async (to) => {
    to.begin('text/plain');
    to.take(Buffer.from('one'));
    await told;
    to.take(Buffer.from('two'));
  });
  const response = await invoke();
  expect(response.statusCode).toBe(200);
  expect(response.headers).toMatchObject({
    'content-type': 'application/vnd.amazon.eventstream',
    'x-amz-executed-version': '$LATEST',
  });
  const first = await new Promise<Buffer>((resolve) => response.once('data', resolve));
  expect([...messagesIn(first)]).toEqual([{ type: 'PayloadChunk', payload: 'one' }]);
  goOn();
  expect(await messagesOf(response)).toEqual([
    { type: 'PayloadChunk', payload: 'two' },
    { type: 'InvokeComplete', payload: '{}' },
  ]);
});

test('a failure is told in the last message, before the first byte and after it', async () => {
  world.answer = () => failed;
  const error = { ErrorCode: 'Error', ErrorDetails: '{"errorType":"Error","errorMessage":"no"}' };
  expect(await messagesOf(await invoke())).toEqual([
    { type: 'InvokeComplete', payload: JSON.stringify(error) },
  ]);
  answers(
    (to) => {
      to.begin('text/plain');
      to.take(Buffer.from('half'));
    },
    { status: 'timeout', afterMs: 3000 },
  );
  const [half, end] = await messagesOf(await invoke());
  expect(half).toEqual({ type: 'PayloadChunk', payload: 'half' });
  expect(JSON.parse(end?.payload ?? '')).toMatchObject({
    ErrorCode: 'Sandbox.Timedout',
    ErrorDetails: expect.stringContaining('timed out after 3.00 seconds'),
  });
});

test('a function that does not stream answers in one chunk, with the log’s tail', async () => {
  world.answer = () => ok({ whole: true });
  expect(await messagesOf(await invoke({ 'x-amz-log-type': 'Tail' }))).toEqual([
    { type: 'PayloadChunk', payload: '{"whole":true}' },
    { type: 'InvokeComplete', payload: '{"LogResult":""}' },
  ]);
});

test('a function that could not be run is an HTTP error, not a stream', async () => {
  world.answer = () => ({ status: 'throttled', reason: 'too many' });
  const response = await invoke();
  response.resume();
  expect(response.statusCode).toBe(429);
  expect(response.headers['x-amzn-errortype']).toBe('TooManyRequestsException');
});

test('DryRun runs nothing, and Event is refused', async () => {
  const dry = await invoke({ 'x-amz-invocation-type': 'DryRun' });
  expect(dry.resume().statusCode).toBe(204);
  const event = await invoke({ 'x-amz-invocation-type': 'Event' });
  expect(event.resume().statusCode).toBe(400);
  expect(world.delivered).toEqual([]);
});

test('a caller that hangs up does not stop the function', async () => {
  let end: (gone: boolean) => void = () => {};
  const ended = new Promise<boolean>((resolve) => {
    end = resolve;
  });
  answers(async (to) => {
    to.begin('text/plain');
    while (!to.isGone?.())
      await (to.take(Buffer.alloc(65_536)) ?? new Promise((resolve) => setImmediate(resolve)));
    end(true);
  });
  const response = await invoke();
  response.on('error', () => {});
  // Without having read anything.
  response.destroy();
  expect(await ended).toBe(true);
});

test('an event is encoded to the bytes the format’s definition gives', () => {
  const bytes = encodeEvent('PayloadChunk', 'application/octet-stream', Buffer.from('hi'));
  expect([...messagesIn(bytes)]).toEqual([{ type: 'PayloadChunk', payload: 'hi' }]);
  // Name and value of a header with their lengths; 7 is a string.
  expect(bytes.toString('latin1', 12, 12 + 27)).toBe('\x0b:event-type\x07\x00\x0cPayloadChunk');
  expect(bytes.readUInt32BE(0)).toBe(bytes.length);
});
