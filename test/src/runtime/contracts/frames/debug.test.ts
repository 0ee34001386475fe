/** The inspector relay: debugging an instance over its own line, without a port. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DebugChannel } from '../../../../../src/model/runtime.ts';
import {
  payloadOf,
  type RunningInstance,
  sampleFolder,
  startSample,
} from '../../../../suites/running-instance.ts';
import { openProcessParts } from '../../process-parts.ts';

interface CdpMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: {
    readonly args?: readonly { readonly value?: unknown }[];
    readonly data?: { readonly uncaught?: boolean };
    readonly callFrames?: readonly { readonly callFrameId: string; readonly functionName: string }[];
  };
  readonly result?: { readonly result?: { readonly value?: unknown }; readonly breakpointId?: string };
}

let parts: ReturnType<typeof openProcessParts>;
const running: RunningInstance[] = [];
beforeAll(() => {
  parts = openProcessParts();
});
afterAll(() => parts.close());
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ instance }) => instance.kill()));
});

/** Speaks the protocol: requests by number, events by name. */
function makeClient(channel: DebugChannel) {
  let lastId = 0;
  const answers = new Map<number, (message: CdpMessage) => void>();
  const events = new Map<string, (message: CdpMessage) => void>();
  channel.onMessage((text) => {
    const message = JSON.parse(text) as CdpMessage;
    if (message.id !== undefined) answers.get(message.id)?.(message);
    else events.get(message.method ?? '')?.(message);
  });
  return {
    request: (method: string, params: object = {}) =>
      new Promise<CdpMessage>((resolve) => {
        const id = ++lastId;
        answers.set(id, resolve);
        channel.send(JSON.stringify({ id, method, params }));
      }),
    event: (method: string) => new Promise<CdpMessage>((resolve) => events.set(method, resolve)),
  };
}

/** 0-based, as the protocol counts. */
function lineOf(text: string): number {
  const lines = readFileSync(join(sampleFolder('nodejs22.x'), 'outcomes.cjs'), 'utf8').split('\n');
  return lines.findIndex((line) => line.includes(text));
}

function announced<T>(thing: T | undefined): T {
  if (thing === undefined) throw new Error('the instance was not announced');
  return thing;
}

async function startDebugged(handler: string, onTarget: (channel: DebugChannel) => void) {
  const sample = await startSample(parts, {
    runtime: 'nodejs22.x',
    handler,
    onDebugTarget: (target) => onTarget(target.channel),
  });
  running.push(sample);
  return sample;
}

test('a breakpoint set before the release holds the handler, and the handler goes on with its answer', async () => {
  const clients: ReturnType<typeof makeClient>[] = [];
  const { started, invoke } = await startDebugged('outcomes.sleeps', (channel) => {
    const client = makeClient(channel);
    clients.push(client);
    void client.request('Runtime.enable');
    void client.request('Debugger.enable');
    void client.request('Debugger.setBreakpointByUrl', {
      urlRegex: '.*outcomes\\.cjs',
      lineNumber: lineOf('await sleep(ms);'),
    });
    channel.release();
  });
  expect(await started).toMatchObject({ status: 'ready' });
  const client = announced(clients[0]);

  const paused = client.event('Debugger.paused');
  const invoked = invoke({ ms: 1 });
  const frame = (await paused).params?.callFrames?.[0];
  expect(frame?.functionName).toBe('exports.sleeps');
  const { result } = await client.request('Debugger.evaluateOnCallFrame', {
    callFrameId: frame?.callFrameId,
    expression: 'ms',
  });
  expect(result?.result?.value).toBe(1);
  void client.request('Debugger.resume');
  expect(payloadOf((await invoked).outcome)).toBe('woke');
});

test('user code is not loaded before the release', async () => {
  let announce: (channel: DebugChannel) => void = () => {};
  const opened = new Promise<DebugChannel>((resolve) => {
    announce = resolve;
  });
  const { started, instance } = await startDebugged('slow-init.handler', announce);
  const channel = await opened;
  const first = await Promise.race([
    started.then(() => 'ready'),
    makeClient(channel).request('Runtime.evaluate', { expression: '1' }),
  ]);
  expect(first).toMatchObject({ result: { result: { value: 1 } } });
  expect(instance.state).toBe('initialising');
  channel.release();
  expect(await started).toMatchObject({ status: 'ready' });
});

test('without a debugger the release lets the code run, and the process still ends by itself', async () => {
  const { started, invoke } = await startDebugged('outcomes.exits', (channel) => channel.release());
  expect(await started).toMatchObject({ status: 'ready' });
  expect((await invoke({ code: 4 })).outcome).toMatchObject({ status: 'crash', exitCode: 4 });
});

