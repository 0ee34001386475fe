/** What our Node.js bootstrap does as Lambda's runtime client does it, beyond what every contract must. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Outcome } from '../../../../src/model/invocation.ts';
import {
  errorOf,
  payloadOf,
  type RunningInstance,
  type Sample,
  startSample,
} from '../../../suites/running-instance.ts';
import { openProcessParts } from '../process-parts.ts';

let parts: ReturnType<typeof openProcessParts>;
const running: RunningInstance[] = [];
beforeAll(() => {
  parts = openProcessParts();
});
afterAll(() => parts.close());
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ instance }) => instance.kill()));
});

const start = async (handler: string, options: Partial<Sample> = {}) => {
  const sample = await startSample(parts, { runtime: 'nodejs22.x', handler, ...options });
  running.push(sample);
  return sample;
};
const run = async (export_: string, event: unknown = {}, options: Partial<Sample> = {}) => {
  const sample = await start(export_.includes('.') ? export_ : `outcomes.${export_}`, options);
  expect(await sample.started).toMatchObject({ status: 'ready' });
  return { ...(await sample.invoke(event)), sample };
};

describe('handlers', () => {
  test('are found in a folder, inside an exported object', async () => {
    expect(payloadOf((await run('deep/er/nested.api.orders.create')).outcome)).toBe('created');
  });

  test('may be ES modules with a top-level await', async () => {
    expect(payloadOf((await run('module.handler', 1)).outcome)).toEqual({ loaded: 'loaded', event: 1 });
  });

  test('may be ES modules by their package’s type, behind the default export', async () => {
    expect(payloadOf((await run('module-type/index.handler')).outcome)).toBe('index.js');
  });

  test('may call back', async () => {
    expect(payloadOf((await run('callsBack', 5)).outcome)).toEqual({ got: 5 });
  });

  test('may call back with an error', async () => {
    const { outcome } = await run('callsBackError');
    expect(outcome).toMatchObject({
      status: 'error',
      error: { errorType: 'TypeError', errorMessage: 'called back' },
    });
  });

  test('that called back answer when nothing is left to do', async () => {
    expect(payloadOf((await run('callsBackEarly')).outcome)).toEqual(['timer']);
  });

  test('that called back answer at once when they ask for it', async () => {
    expect(payloadOf((await run('callsBackWithoutWaiting')).outcome)).toBe('at once');
  });

  test('that call back and return a promise give what came first', async () => {
    expect(payloadOf((await run('callsBackAndReturns')).outcome)).toBe('called back');
    expect(payloadOf((await run('callsBackAndThrows')).outcome)).toBe('called back');
    expect(payloadOf((await run('returnsAndCallsBack')).outcome)).toBe('returned');
  });

  test('may use context.succeed and context.done', async () => {
    expect(payloadOf((await run('succeeds')).outcome)).toBe('done');
    expect((await run('endsWithDone')).outcome).toMatchObject({ error: { errorMessage: 'done with it' } });
  });

  test('that return a plain value answer null before Node.js 24, with a warning, and the value since', async () => {
    const { outcome, logs } = await run('returnsPlain');
    expect(payloadOf(outcome)).toBeNull();
    expect(logs.map((line) => line.text).join()).toContain('answers null');
    expect(payloadOf((await run('returnsPlain', {}, { runtime: 'nodejs24.x' })).outcome)).toBe('plain');
  });

  test('in the callback style are refused since Node.js 24', async () => {
    const { started } = await start('outcomes.callsBack', { runtime: 'nodejs24.x' });
    expect(errorOf(await started)).toMatchObject({
      error: { errorType: 'Runtime.CallbackHandlerDeprecated' },
    });
  });

  test('are refused when their name climbs out of the task', async () => {
    const { started } = await start('../node/outcomes.answers');
    expect(errorOf(await started)).toMatchObject({
      error: {
        errorType: 'Runtime.MalformedHandlerName',
        errorMessage: expect.stringContaining('is not a valid handler name'),
      },
    });
  });

  test('must be functions', async () => {
    const { started } = await start('outcomes.notAFunction');
    expect(errorOf(await started)).toMatchObject({
      error: {
        errorType: 'Runtime.HandlerNotFound',
        errorMessage: 'outcomes.notAFunction is not a function',
      },
    });
  });
});

describe('awslambda.InvokeStore', () => {
  test('tells of the event under way', async () => {
    const sample = await start('outcomes.storesValues');
    await sample.started;
    const { outcome } = await sample.invoke(
      {},
      { requestId: 'one', traceHeader: 'Root=1', tenantId: 'blue' },
    );
    expect(payloadOf(outcome)).toEqual({ requestId: 'one', trace: 'Root=1', tenant: 'blue' });
  });

  test('keeps what is stored for one event only', async () => {
    const sample = await start('outcomes.findsNoLeftovers');
    await sample.started;
    for (const _ of [1, 2]) expect(payloadOf((await sample.invoke({})).outcome)).toBe('nothing');
  });
});

describe('what came with a version of Node.js', () => {
  test.each([
    ['nodejs22.x', false],
    ['nodejs24.x', true],
  ])('the trace in the context: %s', async (runtime, tells) => {
    const { outcome } = await run('describesContext', {}, { runtime });
    expect(Object.hasOwn(payloadOf(outcome) as object, 'xRayTraceId')).toBe(tells);
  });

  test('handlers that are members of a function are none since 24', async () => {
    expect(payloadOf((await run('member-of-function.handler')).outcome)).toBe('found');
    const { started } = await start('member-of-function.handler', { runtime: 'nodejs24.x' });
    expect(errorOf(await started)).toMatchObject({ error: { errorType: 'Runtime.HandlerNotFound' } });
  });
});

describe('errors', () => {
  const traceOf = (outcome: Outcome) => (outcome.status === 'error' ? (outcome.error.trace ?? []) : []);

  test('carry the handler’s frames and none of the bootstrap’s', async () => {
    const { outcome } = await run('failsAtOnce');
    expect(outcome).toMatchObject({ error: { errorType: 'RangeError', errorMessage: 'out of range' } });
    expect(traceOf(outcome)[0]).toBe('RangeError: out of range');
    expect(traceOf(outcome)[1]).toContain('outcomes.cjs');
    expect(traceOf(outcome).join('\n')).not.toContain('bootstrap');
  });

  test('that are no Error are named by their type', async () => {
    expect((await run('failsWithText')).outcome).toMatchObject({
      error: { errorType: 'string', errorMessage: 'just text', trace: [] },
    });
  });

  test('tell of a delete character as the runtime client does', async () => {
    expect((await run('failsOddly')).outcome).toMatchObject({ error: { errorMessage: 'a%7Fb' } });
  });

  test('of a result JSON cannot hold have Lambda’s text', async () => {
    expect((await run('circular')).outcome).toMatchObject({
      error: {
        errorType: 'Runtime.JSONStringifyError',
        errorMessage: 'Unable to stringify response body',
      },
    });
  });

  test('are logged as the runtime client logs them', async () => {
    const { logs } = await run('fails');
    const line = logs.find((candidate) => candidate.text.startsWith('Invoke Error'));
    expect(line).toMatchObject({ level: 'ERROR', stream: 'stderr' });
    expect(JSON.parse(line?.text.split('\t')[1] ?? '')).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'no such order',
      stack: expect.any(Array),
    });
  });

  test('nobody listens to end the event and the instance', async () => {
    const rejected = await run('rejectsAside');
    expect(rejected.outcome).toMatchObject({
      status: 'error',
      error: { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: nobody listens' },
    });
    expect(rejected.sample.instance.state).toBe('gone');

    const thrown = await run('throwsAside');
    expect(thrown.outcome).toMatchObject({ error: { errorType: 'Error', errorMessage: 'in a timer' } });
    expect(thrown.sample.instance.state).toBe('gone');
  });

  test('tell of a promise that nothing can settle any more, at once', async () => {
    const { outcome, sample } = await run('neverSettles', {}, { timeoutMs: 60_000 });
    expect(outcome).toMatchObject({ error: { errorType: 'Runtime.NodeJsExit' } });
    expect(sample.instance.state).toBe('idle');
  });

  test('tell of a heap that is full', async () => {
    const { outcome } = await run('fillsHeap', {}, { memoryMb: 64, timeoutMs: 60_000 });
    expect(outcome).toEqual({ status: 'out-of-memory', memoryMb: 64 });
  });

  test('when loading name what is missing and who wanted it', async () => {
    const { started } = await start('broken/missing-import.handler');
    const outcome = errorOf(await started);
    expect(outcome).toMatchObject({
      error: { errorMessage: expect.stringContaining("Cannot find module 'not-installed-anywhere'") },
    });
    expect(JSON.stringify(outcome)).toContain('missing-import.cjs');
    expect(JSON.stringify(outcome)).not.toContain('bootstrap');
  });

  test('when loading an ES module name what is missing', async () => {
    const { started } = await start('broken/missing-import-esm.handler');
    expect(errorOf(await started)).toMatchObject({
      error: {
        errorType: 'Runtime.ImportModuleError',
        errorMessage: expect.stringContaining("Cannot find package 'not-installed-anywhere'"),
      },
    });
  });

  test('of a process that ends while loading are crashes of the init phase', async () => {
    const { started } = await start('broken/exits.handler');
    expect(errorOf(await started)).toEqual({ status: 'crash', phase: 'init', exitCode: 7, signal: null });
  });

  test('tell of a top-level await that nothing can settle', async () => {
    const { started } = await start('broken/never-loads.handler');
    expect(errorOf(await started)).toMatchObject({
      phase: 'init',
      error: { errorType: 'Runtime.NodeJsExit' },
    });
  });
});

describe('output', () => {
  test('keeps records whole and raw output by lines, in order', async () => {
    const { logs } = await run('prints');
    expect(logs.map(({ stream, level, text }) => [stream, level, text])).toEqual([
      ['stdout', 'INFO', 'one { two: 2 }'],
      ['stdout', undefined, 'half line'],
      ['stdout', undefined, 'next'],
      ['stderr', 'ERROR', 'err\nor'],
      ['stdout', 'DEBUG', 'formatted-4'],
      ['stderr', undefined, 'raw'],
      ['stdout', undefined, 'open'],
    ]);
  });

  test('is JSON where the function asks for it', async () => {
    const { logs } = await run('fails', {}, { env: { AWS_LAMBDA_LOG_FORMAT: 'JSON' } });
    expect(JSON.parse(logs[0]?.text ?? '')).toMatchObject({
      level: 'ERROR',
      requestId: 'c0ffee00-0000-4000-8000-000000000001',
      message: { errorType: 'TypeError', errorMessage: 'no such order', stackTrace: expect.any(Array) },
    });
  });

  test('in JSON names the tenant, and no request before the first one', async () => {
    const env = { AWS_LAMBDA_LOG_FORMAT: 'JSON' };
    const sample = await start('slow-init.handler', { env });
    const { logs } = (await sample.started).coldStart;
    expect(JSON.parse(logs[0]?.text ?? '')).not.toHaveProperty('requestId');
    const tenant = await start('outcomes.fails', { env, runtime: 'nodejs24.x' });
    await tenant.started;
    const { logs: ofEvent } = await tenant.invoke({}, { tenantId: 'blue' });
    expect(JSON.parse(ofEvent[0]?.text ?? '')).toMatchObject({ tenantId: 'blue' });
  });

  test('holds the records of the level and above, each with its message', async () => {
    const { logs } = await run(
      'prints',
      {},
      { env: { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'INFO' } },
    );
    const records = logs.filter(({ level }) => level).map(({ text }) => JSON.parse(text));
    expect(records.map(({ level, message }) => [level, message])).toEqual([
      ['INFO', 'one { two: 2 }'],
      ['ERROR', 'err\nor'],
    ]);
  });

  test('below the function’s log level is dropped', async () => {
    const { logs } = await run('prints', {}, { env: { AWS_LAMBDA_LOG_LEVEL: 'warn' } });
    expect(logs.map((line) => line.level).filter(Boolean)).toEqual(['ERROR']);
  });

  test('after the answer is told outside of the event', async () => {
    const { sample } = await run('printsLater');
    expect(await sample.nextLooseLine()).toMatchObject({ text: 'after the answer' });
  });

  test('while loading comes with the start', async () => {
    const { started } = await start('slow-init.handler');
    expect((await started).coldStart.logs).toMatchObject([{ text: 'loading' }]);
  });
});

describe('time', () => {
  test('of the init phase is that of loading the user’s code', async () => {
    const { coldStart } = await (await start('slow-init.handler')).started;
    expect(coldStart.initMs).toBeGreaterThanOrEqual(120);
  });

  test('remaining stands still while a debugger holds the handler', async () => {
    expect(Math.abs(Number(payloadOf((await run('isPaused')).outcome)) - 5000)).toBeLessThan(5);
  });
});

describe('user code', () => {
  test('sees no flag, variable or global of ours', async () => {
    const { outcome } = await run('describesProcess');
    const { env, globals, execArgv } = payloadOf(outcome) as {
      env: Record<string, string>;
      globals: string[];
      execArgv: string[];
    };
    expect(execArgv.filter((flag) => !flag.startsWith('--max-old-space-size='))).toEqual([]);
    expect(globals.filter((name) => name.startsWith('__sls'))).toEqual([]);
    expect(Object.keys(env).filter((name) => name.startsWith('SLS_'))).toEqual([]);
  });

  test('sees true peak memory', async () => {
    const { sample } = await run('allocates', { sizeBytes: 60 * 2 ** 20 });
    const peak = await sample.instance.memoryPeakBytes();
    expect(peak).toBeGreaterThan(90 * 2 ** 20);
    expect(peak).toBeLessThan(200 * 2 ** 20);
  });
});

describe('response streaming', () => {
  test('answers the HTTP response the prelude describes, in one piece', async () => {
    expect(payloadOf((await run('streaming.http')).outcome)).toEqual({
      statusCode: 201,
      headers: { 'x-a': 'b' },
      body: 'one two',
      isBase64Encoded: false,
    });
  });

  test('answers the text for an event that is not HTTP, and a whole response for one that is', async () => {
    expect(payloadOf((await run('streaming.text')).outcome)).toBe('plain');
    expect(payloadOf((await run('streaming.text', { requestContext: { http: {} } })).outcome)).toMatchObject({
      headers: { 'content-type': 'text/plain' },
      body: 'plain',
    });
  });

  test('reports a handler that fails midway', async () => {
    expect((await run('streaming.fails')).outcome).toMatchObject({ error: { errorMessage: 'midway' } });
  });
});
