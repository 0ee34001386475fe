/** What extensions must see and do on every backend: one suite for child processes and for containers. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LogLine } from '../../src/model/invocation.ts';
import type { ContractUnderTest } from './contract.suite.ts';
import {
  errorOf,
  fixtures,
  linesWith,
  payloadOf,
  type RunningInstance,
  startSample,
} from './running-instance.ts';

export interface ExtensionsSuiteOptions {
  readonly open: () => Promise<ContractUnderTest>;
  /** `nodejs22.x`. */
  readonly runtime: string;
}

const layer = join(fixtures, '../extensions/agent');

/** What the extension has said, in order. */
function saidIn(lines: readonly LogLine[]): Record<string, unknown>[] {
  return lines
    .filter(({ text }) => text.startsWith('AGENT '))
    .map(({ text }) => JSON.parse(text.slice('AGENT '.length)));
}

interface TelemetryRecord {
  readonly type: string;
  readonly record: { readonly metrics?: { readonly maxMemoryUsedMB?: number } };
}

function recordsIn({ records = [] }: { readonly records?: readonly TelemetryRecord[] }) {
  return records;
}

export function describeExtensions(name: string, { open, runtime }: ExtensionsSuiteOptions): void {
  const answers = 'outcomes.answers';

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

    const start = async (env: Readonly<Record<string, string>> = {}, handler = answers, timeoutMs = 5000) => {
      const sample = await startSample(parts, { runtime, handler, env, layers: [layer], timeoutMs });
      running.push(sample);
      return sample;
    };
    const startReady = async (...args: Parameters<typeof start>) => {
      const sample = await start(...args);
      const started = await sample.started;
      expect(started).toMatchObject({ status: 'ready' });
      return { ...sample, initLogs: started.coldStart.logs };
    };
    /** Waits for what the extension says outside of events. */
    const heard = async (sample: RunningInstance, is: (said: Record<string, unknown>) => boolean) => {
      const isAwaited = (line: LogLine) => saidIn([line]).some(is);
      return saidIn((await linesWith(sample, isAwaited)).filter(isAwaited))[0];
    };

    test('an extension registers before the function is ready, with its own part of the environment', async () => {
      const sample = await startReady({ AGENT_EVENTS: 'INVOKE,SHUTDOWN', SECRET: 'told' });
      expect(await heard(sample, () => true)).toEqual({
        registered: {
          functionName: 'shop-dev-sample',
          functionVersion: '$LATEST',
          handler: answers,
          accountId: '000000000000',
        },
        function: 'shop-dev-sample',
        own: 'INVOKE,SHUTDOWN',
        names: [],
      });
      expect(sample.initLogs.map(({ text }) => text)).toContain(
        'EXTENSION\tName: agent\tState: Ready\tEvents: [INVOKE, SHUTDOWN]',
      );
    });

    test('it is told of each event, and the instance is not free before it asks for the next', async () => {
      const sample = await startReady({ AGENT_WORK_MS: '500' });
      sample.instance.take();
      const began = performance.now();
      const lines: LogLine[] = [];
      const { end } = await sample.instance.invoke(
        {
          requestId: 'c0ffee00-0000-4000-8000-000000000001',
          event: '1',
          deadlineAt: 1_900_000_000_000,
          invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-sample',
          traceHeader: 'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1',
        },
        5000,
        { onLog: (line) => lines.push(line) },
      );
      expect(payloadOf(end)).toEqual({ got: 1 });
      expect(performance.now() - began).toBeLessThan(490);
      expect(await sample.instance.settled()).toBeUndefined();
      expect(performance.now() - began).toBeGreaterThan(490);
      expect(sample.instance.settled()).toBeUndefined();
      sample.instance.giveBack();
      expect(saidIn([...lines, ...sample.looseLines])).toContainEqual({
        event: {
          eventType: 'INVOKE',
          deadlineMs: 1_900_000_000_000,
          requestId: 'c0ffee00-0000-4000-8000-000000000001',
          invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-sample',
          tracing: {
            type: 'X-Amzn-Trace-Id',
            value: 'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1',
          },
        },
      });
    });

    test('an extension that is slower than the function’s timeout ends the instance', async () => {
      const sample = await startReady({ AGENT_WORK_MS: '60000' }, answers, 400);
      sample.instance.take();
      const { end } = await sample.instance.invoke(
        {
          requestId: 'c0ffee00-0000-4000-8000-000000000002',
          event: '1',
          deadlineAt: Date.now() + 400,
          invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-sample',
          traceHeader: '',
        },
        400,
        { onLog: () => {} },
      );
      expect(payloadOf(end)).toEqual({ got: 1 });
      expect(await sample.instance.settled()).toEqual({ status: 'timeout', afterMs: 400 });
      sample.instance.giveBack();
      expect(sample.instance.state).toBe('gone');
    });

    test('the end of the instance is told with its reason, and who ends at once is not waited for', async () => {
      const sample = await startReady();
      const began = performance.now();
      await sample.instance.kill();
      expect(performance.now() - began).toBeLessThan(1900);
      expect(await heard(sample, ({ event }) => event !== undefined)).toMatchObject({
        event: { eventType: 'SHUTDOWN', shutdownReason: 'spindown', deadlineMs: expect.any(Number) },
      });
    });

    test('an extension that does not end is killed when the two seconds are over', async () => {
      const sample = await startReady({ AGENT_FAIL: 'stays' });
      const began = performance.now();
      await sample.instance.kill();
      const tookMs = performance.now() - began;
      expect(tookMs).toBeGreaterThan(1300);
      expect(tookMs).toBeLessThan(6000);
    });

    test('a timeout is told as the reason', async () => {
      const sample = await startReady({}, 'outcomes.sleeps', 700);
      const { outcome } = await sample.invoke({ ms: 60_000 });
      expect(outcome).toEqual({ status: 'timeout', afterMs: 700 });
      expect(
        await heard(sample, ({ event }) => (event as { eventType?: string })?.eventType === 'SHUTDOWN'),
      ).toMatchObject({ event: { shutdownReason: 'timeout' } });
    });

    test.each([
      ['exits', { code: 3 }, { status: 'crash', exitCode: 3 }],
      ['dies', '"SIGKILL"', { status: 'crash', signal: 'SIGKILL' }],
      ['leavesAChild', {}, { status: 'crash', exitCode: 5 }],
    ])('so is the failure of a runtime that died: %s', async (handler, event, expected) => {
      const sample = await startReady({}, `outcomes.${handler}`);
      const { outcome } = await sample.invoke(event);
      expect(outcome).toMatchObject(expected);
      expect(
        await heard(sample, ({ event }) => (event as { eventType?: string })?.eventType === 'SHUTDOWN'),
      ).toMatchObject({ event: { shutdownReason: 'failure' } });
    });

    test('an extension that crashes, or reports that it cannot begin, makes the init phase fail', async () => {
      const crashed = await start({ AGENT_FAIL: 'crash' });
      expect(errorOf(await crashed.started)).toMatchObject({
        phase: 'init',
        error: { errorType: 'Extension.Crash', errorMessage: 'exit status 7' },
      });
      const reported = await start({ AGENT_FAIL: 'init' });
      expect(errorOf(await reported.started)).toMatchObject({
        phase: 'init',
        error: { errorType: 'Extension.InitError', errorMessage: 'agent: Agent.NoKey' },
      });
    });

    test('one that gives up during an event ends the event and the instance', async () => {
      const sample = await startReady({ AGENT_FAIL: 'exit' }, 'outcomes.sleeps');
      const { outcome } = await sample.invoke({ ms: 3000 });
      expect(outcome).toMatchObject({ status: 'error', error: { errorType: 'Extension.ExitError' } });
      expect(sample.instance.state).toBe('gone');
    });

    /** The records a subscriber has, of the first event up to its report. */
    const recordsOf = async (
      sample: RunningInstance & { readonly initLogs: readonly LogLine[] },
      event: unknown,
    ) => {
      const logs: LogLine[] = [...sample.initLogs];
      const records = () => saidIn([...logs, ...sample.looseLines]).flatMap((said) => recordsIn(said));
      const { logs: ofEvent } = await sample.invoke(event);
      logs.push(...ofEvent);
      await sample.instance.settled();
      while (!records().some(({ type }) => type === 'platform.report')) await sample.nextLooseLine();
      return records();
    };

    test.each([
      ['exits', { code: 3 }, { status: 'failure', errorType: 'Runtime.ExitError' }],
      ['sleeps', { ms: 60_000 }, { status: 'timeout', errorType: 'Sandbox.Timedout' }],
    ])('the end of an event that its runtime does not tell is a record: %s', async (handler, event, end) => {
      const sample = await startReady({ AGENT_TELEMETRY: 'http' }, `outcomes.${handler}`, 1000);
      const records = await recordsOf(sample, event);
      const ofEnd = records.filter(({ type }) => /runtimeDone|report/.test(type));
      expect(ofEnd.map(({ type }) => type)).toEqual(['platform.runtimeDone', 'platform.report']);
      for (const { record } of ofEnd) expect(record).toMatchObject(end);
    });

    test.runIf(process.platform === 'linux')(
      'who runs out of memory is told to have used all of it',
      async () => {
        const sample = await startReady({ AGENT_TELEMETRY: 'http' }, 'outcomes.fillsBuffers', 60_000);
        const records = await recordsOf(sample, {});
        const report = records.find(({ type }) => type === 'platform.report')?.record;
        expect(report).toMatchObject({ errorType: 'Runtime.OutOfMemory', metrics: { memorySizeMB: 256 } });
        expect(report?.metrics?.maxMemoryUsedMB).toBeGreaterThanOrEqual(256);
      },
    );

    test.each(['http', 'tcp', 'logs'])('records reach a subscriber in the instance: %s', async (kind) => {
      const sample = await startReady({ AGENT_TELEMETRY: kind }, 'outcomes.prints');
      const types = new Set((await recordsOf(sample, {})).map(({ type }) => type));
      for (const type of [
        'platform.initStart',
        'platform.initRuntimeDone',
        'platform.initReport',
        'platform.extension',
        'platform.start',
        'function',
        'extension',
        'platform.runtimeDone',
        'platform.report',
      ])
        expect(types).toContain(type);
    });
  });
}
