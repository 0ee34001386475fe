/** What every contract must do, whatever backend it runs on: one suite for frames and for the Runtime API. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  errorOf,
  type Parts,
  payloadOf,
  type RunningInstance,
  type Sample,
  sampleLanguage,
  startSample,
} from './running-instance.ts';

export interface ContractUnderTest extends Parts {
  close(): Promise<void>;
}

export interface ContractSuiteOptions {
  readonly open: () => Promise<ContractUnderTest>;
  /** `nodejs22.x`, `python3.13`: which fixture functions are run. */
  readonly runtime: string;
  /** Shortest timeout that is surely longer than one trip to the instance. */
  readonly shortMs?: number;
  /** Only what depends on where it runs: for runtimes that take long to start, and whose whole suite runs elsewhere. */
  readonly essential?: true;
  /** Folder of the compiled fixture functions; default: their sources. */
  readonly dir?: () => string;
}

/** Handlers that cannot be loaded, and the type of the error that says so. */
function brokenScripts(missingImport: string, syntax: string) {
  return [
    ['a module that is not there', 'nowhere.handler', 'Runtime.ImportModuleError'],
    ['an import that is not there', missingImport, 'Runtime.ImportModuleError'],
    ['code that does not parse', syntax, 'Runtime.UserCodeSyntaxError'],
    ['an export that is not there', 'outcomes.nowhere', 'Runtime.HandlerNotFound'],
    ['a handler name without an export', 'outcomes', 'Runtime.MalformedHandlerName'],
  ] as const;
}

/** Names of the fixture functions where the languages differ in style. */
const NAMES = {
  node: {
    answersNothing: 'answersNothing',
    answersUnicode: 'answersUnicode',
    answersBig: 'answersBig',
    countsBytes: 'countsBytes',
    describesContext: 'describesContext',
    describesProcess: 'describesProcess',
    handlers: 'outcomes.',
    broken: brokenScripts('broken/missing-import.handler', 'broken/syntax.handler'),
    throws: 'broken/throws.handler',
    throwsType: 'RangeError',
    failsType: 'TypeError',
  },
  python: {
    answersNothing: 'answers_nothing',
    answersUnicode: 'answers_unicode',
    answersBig: 'answers_big',
    countsBytes: 'counts_bytes',
    describesContext: 'describes_context',
    describesProcess: 'describes_process',
    handlers: 'outcomes.',
    broken: brokenScripts('broken_import.handler', 'broken_syntax.handler'),
    throws: 'broken_throws.handler',
    throwsType: 'ValueError',
    failsType: 'TypeError',
  },
  ruby: {
    answersNothing: 'answers_nothing',
    answersUnicode: 'answers_unicode',
    answersBig: 'answers_big',
    countsBytes: 'counts_bytes',
    describesContext: 'describes_context',
    describesProcess: 'describes_process',
    handlers: 'outcomes.',
    broken: brokenScripts('broken_import.handler', 'broken_syntax.handler'),
    throws: 'broken_throws.handler',
    throwsType: 'Init<ArgumentError>',
    failsType: 'Function<TypeError>',
  },
  java: {
    answersNothing: 'answersNothing',
    answersUnicode: 'answersUnicode',
    answersBig: 'answersBig',
    countsBytes: 'countsBytes',
    describesContext: 'describesContext',
    describesProcess: 'describesProcess',
    handlers: 'shop.Outcomes::',
    broken: [
      ['a class that is not there', 'shop.Nowhere', 'java.lang.ClassNotFoundException'],
      ['a class it needs that is not there', 'shop.NeedsLibrary::handle', 'java.lang.NoClassDefFoundError'],
      ['a class that is damaged', 'shop.Damaged::handle', 'java.lang.ClassFormatError'],
      ['a method that is not there', 'shop.Outcomes::nowhere', 'Runtime.BadFunctionCode'],
      ['a class that is no handler', 'shop.Outcomes', 'Runtime.BadFunctionCode'],
      ['a handler name without a method', 'shop.Outcomes::', 'Runtime.BadFunctionCode'],
    ],
    throws: 'shop.Throws::handle',
    throwsType: 'java.lang.IllegalStateException',
    failsType: 'java.lang.IllegalArgumentException',
  },
  dotnet: {
    answersNothing: 'answersNothing',
    answersUnicode: 'answersUnicode',
    answersBig: 'answersBig',
    countsBytes: 'countsBytes',
    describesContext: 'describesContext',
    describesProcess: 'describesProcess',
    handlers: 'Shop::Shop.Outcomes::',
    broken: [
      ['an assembly that is not there', 'Nowhere::Shop.Outcomes::answers', 'LambdaValidationException'],
      ['a type that is not there', 'Shop::Shop.Nowhere::answers', 'LambdaValidationException'],
      ['a method that is not there', 'Shop::Shop.Outcomes::nowhere', 'LambdaValidationException'],
      ['an assembly that is damaged', 'Damaged::Shop.Outcomes::answers', 'LambdaValidationException'],
      ['a handler name without a method', 'Shop::Shop.Outcomes::', 'LambdaValidationException'],
    ],
    throws: 'Shop::Shop.Throws::Handle',
    throwsType: 'TargetInvocationException',
    failsType: 'ArgumentException',
  },
} as const;

