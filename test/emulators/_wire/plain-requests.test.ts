/** Kept connections as SDKs use them, byte by byte on the wire. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServiceError } from '../../../emulators/_wire/service-error.ts';
import type { JsonApi } from '../../../src/model/service-api.ts';
import { type RunningEndpoint, startTestEndpoint } from './running-endpoint.ts';

const waits = { begun: () => {}, goOn: () => {}, hungUp: () => {} };
const api: JsonApi = {
  protocol: 'json',
  service: 'queues',
  targetPrefix: 'Queues',
  jsonVersion: '1.0',
  operations: {
    Echo: (input) => ({ Got: input }),
    Wait(_, { signal }) {
      signal.addEventListener('abort', () => waits.hungUp());
      waits.begun();
      return new Promise((resolve) => {
        waits.goOn = () => resolve({ Waited: true });
      });
    },
  },
  eventStreams: { Follow: () => async (write) => void (await write('Told', { n: 1 })) },
  unknownOperation: (name) => new ServiceError('Unknown', name),
  malformedBody: (reason) => new ServiceError('Malformed', reason),
};

let running: RunningEndpoint;
beforeAll(async () => {
  running = await startTestEndpoint(() => [api]);
});
afterAll(() => running.endpoint.close());

function request(operation: string, body = '{}', more: readonly string[] = []): string {
  const lines = [
    'POST / HTTP/1.1',
    'host: 127.0.0.1',
    'content-type: application/x-amz-json-1.0',
    `x-amz-target: Queues.${operation}`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...more,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

interface Line {
  readonly socket: Socket;
  /** Resolves with the text of the next answer: head and body. */
  next(): Promise<string>;
}

async function open(): Promise<Line> {
  const socket = connect(running.endpoint.listening.port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  let take = () => {};
  // A character per byte.
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
    take();
  });
  const next = () =>
    new Promise<string>((resolve) => {
      take = () => {
        const end = text.indexOf('\r\n\r\n') + 4;
        const length = Number(/content-length: (\d+)/.exec(text)?.[1]);
        if (end < 4 || text.length < end + length) return;
        take = () => {};
        const answer = text.slice(0, end + length);
        text = text.slice(end + length);
        resolve(answer);
      };
      take();
    });
  return { socket, next };
}

const bodyOf = (answer: string) =>
  JSON.parse(Buffer.from(answer.slice(answer.indexOf('\r\n\r\n')), 'latin1').toString('utf8'));
const headOf = (answer: string) =>
  answer
    .slice(0, answer.indexOf('\r\n\r\n'))
    .replace(/x-amzn-requestid: [\w-]+/, 'x-amzn-requestid: …')
    .replace(/Date: \w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT/, 'Date: …')
    .split('\r\n')
    .sort();

test('one connection serves one request after the other', async () => {
  const { socket, next } = await open();
  for (const n of [1, 2, 3]) {
    socket.write(request('Echo', JSON.stringify({ n })));
    expect(bodyOf(await next())).toEqual({ Got: { n } });
  }
  socket.destroy();
});

test('an answer has the head that Node’s server gives it', async () => {
  const { socket, next } = await open();
  socket.write(request('Echo'));
  const plain = headOf(await next());
  // A page of this machine is served by Node's server, with three more headers.
  socket.write(request('Echo', '{}', ['origin: http://localhost']));
  const through = headOf(await next());
  expect(plain).toEqual(through.filter((line) => !/^(access-control|vary)/.test(line)));
  expect(through.length).toBe(plain.length + 3);
  socket.destroy();
});

test('a body that comes in parts is waited for', async () => {
  const { socket, next } = await open();
  socket.setNoDelay(true);
  const text = request('Echo', JSON.stringify({ text: 'ä'.repeat(200_000) }));
  const cut = text.indexOf('\r\n\r\n') + 4;
  await new Promise((written) => socket.write(text.slice(0, cut), written));
  // The operation of another connection comes in between: the first one's head has been read then.
  const other = await open();
  other.socket.write(request('Echo'));
  await other.next();
  socket.write(text.slice(cut));
  expect(bodyOf(await next())).toEqual({ Got: { text: 'ä'.repeat(200_000) } });
  socket.destroy();
  other.socket.destroy();
});

