import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  makeDelivery,
  openRuntime,
  type Reply,
  type RuntimeUnderTest,
} from '../contracts/runtime-api/runtime-under-test.ts';

const BASE = '/2020-01-01/extension';

function register(runtime: RuntimeUnderTest, name: string, events: readonly string[] = [], body?: string) {
  return runtime.call(`${BASE}/register`, {
    method: 'POST',
    headers: { 'Lambda-Extension-Name': name },
    body: body ?? JSON.stringify({ events }),
  });
}

function idOf(reply: Reply): Record<string, string> {
  return { 'Lambda-Extension-Identifier': String(reply.headers['lambda-extension-identifier']) };
}

function next(runtime: RuntimeUnderTest, headers: Record<string, string>) {
  return runtime.call(`${BASE}/event/next`, { headers });
}

function subscribe(
  runtime: RuntimeUnderTest,
  headers: Record<string, string>,
  body: unknown,
  api = 'telemetry',
) {
  const path = api === 'logs' ? '/2020-08-15/logs' : '/2022-07-01/telemetry';
  return runtime.call(path, { method: 'PUT', headers, body: JSON.stringify(body) });
}

const subscription = {
  schemaVersion: '2022-12-13',
  types: ['platform'],
  destination: { protocol: 'HTTP', URI: 'http://sandbox.localdomain:4243/' },
};

function errorOf({ status, body }: Reply): string {
  return `${status} ${JSON.parse(body).errorType}`;
}

test('an internal extension registers, learns of the function, and hears of events', async () => {
  const runtime = await openRuntime();
  const registered = await register(runtime, 'inside', ['INVOKE']);
  expect(registered.status).toBe(200);
  expect(JSON.parse(registered.body)).toEqual({
    functionName: 'shop-dev-hello',
    functionVersion: '$LATEST',
    handler: 'index.handler',
  });
  const heard = next(runtime, idOf(registered));
  const event = runtime.next();
  expect(await runtime.session.ready).toMatchObject({ status: 'ready' });
  const outcome = runtime.session.invoke(makeDelivery(), { onLog: () => {} });
  expect(JSON.parse((await heard).body)).toMatchObject({
    eventType: 'INVOKE',
    requestId: makeDelivery().requestId,
  });
  expect((await heard).headers).toHaveProperty('lambda-extension-event-identifier');
  expect((await event).status).toBe(200);
  await runtime.call(`/runtime/invocation/${makeDelivery().requestId}/response`, {
    method: 'POST',
    body: '1',
  });
  expect(await outcome).toEqual({ status: 'ok', payload: '1' });

  let over = false;
  const settled = runtime.session.settled?.()?.then(() => {
    over = true;
  });
  const again = next(runtime, idOf(registered));
  await runtime.call('/ping');
  expect(over).toBe(false);
  const poll = runtime.next();
  await settled;
  expect(runtime.session.settled?.()).toBeUndefined();
  again.catch(() => {});
  poll.catch(() => {});
});

test('the function is ready when every extension has asked for its first event', async () => {
  const runtime = await openRuntime();
  const registered = await register(runtime, 'inside', ['INVOKE']);
  let isReady = false;
  const ready = runtime.session.ready.then(() => {
    isReady = true;
  });
  runtime.next().catch(() => {});
  await runtime.call('/ping');
  expect(isReady).toBe(false);
  next(runtime, idOf(registered)).catch(() => {});
  await ready;
});

test('calls without a name or an identifier, or with a wrong one, are refused with 403', async () => {
  const runtime = await openRuntime();
  expect(errorOf(await register(runtime, ''))).toBe('403 Extension.InvalidExtensionName');
  expect(errorOf(await register(runtime, 'a', [], '{'))).toBe('403 InvalidRequestFormat');
  expect(errorOf(await register(runtime, 'a', ['START']))).toBe('403 Extension.InvalidEventType');
  expect(errorOf(await register(runtime, 'a', ['SHUTDOWN']))).toBe('403 Extension.InvalidEventType');
  expect(errorOf(await next(runtime, {}))).toBe('403 Extension.MissingExtensionIdentifier');
  expect(errorOf(await next(runtime, { 'Lambda-Extension-Identifier': 'me' }))).toBe(
    '403 Extension.InvalidExtensionIdentifier',
  );
  expect(
    errorOf(await next(runtime, { 'Lambda-Extension-Identifier': '8476a536-e9f4-11e8-9739-2dfe598c3fcd' })),
  ).toBe('403 Extension.UnknownExtensionIdentifier');
});

