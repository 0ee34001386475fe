import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeCallOutside } from '../../../emulators/_wire/outward.ts';
import { makeFakeClock } from '../../../src/std/clock.ts';

const clock = makeFakeClock();
const callOutside = makeCallOutside(clock);
const { signal } = new AbortController();

let server: Server;
let base: string;
/** Wakes who waits for a request that is not answered. */
let onSilence: () => void;
beforeEach(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      if (request.url === '/silent') return onSilence();
      const headers = { connection: 'close', 'retry-after': '7' };
      response.writeHead(request.url === '/no' ? 503 : 200, headers);
      response.end(`${request.method} ${request.headers['x-a']} ${body}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const call = (path: string, method = 'POST') =>
  callOutside({ method, url: base + path, headers: { 'x-a': 'b' }, body: 'text', timeoutMs: 5000 }, signal);

test('an answer has its status, body and Retry-After; a GET has no body', async () => {
  expect(await call('/')).toEqual({ status: 200, retryAfterMs: 7000, body: 'POST b text' });
  expect(await call('/no', 'GET')).toEqual({ status: 503, retryAfterMs: 7000, body: 'GET b ' });
});

test('who does not answer in time has not answered', async () => {
  const silent = new Promise<void>((resolve) => {
    onSilence = resolve;
  });
  const answer = call('/silent');
  await silent;
  await clock.advance(5000);
  expect(await answer).toEqual({ status: 'timeout', reason: 'it did not answer in 5 seconds' });
});

test('a server that is not there is a failure, not an exception', async () => {
  const url = 'http://127.0.0.1:1/';
  const answer = await callOutside({ method: 'GET', url, headers: {}, body: '', timeoutMs: 5000 }, signal);
  expect(answer).toMatchObject({ status: 'failed', reason: expect.stringMatching(/./) });
});
