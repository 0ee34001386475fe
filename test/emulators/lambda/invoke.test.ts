import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lambda } from '../../../emulators/lambda/index.ts';
import type { Invoked, LogLine, Outcome } from '../../../src/model/invocation.ts';
import { type HttpQuestion, http } from '../_wire/http.ts';
import { ORIGIN, type RunningEndpoint, startTestEndpoint } from '../_wire/running-endpoint.ts';
import { makeFunction, makeInvoked, makeWorld, ok, type World } from '../world.ts';

let world: World;
let running: RunningEndpoint;
let logs: LogLine[] = [];
beforeAll(async () => {
  world = makeWorld();
  const context = {
    ...world.context,
    deliver: async (request: Parameters<typeof world.context.deliver>[0]): Promise<Invoked> => {
      const { outcome } = await world.context.deliver(request);
      return { ...makeInvoked(outcome, 'request-7'), logs };
    },
  };
  const { api } = await lambda.start(context);
  running = await startTestEndpoint(() => (api ? [api] : []));
});
afterAll(async () => {
  await running.endpoint.close();
  await world.store.close();
});
beforeEach(() => {
  world.functions = [makeFunction()];
  world.delivered.length = 0;
  world.enqueued.length = 0;
  world.answer = () => ok({ done: true });
  logs = [];
});

const invoke = (headers: HttpQuestion['headers'] = {}, body: string | Buffer = '{"n": 1}', name = 'worker') =>
  http(`${running.url}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`, { headers, body });

test('the result comes back as it is, with the version that ran and the request id', async () => {
  const answer = await invoke();
  expect(answer.status).toBe(200);
  expect(answer.text).toBe('{"done":true}');
  expect(answer.headers).toMatchObject({
    'x-amz-executed-version': '$LATEST',
    'x-amzn-requestid': 'request-7',
    'content-type': 'application/json',
  });
  expect(answer.headers['x-amz-function-error']).toBeUndefined();
});

test('a function that keeps tenants apart is given the caller’s, and refuses a caller without one', async () => {
  world.functions = [makeFunction({ tenantIsolation: true })];
  await invoke({ 'x-amz-tenant-id': 'blue', 'cognito-identity-id': 'i', 'cognito-identity-pool-id': 'p' });
  expect(world.delivered[0]).toMatchObject({
    tenantId: 'blue',
    identity: '{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}',
  });
  const refused = await invoke();
  expect(refused.status).toBe(400);
  expect(refused.headers['x-amzn-errortype']).toContain('InvalidParameterValueException');
  expect(refused.text).toContain('Add a valid tenant ID in your request');
  expect((await invoke({ 'x-amz-tenant-id': 'a|b' })).text).toContain("Value 'a|b' at 'tenantId'");
});

test('a call within a recursive loop is refused with the service’s exception', async () => {
  world.answer = () => ({ status: 'unavailable', code: 'recursive-invocation', reason: 'a loop' });
  const refused = await invoke();
  expect(refused.status).toBe(400);
  expect(refused.headers['x-amzn-errortype']).toContain('RecursiveInvocationException');
});

test('a tenant is not taken by a function that does not keep them apart', async () => {
  const refused = await invoke({ 'x-amz-tenant-id': 'blue' });
  expect(refused.status).toBe(400);
  expect(refused.text).toContain('Remove the tenant ID from your request');
  expect(world.delivered).toEqual([]);
});

test('the event goes to the function as it was written, in the caller’s trace', async () => {
  await invoke({ 'x-amz-client-context': Buffer.from('{"custom":{"a":"b"}}').toString('base64') });
  expect(world.delivered).toEqual([
    {
      functionId: 'worker',
      event: '{"n": 1}',
      cause: { kind: 'api', type: 'RequestResponse' },
      origin: ORIGIN,
      clientContext: '{"custom":{"a":"b"}}',
    },
  ]);
});

test('no payload is an empty object', async () => {
  await invoke({}, '');
  expect(world.delivered[0]?.event).toBe('{}');
});