test('a name registers once, ten extensions are the most, and none after the runtime is ready', async () => {
  const runtime = await openRuntime();
  for (let n = 0; n < 10; n++) expect((await register(runtime, `inside-${n}`)).status).toBe(200);
  expect(errorOf(await register(runtime, 'inside-0'))).toBe('403 Extension.InvalidExtensionState');
  expect(errorOf(await register(runtime, 'one-more'))).toBe('403 Extension.TooManyExtensions');
  runtime.next().catch(() => {});
  await runtime.call('/ping');
  expect(errorOf(await register(runtime, 'late'))).toBe('403 Extension.RegistrationClosed');
});

test('an error report needs its header and the right moment', async () => {
  const runtime = await openRuntime();
  const id = idOf(await register(runtime, 'inside'));
  const report = (kind: string, headers: Record<string, string>) =>
    runtime.call(`${BASE}/${kind}/error`, { method: 'POST', headers, body: '{}' });
  expect(errorOf(await report('init', id))).toBe('403 Extension.MissingHeader');
  const typed = { ...id, 'Lambda-Extension-Function-Error-Type': 'Inside.NoKey' };
  expect((await report('init', typed)).status).toBe(202);
  expect(errorOf(await report('exit', typed))).toBe('403 Extension.InvalidExtensionState');
  expect(errorOf(await next(runtime, id))).toBe('403 Extension.InvalidExtensionState');
  expect(await runtime.session.ready).toMatchObject({
    status: 'error',
    outcome: { phase: 'init', error: { errorType: 'Extension.InitError' } },
  });
});

test('a subscription is checked word by word', async () => {
  const runtime = await openRuntime();
  const id = idOf(await register(runtime, 'inside'));
  const wrong: [unknown, string][] = [
    [[], 'types undefined'],
    [{ ...subscription, schemaVersion: '1' }, 'schemaVersion "1"'],
    [{ ...subscription, types: ['all'] }, 'types ["all"]'],
    [{ ...subscription, destination: { protocol: 'UDP' } }, 'destination.protocol "UDP"'],
    [
      { ...subscription, destination: { protocol: 'HTTP', URI: 'http://example.com:80/' } },
      'destination.URI',
    ],
    [{ ...subscription, destination: { protocol: 'TCP', port: 9001 } }, '9001, which is reserved'],
    [{ ...subscription, buffering: { maxItems: 5 } }, 'buffering.maxItems 5'],
    [{ ...subscription, buffering: { maxBytes: 1 } }, 'buffering.maxBytes 1'],
    [{ ...subscription, buffering: { timeoutMs: 24 } }, 'buffering.timeoutMs 24'],
  ];
  for (const [body, message] of wrong) {
    const reply = await subscribe(runtime, id, body);
    expect(errorOf(reply)).toBe('400 ValidationError');
    expect(JSON.parse(reply.body).errorMessage).toContain(message);
  }
  expect(await subscribe(runtime, id, subscription)).toMatchObject({ status: 200, body: '"OK"' });
});

test('the Telemetry API and the Logs API exclude each other, and both close with the init phase', async () => {
  const runtime = await openRuntime();
  const id = idOf(await register(runtime, 'inside'));
  expect((await subscribe(runtime, id, subscription)).status).toBe(200);
  const { schemaVersion: _, ...logs } = subscription;
  expect(errorOf(await subscribe(runtime, id, logs, 'logs'))).toBe('403 Logs.NotAvailable');
  next(runtime, id).catch(() => {});
  runtime.next().catch(() => {});
  await runtime.session.ready;
  expect(errorOf(await subscribe(runtime, id, subscription))).toBe('403 Telemetry.SubscriptionClosed');
});

test('an external extension is one by its file name, and may ask for the end of the instance', async () => {
  const layer = mkdtempSync(join(tmpdir(), 'sls-local-layer-'));
  onTestFinished(() => rmSync(layer, { recursive: true }));
  mkdirSync(join(layer, 'extensions'));
  writeFileSync(join(layer, 'extensions', 'outside'), '');
  const runtime = await openRuntime({ layers: [layer] });
  expect((await register(runtime, 'outside', ['INVOKE', 'SHUTDOWN'])).status).toBe(200);
  expect(errorOf(await register(runtime, 'outside'))).toBe('403 Extension.InvalidExtensionState');
});
