/** The door: what an invocation answers, from the lease to the report. */
import { expect, test } from 'vitest';
import { makeDirectInvoke } from '../../../src/invoke/direct.ts';
import type { InvokeRequest, LogLine, Outcome } from '../../../src/model/invocation.ts';
import type { ColdStart, Delivery, InstancePool, Lease, LeaseRefusal } from '../../../src/model/runtime.ts';
import { makeFakeClock } from '../../../src/std/clock.ts';
import { SlsError } from '../../../src/std/errors.ts';
import { sampleFunction } from '../../suites/running-instance.ts';

const fn = sampleFunction({ runtime: 'nodejs22.x', handler: 'a.b', memoryMb: 128 });
const line: LogLine = { at: 1, stream: 'stdout', text: 'from the handler' };
const coldStart: ColdStart = {
  startMs: 40,
  initMs: 12.5,
  logs: [{ at: 0, stream: 'stdout', text: 'loading' }],
};
const request: InvokeRequest = {
  functionId: 'sample',
  event: '{"a":1}',
  cause: { kind: 'cli' },
  trace: { traceId: '1-67891233-abcdef012345678912345678' },
  spanId: '53995c3f42cd8ad8',
  recordId: 'r1',
  requestId: 'q1',
  attempt: 1,
  clientContext: '{"custom":{}}',
};

interface Script {
  readonly lease?: Partial<Lease>;
  readonly outcome?: Outcome;
  readonly leaseMs?: number;
  readonly handlerMs?: number;
  readonly result?: () => LeaseRefusal | Promise<Lease>;
}

function open(script: Script = {}) {
  const clock = makeFakeClock();
  const deliveries: Delivery[] = [];
  let released = 0;
  const lease: Lease = {
    status: 'leased',
    instanceId: 'i1',
    artifactId: 'a1',
    async invoke(delivery, _timeoutMs, { onBegin, onLog }) {
      deliveries.push(delivery);
      onBegin?.();
      onLog(line);
      await clock.advance(script.handlerMs ?? 7);
      return script.outcome ?? { status: 'ok', payload: '2' };
    },
    handlerMs: () => script.handlerMs ?? 7,
    cpuMs: () => 3.456,
    memoryPeakBytes: () => 50 * 2 ** 20,
    release: () => void released++,
    ...script.lease,
  };
  const pool: InstancePool = {
    lease: () => {
      if (script.result) return script.result();
      if (script.leaseMs === undefined) return lease;
      return clock.advance(script.leaseMs).then(() => lease);
    },
  };
  const live: string[] = [];
  const invoke = makeDirectInvoke({
    pool,
    functionById: (id) => (id === 'sample' ? fn : undefined),
    clock,
    onLog: (_request, { text }) => live.push(text),
  });
  return { invoke, deliveries, live, clock, released: () => released };
}

test('delivers the event with its deadline and trace, and gives the instance back', async () => {
  const { invoke, deliveries, released } = open();
  const before = Date.now();
  const invoked = await invoke(request);
  expect(invoked).toMatchObject({
    requestId: 'q1',
    outcome: { status: 'ok', payload: '2' },
    phases: { queuedMs: 0, handlerMs: 7 },
    coldStart: false,
    instanceId: 'i1',
    artifactId: 'a1',
    memoryPeakBytes: 50 * 2 ** 20,
    cpuMs: 3.456,
  });
  expect(deliveries).toMatchObject([
    {
      requestId: 'q1',
      event: '{"a":1}',
      invokedFunctionArn: fn.arn,
      traceHeader: expect.stringMatching(
        /^Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=[0-9a-f]{8}:1$/,
      ),
      clientContext: '{"custom":{}}',
    },
  ]);
  expect(deliveries[0]?.deadlineAt).toBeGreaterThanOrEqual(before + fn.timeoutMs);
  expect(released()).toBe(1);
});

test('an event that runs out of memory has used all of it, whatever was measured', async () => {
  const outcome: Outcome = { status: 'out-of-memory', memoryMb: 128 };
  const { invoke, live } = open({ outcome });
  expect(await invoke(request)).toMatchObject({ outcome, memoryPeakBytes: 128 * 2 ** 20 });
  expect(live.at(-1)).toContain('Memory Size: 128 MB\tMax Memory Used: 128 MB');
  const above = open({ outcome, lease: { memoryPeakBytes: () => 131 * 2 ** 20 } });
  expect(await above.invoke(request)).toMatchObject({ memoryPeakBytes: 131 * 2 ** 20 });
});

test('so has an init phase that does', async () => {
  const outcome = { status: 'out-of-memory', memoryMb: 128 } as const;
  const { invoke, live } = open({ result: () => ({ status: 'refused', outcome, coldStart }) });
  expect(await invoke(request)).toMatchObject({ outcome, memoryPeakBytes: 128 * 2 ** 20 });
  expect(live.at(-1)).toContain('Max Memory Used: 128 MB');
});

