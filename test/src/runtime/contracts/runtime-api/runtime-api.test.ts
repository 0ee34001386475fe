import { expect, test } from 'vitest';
import { MAX_RESPONSE_BYTES } from '../../../../../src/runtime/contracts/streamed-response.ts';
import { payloadOf } from '../../../../suites/running-instance.ts';
import { makeDelivery, openRuntime, type RuntimeUnderTest } from './runtime-under-test.ts';

const ignoreLogs = { onLog: () => {} };
const { requestId } = makeDelivery();
const responsePath = `/runtime/invocation/${requestId}/response`;
const errorPath = `/runtime/invocation/${requestId}/error`;

/** Brings the runtime to where it has an event in hand. */
async function deliver(runtime: RuntimeUnderTest, delivery = makeDelivery()) {
  const outcome = runtime.session.invoke(delivery, ignoreLogs);
  const event = await runtime.next();
  return { outcome, event, nonce: String(event.headers['lambda-runtime-invocation-id']) };
}

test('the address is host and port without a scheme, as official clients insist on', async () => {
  const { session } = await openRuntime();
  expect(session.setup.env.AWS_LAMBDA_RUNTIME_API).toMatch(/^127\.0\.0\.1:\d+$/);
});

test('the first poll makes the instance ready, with the time since it was started', async () => {
  const runtime = await openRuntime();
  await runtime.clock.advance(200);
  runtime.session.started?.();
  await runtime.clock.advance(35);
  const poll = runtime.open('/runtime/invocation/next').on('error', () => {});
  poll.end();
  expect(await runtime.session.ready).toEqual({ status: 'ready', initMs: 35 });
  poll.destroy();
});

test('a poll answers with the event byte for byte and all about it in headers', async () => {
  const runtime = await openRuntime();
  const { event } = await deliver(runtime, makeDelivery({ event: '{ "name": "Zoë" }' }));
  expect(event.status).toBe(200);
  expect(event.body).toBe('{ "name": "Zoë" }');
  expect(event.headers).toMatchObject({
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': requestId,
    'lambda-runtime-deadline-ms': '1767225603000',
    'lambda-runtime-invoked-function-arn': makeDelivery().invokedFunctionArn,
    'lambda-runtime-trace-id': makeDelivery().traceHeader,
  });
});

test('a header without a value is left out', async () => {
  const runtime = await openRuntime();
  const { event } = await deliver(runtime, makeDelivery({ traceHeader: '' }));
  expect(event.headers).not.toHaveProperty('lambda-runtime-trace-id');
  expect(event.headers).not.toHaveProperty('lambda-runtime-client-context');
});

test('a client context of any characters arrives as JSON', async () => {
  const runtime = await openRuntime();
  const clientContext = '{\n  "custom": { "who": "Zoë 🙂" }\n}';
  const { event } = await deliver(runtime, makeDelivery({ clientContext }));
  const header = String(event.headers['lambda-runtime-client-context']);
  expect(JSON.parse(header)).toEqual(JSON.parse(clientContext));
});

test('an event offered before the runtime polls waits for the poll, and one offered later answers it', async () => {
  const runtime = await openRuntime();
  const { outcome } = await deliver(runtime);
  await runtime.call(responsePath, { method: 'POST', body: '1' });
  expect(await outcome).toEqual({ status: 'ok', payload: '1' });

  const poll = runtime.next();
  await runtime.call('/ping');
  const second = runtime.session.invoke(makeDelivery({ requestId: 'second' }), ignoreLogs);
  expect((await poll).headers['lambda-runtime-aws-request-id']).toBe('second');
  await runtime.call('/runtime/invocation/second/response', { method: 'POST', body: '2' });
  expect(await second).toEqual({ status: 'ok', payload: '2' });
});

test('a response is accepted with 202 and becomes the payload byte for byte', async () => {
  const runtime = await openRuntime();
  const { outcome } = await deliver(runtime);
  const reply = await runtime.call(responsePath, { method: 'POST', body: '{ "a":  "Zoë" }' });
  expect(reply).toMatchObject({ status: 202, body: '{"status":"OK"}\n' });
  expect(await outcome).toEqual({ status: 'ok', payload: '{ "a":  "Zoë" }' });
});

test('an error names its type, message and frames, whichever way the language spells them', async () => {
  const runtime = await openRuntime();
  const { outcome } = await deliver(runtime);
  const body = JSON.stringify({ errorType: 'ValueError', errorMessage: 'no', stackTrace: ['  File "a.py"'] });
  const reply = await runtime.call(errorPath, { method: 'POST', body });
  expect(reply.status).toBe(202);
  expect(await outcome).toEqual({
    status: 'error',
    phase: 'invoke',
    // Clients get it as it was posted.
    error: { errorType: 'ValueError', errorMessage: 'no', trace: ['  File "a.py"'], posted: body },
  });
});