test('user code sees no trace of the relay', async () => {
  const { started, invoke } = await startDebugged('outcomes.describesProcess', (channel) =>
    channel.release(),
  );
  await started;
  const seen = payloadOf((await invoke({})).outcome) as { env: Record<string, string>; execArgv: string[] };
  expect(seen.execArgv.filter((flag) => !flag.startsWith('--max-old-space-size='))).toEqual([]);
  expect(Object.keys(seen.env).filter((name) => /INSPECT|SLS_LOCAL|NODE_OPTIONS/.test(name))).toEqual([]);
});

test('the relay is nothing to wait for: a callback answers at once, a promise that never settles fails', async () => {
  const release = (channel: DebugChannel) => {
    void makeClient(channel).request('Runtime.enable');
    channel.release();
  };
  const callback = await startDebugged('outcomes.callsBack', release);
  await callback.started;
  expect(payloadOf((await callback.invoke(5)).outcome)).toEqual({ got: 5 });
  const promise = await startDebugged('outcomes.neverSettles', release);
  await promise.started;
  expect((await promise.invoke({})).outcome).toMatchObject({ error: { errorType: 'Runtime.NodeJsExit' } });
});

test('a handler that never yields can be interrupted', async () => {
  const clients: ReturnType<typeof makeClient>[] = [];
  const { started, invoke } = await startDebugged('outcomes.loops', (channel) => {
    const client = makeClient(channel);
    clients.push(client);
    void client.request('Debugger.enable');
    channel.release();
  });
  await started;
  const client = announced(clients[0]);
  const paused = client.event('Debugger.paused');
  await new Promise<void>((resolve) => void invoke({}, {}, () => resolve()));
  void client.request('Debugger.pause');
  const frames = (await paused).params?.callFrames ?? [];
  expect(frames.map(({ functionName }) => functionName)).toContain('exports.loops');
});

test('what a handler logs is shown to a debugger as it was logged, and is in the log', async () => {
  const clients: ReturnType<typeof makeClient>[] = [];
  const { started, invoke } = await startDebugged('outcomes.prints', (channel) => {
    const client = makeClient(channel);
    clients.push(client);
    void client.request('Runtime.enable');
    channel.release();
  });
  await started;
  const shown = announced(clients[0]).event('Runtime.consoleAPICalled');
  const { logs } = await invoke({});
  expect((await shown).params?.args).toMatchObject([{ value: 'one' }, { type: 'object' }]);
  expect(logs.map(({ text }) => text)).toContain('one { two: 2 }');
});

describe('a debugger that wants errors which nobody catches', () => {
  /** Lets every pause go on; resolves with what each was for. */
  async function startFailing(handler: string) {
    const pauses: unknown[] = [];
    const { started, invoke } = await startDebugged(handler, (channel) => {
      const client = makeClient(channel);
      const hold = ({ params }: CdpMessage) => {
        pauses.push([params?.data?.uncaught, params?.callFrames?.[0]?.functionName]);
        void client.event('Debugger.paused').then(hold);
        void client.request('Debugger.resume');
      };
      void client.event('Debugger.paused').then(hold);
      void client.request('Debugger.enable');
      void client.request('Debugger.setAsyncCallStackDepth', { maxDepth: 32 });
      void client.request('Debugger.setPauseOnExceptions', { state: 'uncaught' });
      channel.release();
    });
    return { started, pauses, invoke };
  }

  test.each([
    ['failures.handler', 'at once'],
    ['failures.handler', 'later'],
    ['failures.plain', 'without a promise'],
  ])('holds %s where it throws %s, and the event fails as ever', async (handler, how) => {
    const { started, pauses, invoke } = await startFailing(handler);
    await started;
    const { outcome } = await invoke({ how });
    expect(outcome).toMatchObject({ status: 'error', error: { errorType: 'Error', errorMessage: how } });
    expect(pauses).toEqual([[true, expect.stringMatching(/^exports\.(?:handler|plain)$/)]]);
  });

  test('does not hold one that the handler catches, and user code is told of nothing', async () => {
    const { started, pauses, invoke } = await startFailing('failures.handler');
    await started;
    await invoke({ how: 'later' });
    pauses.length = 0;
    expect(payloadOf((await invoke({ how: 'caught' })).outcome)).toEqual({ told: 'caught', noticed: [] });
    expect(pauses).toEqual([]);
  });

  test('holds the load of a module that fails', async () => {
    const { started, pauses } = await startFailing('broken/throws.handler');
    expect(await started).toMatchObject({ status: 'failed' });
    expect(pauses).toHaveLength(1);
  });
});