test('extensions at work after the answer count in the duration and hold the instance, not the caller', async () => {
  let done: (end: Outcome | undefined) => void = () => {};
  const settling = new Promise<Outcome | undefined>((resolve) => {
    done = resolve;
  });
  const { invoke, released, clock, live } = open({ lease: { settled: () => settling } });
  const invoked = await invoke(request);
  expect(invoked.outcome).toEqual({ status: 'ok', payload: '2' });
  expect(released()).toBe(0);
  await clock.advance(30);
  done({ status: 'timeout', afterMs: 37 });
  const whole = await invoked.settled;
  expect(released()).toBe(1);
  expect(whole).toMatchObject({ outcome: { status: 'ok' }, phases: { handlerMs: 37 } });
  expect(live.at(-1)).toContain('Duration: 37.00 ms');
  expect(live.at(-1)).toContain('Status: timeout');
});

test('writes the platform’s lines around the function’s own, and tells them as they come', async () => {
  const { invoke, live } = open();
  const { logs } = await invoke(request);
  expect(logs.map(({ text }) => text)).toEqual([
    'START RequestId: q1 Version: $LATEST',
    'from the handler',
    'END RequestId: q1',
    'REPORT RequestId: q1\tDuration: 7.00 ms\tBilled Duration: 7 ms\tMemory Size: 128 MB\tMax Memory Used: 50 MB\tCPU Time: 3.46 ms\t',
  ]);
  expect(live).toEqual(logs.map(({ text }) => text));
});

test('a cold start has its phases, and what was printed while loading comes first', async () => {
  const { invoke } = open({ leaseMs: 60, lease: { coldStart } });
  const invoked = await invoke(request);
  expect(invoked).toMatchObject({
    coldStart: true,
    phases: { queuedMs: 7.5, startMs: 40, initMs: 12.5, handlerMs: 7 },
  });
  expect(invoked.logs[0]?.text).toMatch(/^INIT_START Runtime Version: nodejs:22/);
  expect(invoked.logs[1]?.text).toBe('loading');
  expect(invoked.logs.at(-1)?.text).toContain('\tInit Duration: 12.50 ms\t');
});

test('a timeout has its line, and the peak memory may come late', async () => {
  const { invoke } = open({
    handlerMs: 3000,
    outcome: { status: 'timeout', afterMs: 3000 },
    lease: { memoryPeakBytes: async () => 2 ** 20 },
  });
  const { logs } = await invoke(request);
  expect(logs.map(({ text }) => text)).toEqual([
    'START RequestId: q1 Version: $LATEST',
    'from the handler',
    expect.stringMatching(/Z q1 Task timed out after 3\.00 seconds$/),
    'END RequestId: q1',
    expect.stringContaining('Max Memory Used: 1 MB'),
  ]);
});

test('a second init phase runs on the event’s own time, and both are told', async () => {
  const failedInit = {
    initMs: 10_000,
    logs: [{ at: 0, stream: 'stdout', text: 'first' } as const],
    outcome: { status: 'timeout', afterMs: 10_000 } as const,
  };
  const timeouts: number[] = [];
  const { invoke } = open({
    lease: {
      coldStart: { ...coldStart, initMs: 500, failedInit },
      async invoke(_delivery, timeoutMs, { onBegin }) {
        timeouts.push(timeoutMs);
        onBegin?.();
        return { status: 'ok', payload: '2' };
      },
    },
  });
  const { logs } = await invoke(request);
  expect(timeouts).toEqual([fn.timeoutMs - 500]);
  expect(logs.map(({ text }) => text)).toEqual([
    expect.stringContaining('INIT_START'),
    'first',
    'INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout\t',
    'START RequestId: q1 Version: $LATEST',
    'loading',
    'END RequestId: q1',
    expect.stringContaining('\tDuration: 507.00 ms\t'),
  ]);
  expect(logs.at(-1)?.text).not.toContain('Init Duration');
});

test('code that could not be loaded is the answer, with the logs of the attempt', async () => {
  const outcome: Outcome = {
    status: 'error',
    phase: 'init',
    error: { errorType: 'Runtime.ImportModuleError', errorMessage: 'x' },
  };
  const { invoke } = open({ result: () => ({ status: 'refused', outcome, instanceId: 'i9', coldStart }) });
  expect(await invoke(request)).toMatchObject({
    outcome,
    coldStart: true,
    instanceId: 'i9',
    phases: { startMs: 40, initMs: 12.5, handlerMs: 0 },
    logs: [{}, { text: 'loading' }, { text: expect.stringContaining('INIT_REPORT') }, {}, {}, {}],
  });
});

test('a throttled event has no log at all', async () => {
  const outcome: Outcome = { status: 'throttled', reason: 'r' };
  const { invoke } = open({ result: () => ({ status: 'refused', outcome }) });
  expect(await invoke(request)).toMatchObject({ outcome, coldStart: false, logs: [] });
});

test('what the user must fix makes the function unavailable; our own faults are thrown', async () => {
  const failed = open({
    result: () => Promise.reject(new SlsError('build-failed', 'unexpected }', { hint: 'fix it' })),
  });
  expect((await failed.invoke(request)).outcome).toEqual({
    status: 'unavailable',
    code: 'build-failed',
    reason: 'unexpected }',
    hint: 'fix it',
  });
  const broken = open({ result: () => Promise.reject(new TypeError('ours')) });
  await expect(broken.invoke(request)).rejects.toThrow('ours');
});

test('an unknown function is unavailable', async () => {
  expect((await open().invoke({ ...request, functionId: 'nope' })).outcome).toMatchObject({
    status: 'unavailable',
    code: 'function-unknown',
  });
});