test.each([
  ['Function.Custom', 'Function.Custom'],
  ['Runtime.BadThing', 'Runtime.BadThing'],
  ['Function.lower', 'Function.Unknown'],
  ['whatever', 'Runtime.Unknown'],
])('an error without a type in its body takes that of the header %s as %s', async (header, errorType) => {
  const runtime = await openRuntime();
  const { outcome } = await deliver(runtime);
  const headers = { 'Lambda-Runtime-Function-Error-Type': header };
  await runtime.call(errorPath, { method: 'POST', headers, body: 'it broke' });
  expect(await outcome).toMatchObject({ error: { errorType, errorMessage: 'it broke' } });
});

test('an init error ends the init phase, and a poll after it is refused', async () => {
  const runtime = await openRuntime();
  const body = JSON.stringify({
    errorType: 'Runtime.ImportModuleError',
    errorMessage: 'no index',
    trace: [],
  });
  const reply = await runtime.call('/runtime/init/error', { method: 'POST', body });
  expect(reply.status).toBe(202);
  expect(await runtime.session.ready).toMatchObject({
    status: 'error',
    outcome: {
      status: 'error',
      phase: 'init',
      error: { errorType: 'Runtime.ImportModuleError', errorMessage: 'no index' },
    },
  });
  expect(await runtime.next()).toMatchObject({ status: 403 });
});

test('an init error after the first poll is refused with 403', async () => {
  const runtime = await openRuntime();
  await deliver(runtime);
  const reply = await runtime.call('/runtime/init/error', { method: 'POST', body: '{}' });
  expect(reply.status).toBe(403);
  expect(JSON.parse(reply.body).errorType).toBe('InvalidStateTransition');
});

test('with SnapStart a runtime is restored at once, and ready when it polls after that', async () => {
  const runtime = await openRuntime({ initializationType: 'snap-start' });
  expect(await runtime.call('/runtime/restore/next')).toMatchObject({ status: 200 });
  expect(await runtime.call('/runtime/restore/next')).toMatchObject({ status: 403 });
  runtime.next().catch(() => {});
  expect(await runtime.session.ready).toMatchObject({ status: 'ready' });
  expect(await runtime.call('/runtime/restore/error', { method: 'POST' })).toMatchObject({ status: 403 });
});

test('a hook that fails after the restore, or takes more than ten seconds, fails the init phase', async () => {
  const failing = await openRuntime({ initializationType: 'snap-start' });
  await failing.call('/runtime/restore/next');
  const body = '{"errorType":"Runtime.AfterRestoreError","errorMessage":"no entropy"}';
  expect((await failing.call('/runtime/restore/error', { method: 'POST', body })).status).toBe(202);
  expect(await failing.session.ready).toMatchObject({
    outcome: { phase: 'init', error: { errorType: 'Runtime.AfterRestoreError', errorMessage: 'no entropy' } },
  });
  const slow = await openRuntime({ initializationType: 'snap-start' });
  await slow.call('/runtime/restore/next');
  await slow.clock.advance(10_000);
  expect(await slow.session.ready).toMatchObject({
    outcome: { error: { errorType: 'Runtime.RestoreHookUserTimeout' } },
  });
});

test('without SnapStart there is no restore', async () => {
  const runtime = await openRuntime();
  expect(await runtime.call('/runtime/restore/next')).toMatchObject({ status: 404 });
});

test('an answer to another request id is refused with 400 and the event stays open', async () => {
  const runtime = await openRuntime();
  const { outcome } = await deliver(runtime);
  const reply = await runtime.call('/runtime/invocation/other/response', { method: 'POST', body: '1' });
  expect(reply.status).toBe(400);
  expect(JSON.parse(reply.body)).toEqual({
    errorType: 'InvalidRequestID',
    errorMessage: 'Invalid request ID',
  });
  await runtime.call(responsePath, { method: 'POST', body: '2' });
  expect(await outcome).toEqual({ status: 'ok', payload: '2' });
});

test('a second answer to the same event is refused with 403', async () => {
  const runtime = await openRuntime();
  const { outcome } = await deliver(runtime);
  await runtime.call(responsePath, { method: 'POST', body: '1' });
  for (const path of [responsePath, errorPath]) {
    const reply = await runtime.call(path, { method: 'POST', body: '2' });
    expect(reply.status).toBe(403);
    expect(JSON.parse(reply.body).errorType).toBe('InvalidStateTransition');
  }
  expect(await outcome).toEqual({ status: 'ok', payload: '1' });
});