test('requests sent ahead are answered in their order', async () => {
  const { socket, next } = await open();
  const begun = new Promise<void>((yes) => {
    waits.begun = yes;
  });
  socket.write(request('Wait') + request('Echo', '{"n":1}') + request('Echo', '{"n":2}'));
  await begun;
  waits.goOn();
  expect(bodyOf(await next())).toEqual({ Waited: true });
  expect(bodyOf(await next())).toEqual({ Got: { n: 1 } });
  expect(bodyOf(await next())).toEqual({ Got: { n: 2 } });
  socket.destroy();
});

test('what comes while an answer is made is served after it', async () => {
  const { socket, next } = await open();
  const begun = new Promise<void>((yes) => {
    waits.begun = yes;
  });
  socket.write(request('Wait'));
  await begun;
  await new Promise((written) => socket.write(request('Echo', '{"n":1}'), written));
  waits.goOn();
  expect(bodyOf(await next())).toEqual({ Waited: true });
  expect(bodyOf(await next())).toEqual({ Got: { n: 1 } });
  socket.destroy();
});

test('a connection may go on with what Node’s server serves, and back to calls', async () => {
  const { socket, next } = await open();
  socket.write(request('Echo', '{"n":1}'));
  await next();
  socket.write('GET /_localstack/health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
  expect(await next()).toContain('"queues"');
  socket.write(request('Echo', '{"n":2}'));
  expect(bodyOf(await next())).toEqual({ Got: { n: 2 } });
  socket.destroy();
});

test('an event stream goes through Node’s server', async () => {
  const { socket } = await open();
  socket.write(request('Echo'));
  let text = '';
  const ended = new Promise<void>((yes) => {
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.includes('Told') && text.endsWith('0\r\n\r\n')) yes();
    });
  });
  socket.write(request('Follow'));
  await ended;
  expect(text).toContain('application/vnd.amazon.eventstream');
  socket.destroy();
});

test('an operation is told when its caller hangs up', async () => {
  const { socket } = await open();
  const begun = new Promise<void>((yes) => {
    waits.begun = yes;
  });
  const told = new Promise<void>((yes) => {
    waits.hungUp = yes;
  });
  socket.write(request('Wait'));
  await begun;
  socket.destroy();
  await told;
  waits.goOn();
});

test('the names of strangers are refused, and the connection goes on', async () => {
  const { socket, next } = await open();
  socket.write(request('Echo').replace('127.0.0.1', 'evil.example.com'));
  expect(await next()).toMatch(/^HTTP\/1.1 403 Forbidden/);
  socket.write(request('Echo', '{"n":1}'));
  expect(bodyOf(await next())).toEqual({ Got: { n: 1 } });
  socket.destroy();
});

test.each([
  ['a lone carriage return', 'x: a\rb'],
  ['two lengths', 'content-length: 5'],
])('%s is refused by Node’s server', async (_, line) => {
  const { socket } = await open();
  socket.write(request('Echo'));
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.write(request('Echo', '{}', [line]));
  await once(socket, 'close');
  expect(text).toContain('HTTP/1.1 400 Bad Request');
});

test('a caller that ends its side gets the connection closed', async () => {
  const { socket, next } = await open();
  socket.write(request('Echo'));
  await next();
  socket.end();
  await once(socket, 'close');
});

test('the endpoint closes kept connections when it ends', async () => {
  const own = await startTestEndpoint(() => [api]);
  const socket = connect(own.endpoint.listening.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(request('Echo'));
  await once(socket, 'data');
  const closed = once(socket, 'close');
  await own.endpoint.close();
  await closed;
});