describe('a failure of the function is HTTP 200 with X-Amz-Function-Error', () => {
  const error = {
    errorType: 'RangeError',
    errorMessage: 'too far',
    trace: ['RangeError: too far', '    at f'],
  };
  const crash = { status: 'crash', phase: 'invoke' } as const;
  test.each<[string, Outcome, object]>([
    ['an error', { status: 'error', phase: 'invoke', error }, error],
    [
      'a timeout',
      { status: 'timeout', afterMs: 3000 },
      {
        errorType: 'Sandbox.Timedout',
        errorMessage: 'RequestId: request-7 Error: Task timed out after 3.00 seconds',
      },
    ],
    [
      'an exit',
      { ...crash, exitCode: 7, signal: null },
      {
        errorType: 'Runtime.ExitError',
        errorMessage: 'RequestId: request-7 Error: Runtime exited with error: exit status 7',
      },
    ],
    [
      'an exit with 0',
      { ...crash, exitCode: 0, signal: null },
      {
        errorType: 'Runtime.ExitError',
        errorMessage: 'RequestId: request-7 Error: Runtime exited without providing a reason',
      },
    ],
    [
      'a kill',
      { ...crash, exitCode: null, signal: 'SIGKILL' },
      {
        errorType: 'Runtime.ExitError',
        errorMessage: 'RequestId: request-7 Error: Runtime exited with error: signal: killed',
      },
    ],
    [
      'running out of memory',
      { status: 'out-of-memory', memoryMb: 128 },
      {
        errorType: 'Runtime.OutOfMemory',
        errorMessage: 'RequestId: request-7 Error: Runtime exited with error: signal: killed',
      },
    ],
    [
      'too large a result',
      { status: 'ok', payload: JSON.stringify('x'.repeat(6_291_555)) },
      {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage:
          'Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes).',
      },
    ],
  ])('%s', async (_, outcome, payload) => {
    world.answer = () => outcome;
    const answer = await invoke();
    expect(answer.status).toBe(200);
    expect(answer.headers['x-amz-function-error']).toBe('Unhandled');
    expect(answer.json()).toEqual(payload);
  });
});

test('a throttle is 429 with its reason', async () => {
  world.answer = () => ({ status: 'throttled', reason: '2 instances are busy' });
  world.functions = [makeFunction({ reservedConcurrency: 2 })];
  const answer = await invoke();
  expect(answer.status).toBe(429);
  expect(answer.headers['x-amzn-errortype']).toBe('TooManyRequestsException');
  expect(answer.json()).toMatchObject({
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    Type: 'User',
    message: 'Rate Exceeded. (2 instances are busy)',
  });
});

test('a function that cannot be run is 502 with the reason and the hint', async () => {
  world.answer = () => ({
    status: 'unavailable',
    code: 'build-failed',
    reason: 'src/a.ts:3: no',
    hint: 'fix it',
  });
  const answer = await invoke();
  expect(answer.status).toBe(502);
  expect(answer.headers['x-amzn-errortype']).toBe('ResourceNotReadyException');
  expect(answer.json().message).toBe('src/a.ts:3: no (fix it)');
});

test('an error is answered as its runtime posted it', async () => {
  const posted = '{"errorMessage":"no","errorType":"ValueError","requestId":"r","stackTrace":[]}';
  const error = { errorType: 'ValueError', errorMessage: 'no', trace: [], posted };
  world.answer = () => ({ status: 'error', phase: 'invoke', error });
  expect((await invoke()).text).toBe(posted);
});

test('a record in the log has the fields the runtime writes before it', async () => {
  logs = [{ at: 0, stream: 'stdout', level: 'INFO', text: 'hello' }];
  const answer = await invoke({ 'x-amz-log-type': 'Tail' });
  const tail = Buffer.from(answer.headers['x-amz-log-result'] ?? '', 'base64').toString();
  expect(tail).toMatch(/^1970-01-01T00:00:00\.000Z\t[^\t]+\tINFO\thello\n$/);
});