test('a poll with an event in hand is given the same delivery again', async () => {
  const runtime = await openRuntime();
  const { event, nonce } = await deliver(runtime);
  const again = await runtime.next();
  expect(again).toMatchObject({ status: 200, body: event.body });
  expect(again.headers['lambda-runtime-invocation-id']).toBe(nonce);
});

test('of two polls the later one is given the event', async () => {
  const runtime = await openRuntime();
  const lost = runtime.open('/runtime/invocation/next').on('error', () => {});
  lost.end();
  await runtime.session.ready;
  const closed = new Promise((resolve) => lost.once('close', resolve));
  const poll = runtime.next();
  await closed;
  void runtime.session.invoke(makeDelivery(), ignoreLogs);
  expect(await poll).toMatchObject({ status: 200, body: makeDelivery().event });
});

test('a tenant and a Cognito identity are told in headers', async () => {
  const runtime = await openRuntime();
  const identity = '{"cognitoIdentityId":"eu-west-1:1","cognitoIdentityPoolId":"eu-west-1:2"}';
  const { event } = await deliver(runtime, makeDelivery({ identity, tenantId: 'blue' }));
  expect(event.headers).toMatchObject({
    'lambda-runtime-cognito-identity': identity,
    'lambda-runtime-aws-tenant-id': 'blue',
  });
});

test('a stale answer that echoes its delivery is refused with 410, even when the request id is repeated', async () => {
  const runtime = await openRuntime();
  const first = await deliver(runtime);
  await runtime.call(responsePath, { method: 'POST', body: '1' });
  const second = await deliver(runtime);
  expect(second.nonce).not.toBe(first.nonce);

  const late = await runtime.call(responsePath, {
    method: 'POST',
    headers: { 'Lambda-Runtime-Invocation-Id': first.nonce },
    body: '"late"',
  });
  expect(late.status).toBe(410);
  expect(JSON.parse(late.body).errorType).toBe('InvokeTimeout');

  await runtime.call(responsePath, {
    method: 'POST',
    headers: { 'Lambda-Runtime-Invocation-Id': second.nonce },
    body: '"right"',
  });
  expect(await second.outcome).toEqual({ status: 'ok', payload: '"right"' });
});

test('an answer to an event that has timed out is refused with 410, and the runtime goes on', async () => {
  const runtime = await openRuntime();
  await deliver(runtime);
  runtime.session.abandon();
  const next = runtime.session.invoke(makeDelivery({ requestId: 'another' }), ignoreLogs);
  const late = await runtime.call(responsePath, { method: 'POST', body: '1' });
  expect(late.status).toBe(410);
  expect(JSON.parse(late.body).errorType).toBe('InvokeTimeout');
  expect((await runtime.next()).headers['lambda-runtime-aws-request-id']).toBe('another');
  await runtime.call('/runtime/invocation/another/response', { method: 'POST', body: '2' });
  expect(await next).toEqual({ status: 'ok', payload: '2' });
});

test('a runtime that gives up an event that has timed out may poll', async () => {
  const runtime = await openRuntime();
  await deliver(runtime);
  runtime.session.abandon();
  const next = runtime.session.invoke(makeDelivery({ requestId: 'another' }), ignoreLogs);
  expect((await runtime.next()).headers['lambda-runtime-aws-request-id']).toBe('another');
  expect(next).toBeInstanceOf(Promise);
});

test('a response of 6 MiB and 100 bytes is taken; one byte more is refused with 413 and fails the event', async () => {
  const runtime = await openRuntime();
  const fits = await deliver(runtime);
  const largest = Buffer.alloc(MAX_RESPONSE_BYTES, 'x');
  expect(await runtime.call(responsePath, { method: 'POST', body: largest })).toMatchObject({ status: 202 });
  expect(await fits.outcome).toMatchObject({ status: 'ok' });

  const tooLarge = await deliver(runtime);
  const body = Buffer.alloc(MAX_RESPONSE_BYTES + 1, 'x');
  const reply = await runtime.call(responsePath, { method: 'POST', body });
  expect(reply.status).toBe(413);
  expect(JSON.parse(reply.body).errorType).toBe('RequestEntityTooLarge');
  expect(await tooLarge.outcome).toEqual({
    status: 'error',
    phase: 'invoke',
    error: {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage:
        'Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes).',
    },
  });
});

test('a runtime that hangs up in the middle of its response fails the event', async () => {
  const runtime = await openRuntime();
  const { outcome } = await deliver(runtime);
  const post = runtime.open(responsePath, { method: 'POST', headers: { 'Content-Length': '100' } });
  post.on('error', () => {});
  post.write('{"half":', () => post.destroy());
  expect(await outcome).toMatchObject({ error: { errorType: 'Runtime.TruncatedResponse' } });
});