export function describeContract(
  name: string,
  { open, runtime, shortMs = 300, essential, dir }: ContractSuiteOptions,
): void {
  const names = NAMES[sampleLanguage(runtime)];
  const further: (title: string, body: () => Promise<void>) => void = essential ? () => {} : test;

  describe(name, () => {
    let parts: ContractUnderTest;
    const running: RunningInstance[] = [];
    beforeAll(async () => {
      parts = await open();
    });
    afterAll(() => parts.close());
    afterEach(async () => {
      await Promise.all(running.splice(0).map(({ instance }) => instance.kill()));
    });

    const broken: readonly (readonly [string, string, string])[] = [
      ...names.broken.slice(0, essential ? 1 : undefined),
      ['code that fails when loaded', names.throws, names.throwsType],
    ];
    const start = async (handler: string, options: Partial<Sample> = {}) => {
      const sample = await startSample(parts, {
        runtime,
        handler,
        // Some runtimes take a second for their first event where the machine has other things to do.
        timeoutMs: 20_000,
        ...(dir && { dir: dir() }),
        ...options,
      });
      running.push(sample);
      return sample;
    };
    const startReady = async (export_: string, options: Partial<Sample> = {}) => {
      const sample = await start(names.handlers + export_, options);
      expect(await sample.started).toMatchObject({ status: 'ready' });
      return sample;
    };

    test('gives the handler the event and hands its result back', async () => {
      const { invoke } = await startReady('answers');
      const { outcome } = await invoke({ order: 7, note: 'é ✓ 𝄞' });
      expect(payloadOf(outcome)).toEqual({ got: { order: 7, note: 'é ✓ 𝄞' } });
    });

    further('answers null for a handler that returns nothing', async () => {
      const { invoke } = await startReady(names.answersNothing);
      expect((await invoke({})).outcome).toEqual({ status: 'ok', payload: 'null' });
    });

    further('keeps characters beyond ASCII whole in both directions', async () => {
      const { invoke } = await startReady(names.answersUnicode);
      expect(payloadOf((await invoke({ text: 'Zürich 東京' })).outcome)).toBe('Zürich 東京 ✓ 𝄞');
    });

    further('keeps module state between events of one instance', async () => {
      const { invoke } = await startReady('counts');
      const values = [await invoke({}), await invoke({}), await invoke({})].map(({ outcome }) =>
        payloadOf(outcome),
      );
      expect(values).toEqual([1, 2, 3]);
    });

    further('carries events and results of six megabytes', async () => {
      const event = { text: 'é'.repeat(3_000_000) };
      const { invoke } = await startReady(names.countsBytes, { timeoutMs: 20_000, memoryMb: 512 });
      expect(payloadOf((await invoke(event)).outcome)).toBe(3_000_000);

      const big = await startReady(names.answersBig, { timeoutMs: 20_000, memoryMb: 512 });
      const { outcome } = await big.invoke({ sizeBytes: 6_000_000 });
      expect(outcome.status === 'ok' && outcome.payload.length).toBe(6_000_002);
    });

    further('refuses a result above the limit with the provider’s error', async () => {
      const { invoke } = await startReady(names.answersBig, { timeoutMs: 20_000, memoryMb: 512 });
      const { outcome } = await invoke({ sizeBytes: 6_291_600 });
      expect(outcome).toMatchObject({
        status: 'error',
        error: { errorType: 'Function.ResponseSizeTooLarge' },
      });
    });

    test('reports what the handler threw, and the instance serves on', async () => {
      const { invoke, instance } = await startReady('fails');
      const { outcome } = await invoke({});
      expect(outcome).toMatchObject({
        status: 'error',
        phase: 'invoke',
        error: { errorType: names.failsType, errorMessage: 'no such order' },
      });
      expect(JSON.stringify(outcome)).toMatch(/outcomes\./i);
      expect(instance.state).toBe('idle');
      expect((await invoke({})).outcome.status).toBe('error');
    });

    further('reports a result that JSON cannot hold as an error', async () => {
      const { invoke, instance } = await startReady('circular');
      const { outcome } = await invoke({});
      expect(outcome).toMatchObject({ status: 'error', phase: 'invoke' });
      expect(instance.state).toBe('idle');
    });

    test('ends a handler at its timeout and retires the instance', async () => {
      const { invoke, instance } = await startReady('sleeps', { timeoutMs: shortMs });
      const { outcome } = await invoke({ ms: 60_000 });
      expect(outcome).toEqual({ status: 'timeout', afterMs: shortMs });
      expect(instance.state).toBe('gone');
    });

    further('ends a handler that never yields, and what it printed before is there', async () => {
      const { invoke, instance } = await startReady('loops', { timeoutMs: shortMs });
      const { outcome, logs, cpuMs } = await invoke({});
      expect(outcome.status).toBe('timeout');
      expect(cpuMs).toBeGreaterThan(shortMs / 20);
      expect(logs.map((line) => line.text).join()).toContain('about to loop');
      expect(instance.state).toBe('gone');
    });

    test('tells of a process that ended at once, not after the timeout', async () => {
      const { invoke, instance } = await startReady('exits', { timeoutMs: 60_000 });
      const { outcome } = await invoke({ code: 3 });
      expect(outcome).toEqual({ status: 'crash', phase: 'invoke', exitCode: 3, signal: null });
      expect(instance.state).toBe('gone');
    });

    further('tells of a process that ended without an error', async () => {
      const { invoke } = await startReady('exits', { timeoutMs: 60_000 });
      expect((await invoke({ code: 0 })).outcome).toMatchObject({ status: 'crash', exitCode: 0 });
    });

    test.each(broken)('reports %s as an init error', async (_what, handler, errorType) => {
      const sample = await start(handler);
      const started = await sample.started;
      expect(errorOf(started)).toMatchObject({ status: 'error', phase: 'init', error: { errorType } });
      expect(sample.instance.state).toBe('gone');
    });

    further('keeps what was printed before an init error', async () => {
      const { coldStart } = await (await start(names.throws)).started;
      expect(coldStart.logs.map((line) => line.text).join('\n')).toContain('before it fails');
    });

    test('hands output over in order, before the result', async () => {
      const { invoke } = await startReady('prints');
      const { outcome, logs } = await invoke({});
      expect(payloadOf(outcome)).toBe('printed');
      const text = logs.map((line) => line.text).join('\n');
      const parts_ = ['one', 'half line', 'next', 'formatted-4'];
      const positions = parts_.map((part) => text.indexOf(part));
      expect(positions).not.toContain(-1);
      expect([...positions].sort((a, b) => a - b)).toEqual(positions);
    });

    test('tells the handler about the invocation in its context', async () => {
      const { invoke } = await startReady(names.describesContext, { memoryMb: 192, timeoutMs: 20_000 });
      const { outcome } = await invoke(
        {},
        {
          clientContext: '{"custom":{"a":"b"}}',
          identity: '{"cognitoIdentityId":"eu-west-1:1","cognitoIdentityPoolId":"eu-west-1:2"}',
          tenantId: 'blue',
        },
      );
      const context = payloadOf(outcome) as Record<string, unknown>;
      expect(context).toMatchObject({
        awsRequestId: 'c0ffee00-0000-4000-8000-000000000001',
        functionName: 'shop-dev-sample',
        memoryLimitInMB: '192',
        invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-sample',
        logGroupName: '/aws/lambda/shop-dev-sample',
        identity: { cognitoIdentityId: 'eu-west-1:1', cognitoIdentityPoolId: 'eu-west-1:2' },
        tenantId: 'blue',
        trace: 'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1',
      });
      expect(context.remainingMs).toBeGreaterThan(10_000);
      expect(context.remainingMs).toBeLessThanOrEqual(20_000);
      expect(JSON.stringify(context.clientContext)).toContain('"a":"b"');
    });

    test('shows user code the provider’s and the project’s variables', async () => {
      const { invoke } = await startReady(names.describesProcess, { env: { TABLE: 'orders' } });
      const { env } = payloadOf((await invoke({})).outcome) as { env: Record<string, string> };
      expect(env).toMatchObject({
        TABLE: 'orders',
        AWS_REGION: 'eu-west-1',
        AWS_LAMBDA_FUNCTION_NAME: 'shop-dev-sample',
        AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
        _HANDLER: names.handlers + names.describesProcess,
      });
      expect(env.LAMBDA_TASK_ROOT).toBeTruthy();
      expect(Object.keys(env).filter((key) => key.startsWith('SLS_LOCAL'))).toEqual([]);
    });

    further('with `keep` a handler runs on after its timeout, and its late answer is nobody’s', async () => {
      const { instance, invoke } = await startReady('sleeps', {
        timeoutMs: 2 * shortMs,
        timeoutMode: 'keep',
      });
      expect((await invoke({ ms: 3 * shortMs })).outcome).toEqual({
        status: 'timeout',
        afterMs: 2 * shortMs,
      });
      expect(instance.state).toBe('idle');
      const next = await invoke({ ms: 1 }, { requestId: 'c0ffee00-0000-4000-8000-000000000002' });
      expect(payloadOf(next.outcome)).toBe('woke');
    });

    test('tells the CPU time of each event, not that of waiting or of the event before', async () => {
      const { invoke } = await startReady('works', { timeoutMs: 20_000 });
      const [first, second, third] = [
        await invoke({ ms: 150 }),
        await invoke({ ms: 1 }),
        await invoke({ ms: 60 }),
      ];
      expect(first.cpuMs).toBeGreaterThanOrEqual(149);
      expect(first.cpuMs).toBeLessThan(300);
      expect(second.cpuMs).toBeGreaterThan(0.5);
      expect(second.cpuMs).toBeLessThan(60);
      expect(third.cpuMs).toBeGreaterThanOrEqual(59);
      const waiting = await startReady('sleeps');
      expect((await waiting.invoke({ ms: 200 })).cpuMs).toBeLessThan(100);
    });

    test('reports the peak memory of the instance', async () => {
      const sample = await startReady('answers');
      await sample.invoke({});
      expect(await sample.instance.memoryPeakBytes()).toBeGreaterThan(4 * 2 ** 20);
    });
  });
}
