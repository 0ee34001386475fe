/** Streamed responses through the door, a real instance and the frame channel. */
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { STREAM_KEPT_BYTES } from '../../../src/model/invocation.ts';
import { STREAM_WINDOW_BYTES } from '../../../src/runtime/contracts/frames/protocol.ts';
import { listen } from '../../../src/std/listen.ts';
import type { Sample } from '../../suites/running-instance.ts';
import { makeListener, makeRequest, openStreamingDoor } from './streaming-door.ts';

const openDoor = async (handler: string, more: Partial<Sample> = {}) => {
  const door = await openStreamingDoor(handler, more);
  onTestFinished(() => door.close());
  return door;
};

test('the first part is heard before the handler writes the last one', async () => {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const server = createServer((_request, response) => void opened.then(() => response.end()));
  const listening = await listen(server, { host: '127.0.0.1', port: 0, purpose: 'the gate' });
  onTestFinished(() => listening.close());
  const { invoke } = await openDoor('gated');
  const { heard, listener } = makeListener((text) => {
    // The handler waits for this: had it to end first, nothing would ever come.
    if (text.endsWith('first,')) open();
  });
  const { outcome, streamed } = await invoke(makeRequest({ gate: listening.url }, listener));
  const prelude = heard.text.split('\0'.repeat(8));
  expect(heard.type).toBe('application/vnd.awslambda.http-integration-response');
  expect(JSON.parse(prelude[0] ?? '')).toMatchObject({ statusCode: 202, cookies: ['a=1', 'b=2'] });
  expect(prelude[1]).toBe('first,last');
  expect(outcome).toMatchObject({ status: 'ok', payload: expect.stringContaining('"body":"first,last"') });
  expect(streamed).toEqual({ sizeBytes: heard.sizeBytes });
});

test('a client that reads slowly holds the handler back, and loses nothing', async () => {
  const { invoke } = await openDoor('floods');
  const sizeBytes = 4 * 1024 * 1024;
  let heard = 0;
  let untaken = 0;
  let most = 0;
  const { outcome, streamed } = await invoke(
    makeRequest(
      { sizeBytes },
      {
        begin() {},
        take(bytes) {
          heard += bytes.length;
          untaken += bytes.length;
          most = Math.max(most, untaken);
          return new Promise((resolve) => {
            setImmediate(() => {
              untaken -= bytes.length;
              resolve();
            });
          });
        },
      },
    ),
  );
  expect(outcome.status).toBe('ok');
  expect(heard).toBe(sizeBytes);
  expect(most).toBeLessThanOrEqual(STREAM_WINDOW_BYTES);
  expect(streamed).toEqual({ sizeBytes, cut: true });
  // The first part as a JSON string.
  expect(outcome.status === 'ok' && outcome.payload.length).toBe(STREAM_KEPT_BYTES + 2);
});

test('no more than the window is sent to a client that never reads, until the timeout', async () => {
  const { invoke } = await openDoor('floods', { timeoutMs: 400 });
  let heard = 0;
  const { outcome, streamed } = await invoke(
    makeRequest(
      { sizeBytes: 8 * 1024 * 1024 },
      {
        begin() {},
        take(bytes) {
          heard += bytes.length;
          return new Promise<void>(() => {});
        },
      },
    ),
  );
  expect(outcome).toEqual({ status: 'timeout', afterMs: 400 });
  expect(heard).toBe(STREAM_WINDOW_BYTES);
  expect(streamed).toEqual({ sizeBytes: STREAM_WINDOW_BYTES });
});

test('without a listener the response is the outcome’s payload, up to the limit of one in one piece', async () => {
  const { invoke } = await openDoor('floods');
  const small = await invoke(makeRequest({ sizeBytes: 300_000 }));
  expect(small.outcome).toMatchObject({ status: 'ok', payload: JSON.stringify('x'.repeat(300_000)) });
  expect(small.streamed).toBeUndefined();
  const { outcome } = await invoke(makeRequest({ sizeBytes: 7_000_000 }));
  expect(outcome).toMatchObject({ status: 'error', error: { errorType: 'Function.ResponseSizeTooLarge' } });
});

test.each([
  ['failsBefore', undefined, '', { status: 'error', error: { errorMessage: 'before' } }],
  ['fails', undefined, 'some', { status: 'error', error: { errorMessage: 'midway' } }],
  ['crashes', undefined, 'some', { status: 'crash', exitCode: 3 }],
  ['hangs', 300, 'some', { status: 'timeout', afterMs: 300 }],
  ['forgetsToEnd', undefined, 'some', { status: 'error', error: { errorType: 'Runtime.NodeJsExit' } }],
])('%s ends in an outcome of its own', async (handler, timeoutMs, text, outcome) => {
  const { invoke } = await openDoor(handler, timeoutMs === undefined ? {} : { timeoutMs });
  const { heard, listener } = makeListener();
  const invoked = await invoke(makeRequest({}, listener));
  expect(invoked.outcome).toMatchObject(outcome);
  expect(heard.text).toBe(text);
  expect(invoked.streamed).toEqual(text === '' ? undefined : { sizeBytes: text.length });
});

test('what a failed handler still writes is in nobody’s response, also not in that of an event lined up behind it', async () => {
  const { invoke } = await openDoor('writesOn');
  const first = makeListener();
  const second = makeListener();
  const third = makeListener();
  const [failed, next] = await Promise.all([
    invoke(makeRequest({ fail: true }, first.listener)),
    invoke(makeRequest({}, second.listener)),
  ]);
  await invoke(makeRequest({}, third.listener));
  expect(failed.outcome).toMatchObject({ status: 'error', error: { errorMessage: 'midway' } });
  expect(next.outcome).toEqual({ status: 'ok', payload: '"clean"' });
  expect([first, second, third].map(({ heard }) => heard.text)).toEqual(['some', 'clean', 'clean']);
});

test('status and headers are lost when nothing is written, as in the cloud, with a warning', async () => {
  const { invoke } = await openDoor('writesNothing');
  const { heard, listener } = makeListener();
  const { outcome, logs } = await invoke(makeRequest({}, listener));
  expect(outcome.status).toBe('ok');
  expect(heard).toMatchObject({ type: 'application/octet-stream', text: '' });
  expect(logs.map(({ text }) => text).join('\n')).toContain('write an empty string');
});

test('a handler that does not stream does not touch the listener', async () => {
  const { invoke } = await openDoor('ordinary');
  const { heard, listener } = makeListener();
  const { outcome, streamed } = await invoke(makeRequest({}, listener));
  expect(outcome).toEqual({ status: 'ok', payload: '{"statusCode":200,"body":"whole"}' });
  expect(heard.type).toBeUndefined();
  expect(streamed).toBeUndefined();
});