test('a runtime that lost its poll may poll again', async () => {
  const runtime = await openRuntime();
  const poll = runtime.open('/runtime/invocation/next').on('error', () => {});
  poll.end();
  await runtime.session.ready;
  const gone = new Promise((resolve) => poll.once('close', resolve));
  poll.destroy();
  await gone;
  // Two calls on the same server: the first connection's end is seen before the second answers.
  await runtime.call('/ping');
  const { outcome } = await deliver(runtime);
  await runtime.call(responsePath, { method: 'POST', body: '1' });
  expect(await outcome).toEqual({ status: 'ok', payload: '1' });
});

const streaming = { 'Lambda-Runtime-Function-Response-Mode': 'streaming' };

test('a streamed response is buffered into one payload', async () => {
  const runtime = await openRuntime();
  const { outcome } = await deliver(runtime);
  const headers = { ...streaming, 'Transfer-Encoding': 'chunked' };
  await runtime.call(responsePath, { method: 'POST', headers, body: 'part one, part two' });
  expect(await outcome).toEqual({ status: 'ok', payload: '"part one, part two"' });
});

test.each([
  [Buffer.from('<p>Zoë</p>'), '<p>Zoë</p>', false],
  [Buffer.from([0xff, 0xfe, 0x00]), '//4A', true],
])('a streamed HTTP response becomes a proxy response', async (bytes, body, isBase64Encoded) => {
  const runtime = await openRuntime();
  const { outcome } = await deliver(runtime);
  const prelude = '{"statusCode":201,"headers":{"content-type":"text/html"},"cookies":["a=1"]}';
  await runtime.call(responsePath, {
    method: 'POST',
    headers: { ...streaming, 'Content-Type': 'application/vnd.awslambda.http-integration-response' },
    body: Buffer.concat([Buffer.from(prelude), Buffer.alloc(8), bytes]),
  });
  const settled = await outcome;
  expect(payloadOf(settled)).toEqual({
    statusCode: 201,
    headers: { 'content-type': 'text/html' },
    cookies: ['a=1'],
    body,
    isBase64Encoded,
  });
});

test('a stream that fails midway is an error, named by its trailers', async () => {
  const runtime = await openRuntime();
  const { outcome } = await deliver(runtime);
  const error = { errorType: 'Error', errorMessage: 'midway', trace: ['at x'] };
  await runtime.call(responsePath, {
    method: 'POST',
    headers: { ...streaming, 'Transfer-Encoding': 'chunked' },
    body: 'half of it',
    trailers: {
      'Lambda-Runtime-Function-Error-Type': 'Runtime.StreamError',
      'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(error)).toString('base64'),
    },
  });
  expect(await outcome).toEqual({ status: 'error', phase: 'invoke', error });
});

test('a response mode other than streaming is refused with 400', async () => {
  const runtime = await openRuntime();
  const { outcome } = await deliver(runtime);
  const headers = { 'Lambda-Runtime-Function-Response-Mode': 'quickly' };
  const reply = await runtime.call(responsePath, { method: 'POST', headers, body: '1' });
  expect(reply.status).toBe(400);
  expect(JSON.parse(reply.body).errorType).toBe('InvalidFunctionResponseMode');
  expect(await outcome).toMatchObject({ error: { errorType: 'Runtime.InvalidResponseModeHeader' } });
});

test('another method of a known path is answered with 405', async () => {
  const { call } = await openRuntime();
  for (const path of ['/runtime/invocation/ABC/error', '/runtime/invocation/next', '/runtime/init/error'])
    expect(await call(path, { method: 'DELETE' })).toMatchObject({ status: 405 });
});

test('an unknown path is answered with 404', async () => {
  const runtime = await openRuntime();
  const body = '404 page not found\n';
  expect(await runtime.call('/runtime/elsewhere')).toMatchObject({ status: 404, body });
  expect(await runtime.call('/runtime/invocation/%E0%A4%A/response', { method: 'POST' })).toMatchObject({
    status: 400,
  });
});

test.each([
  [{}, ''],
  [{ command: ['app.handler'] }, 'app.handler'],
])('an extension in an image with %j is told the handler "%s"', async (imageSettings, handler) => {
  const { call } = await openRuntime({ image: 'shop:1', handler: 'image', imageSettings });
  const headers = { 'Lambda-Extension-Name': 'inside' };
  const body = '{"events":[]}';
  const { body: told } = await call('/2020-01-01/extension/register', { method: 'POST', headers, body });
  expect(JSON.parse(told)).toMatchObject({ handler });
});