test('the end of the log comes along when asked for, 4 KB of it', async () => {
  const line = (text: string): LogLine => ({ at: 0, stream: 'stdout', text });
  logs = [line('START'), line('x'.repeat(5000)), line('END')];
  const answer = await invoke({ 'x-amz-log-type': 'Tail' });
  const tail = Buffer.from(answer.headers['x-amz-log-result'] ?? '', 'base64').toString();
  expect(tail).toHaveLength(4096);
  expect(tail).toMatch(/^x+\nEND\n$/);
  expect((await invoke()).headers['x-amz-log-result']).toBeUndefined();
});

test('Event is stored and answered 202 without a body', async () => {
  const answer = await invoke({ 'x-amz-invocation-type': 'Event' });
  expect(answer.status).toBe(202);
  expect(answer.text).toBe('');
  expect(world.delivered).toEqual([]);
  expect(world.enqueued).toEqual([
    { functionId: 'worker', event: '{"n": 1}', cause: { kind: 'api', type: 'Event' }, origin: ORIGIN },
  ]);
});

test('DryRun checks and runs nothing', async () => {
  const answer = await invoke({ 'x-amz-invocation-type': 'DryRun' });
  expect(answer.status).toBe(204);
  expect([...world.delivered, ...world.enqueued]).toEqual([]);
});

test('InvokeAsync, the older form, is stored too', async () => {
  const answer = await http(`${running.url}/2014-11-13/functions/worker/invoke-async/`, { body: '{}' });
  expect(answer.status).toBe(202);
  expect(answer.json()).toEqual({ Status: 202 });
  expect(world.enqueued).toHaveLength(1);
});

test.each([
  ['worker'],
  ['shop-dev-worker'],
  ['shop-dev-worker:$LATEST'],
  ['shop-dev-worker:live'],
  ['000000000000:function:shop-dev-worker'],
  ['arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-worker'],
  ['arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-worker:live'],
])('the name %s finds the function', async (name) => {
  expect((await invoke({}, '{}', name)).status).toBe(200);
});

describe('refuses', () => {
  test.each<[string, HttpQuestion['headers'], string | Buffer, string, number, string, RegExp]>([
    [
      'a function that is not there',
      {},
      '{}',
      'nobody',
      404,
      'ResourceNotFoundException',
      /^Function not found: arn:aws:lambda:eu-west-1:000000000000:function:nobody$/,
    ],
    ['what is no name', {}, '{}', 'a b', 400, 'ValidationException', /Value 'a b' at 'functionName'/],
    [
      'a payload that is not JSON',
      {},
      '{',
      'worker',
      400,
      'InvalidRequestContentException',
      /^Could not parse request body into json/,
    ],
    [
      'bytes that are not UTF-8',
      {},
      Buffer.from([0x22, 0x87, 0x22]),
      'worker',
      400,
      'InvalidRequestContentException',
      /^Could not parse/,
    ],
    [
      'a client context that is not JSON',
      { 'x-amz-client-context': 'bm8=' },
      '{}',
      'worker',
      400,
      'InvalidRequestContentException',
      /Base64-encoded JSON/,
    ],
    [
      'an unknown invocation type',
      { 'x-amz-invocation-type': 'Later' },
      '{}',
      'worker',
      400,
      'ValidationException',
      /\[Event, RequestResponse, DryRun\]/,
    ],
    [
      'more than 6 MiB',
      {},
      JSON.stringify('x'.repeat(6_291_455)),
      'worker',
      413,
      'RequestTooLargeException',
      /6291457 byte payload is too large for the RequestResponse invocation type \(limit 6291456 bytes\)/,
    ],
    [
      'more than 1 MiB for an event',
      { 'x-amz-invocation-type': 'Event' },
      JSON.stringify('x'.repeat(1_048_576)),
      'worker',
      413,
      'RequestTooLargeException',
      /Event invocation type/,
    ],
  ])('%s', async (_, headers, body, name, status, code, message) => {
    const answer = await invoke(headers, body, name);
    expect(answer.status).toBe(status);
    expect(answer.headers['x-amzn-errortype']).toBe(code);
    expect(answer.json().message).toMatch(message);
    expect([...world.delivered, ...world.enqueued]).toEqual([]);
  });
});
