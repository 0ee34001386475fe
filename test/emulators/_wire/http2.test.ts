/** HTTP/2 without TLS on the endpoint's port, and answers that are event streams. */
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeEvent } from '../../../emulators/_wire/event-stream.ts';
import { ServiceError } from '../../../emulators/_wire/service-error.ts';
import type { ApiCall, JsonApi } from '../../../src/model/service-api.ts';
import { http } from './http.ts';
import { type RunningEndpoint, startTestEndpoint } from './running-endpoint.ts';

let seen: ApiCall | undefined;
let hungUp = () => {};
const api: JsonApi = {
  protocol: 'json',
  service: 'streams',
  targetPrefix: 'Streams',
  jsonVersion: '1.1',
  operations: {
    Echo(input, call) {
      seen = call;
      return { Got: input };
    },
  },
  eventStreams: {
    Follow({ Refuse: refuse }, { signal }) {
      if (refuse === true) throw new ServiceError('InUse', 'taken');
      return async (write) => {
        await write('First', { n: 1 });
        if (refuse === null) await new Promise((resolve) => signal.addEventListener('abort', resolve));
        if (signal.aborted) return hungUp();
        await write('Second', { n: 2 });
      };
    },
  },
  unknownOperation: (name) => new ServiceError('Unknown', name),
  malformedBody: (reason) => new ServiceError('Malformed', reason),
};

let running: RunningEndpoint;
let session: ClientHttp2Session;
beforeAll(async () => {
  running = await startTestEndpoint(() => [api]);
  session = connect(running.url);
});
afterAll(async () => {
  session.destroy();
  await running.endpoint.close();
});

function ask(operation: string, body: object, first?: () => void) {
  return new Promise<{ status: number; type: string; body: Buffer }>((resolve, reject) => {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Streams.${operation}` };
    const stream = session.request({ ':method': 'POST', ':path': '/', ...headers });
    const answer = { status: 0, type: '' };
    const chunks: Buffer[] = [];
    stream.on('response', (told) => {
      answer.status = Number(told[':status']);
      answer.type = String(told['content-type']);
    });
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (first) {
        first();
        stream.close(constants.NGHTTP2_CANCEL);
      }
    });
    stream.on('error', reject);
    stream.on('close', () => resolve({ ...answer, body: Buffer.concat(chunks) }));
    stream.end(JSON.stringify(body));
  });
}

const event = (type: string, payload: object) =>
  encodeEvent(type, 'application/json', Buffer.from(JSON.stringify(payload)));

test('several calls on one connection are answered, and know by what address they came', async () => {
  const answers = await Promise.all([ask('Echo', { a: 1 }), ask('Echo', { a: 2 })]);
  expect(answers.map(({ status, body }) => [status, body.toString()])).toEqual([
    [200, '{"Got":{"a":1}}'],
    [200, '{"Got":{"a":2}}'],
  ]);
  expect(seen?.endpoint).toBe(running.url);
});

test('HTTP/1 is answered on the same port', async () => {
  const answer = await http(running.url, {
    headers: { 'x-amz-target': 'Streams.Echo', 'content-type': 'application/x-amz-json-1.1' },
    body: '{"b":1}',
  });
  expect(answer.text).toBe('{"Got":{"b":1}}');
});

test('an event stream begins with an empty event, and ends after the last', async () => {
  const { status, type, body } = await ask('Follow', {});
  expect([status, type]).toEqual([200, 'application/vnd.amazon.eventstream']);
  expect(body).toEqual(
    Buffer.concat([event('initial-response', {}), event('First', { n: 1 }), event('Second', { n: 2 })]),
  );
});

test('what is refused before the first event is an error like any other', async () => {
  const { status, body } = await ask('Follow', { Refuse: true });
  expect(status).toBe(400);
  expect(JSON.parse(body.toString())).toEqual({ __type: 'InUse', message: 'taken' });
});

test('an operation is told when its caller is gone', async () => {
  const gone = new Promise<void>((resolve) => {
    hungUp = resolve;
  });
  await ask('Follow', { Refuse: null }, () => {});
  await gone;
  expect(running.bugs).toEqual([]);
});
