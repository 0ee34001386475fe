import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatedPositionFor, LEAST_UPPER_BOUND, TraceMap } from '@jridgewell/trace-mapping';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeEsbuildBuilder } from '../../../src/build/esbuild-builder.ts';
import { type Inspector, startInspector } from '../../../src/debug/inspector.ts';
import type { FunctionSpec } from '../../../src/model/project.ts';
import type { Artifact, Builder } from '../../../src/model/runtime.ts';
import { makeEnvironment } from '../../../src/runtime/environment.ts';
import { Instance } from '../../../src/runtime/instance.ts';
import { type FreezableClock, makeSystemClock } from '../../../src/std/clock.ts';
import { makeHolds } from '../../../src/std/holds.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { payloadOf } from '../../suites/running-instance.ts';
import { openProcessParts } from '../runtime/process-parts.ts';
import { attachLikeVsCode, type Client, connect, type Json, type Line, type Worker } from './debug-client.ts';

let root: string;
let builder: Builder;
let clock: FreezableClock;
let inspector: Inspector;
let parts: ReturnType<typeof openProcessParts>;
let instances: Instance[];
let client: Client | undefined;

beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sls-local-debug-')));
  builder = makeEsbuildBuilder({ inUse: makeHolds(), root, outDir: join(root, '.sls-local/builds') });
  clock = makeSystemClock();
  parts = openProcessParts();
  instances = [];
  client = undefined;
  inspector = await startInspector({ port: 0, clock, emit: () => {}, functions: () => [{ id: 'create' }] });
});
afterEach(async () => {
  client?.socket.terminate();
  await Promise.all(instances.map((instance) => instance.kill()));
  await inspector.close();
  await parts.close();
  await builder.close();
  rmSync(root, { recursive: true, force: true, maxRetries: 3 });
});

const SOURCE = [
  'interface Order { readonly id: number }',
  '',
  'export const loadedAt: string = "top level";',
  '',
  'export async function handler(event: Order, context: { getRemainingTimeInMillis(): number }) {',
  '  const doubled: number = event.id * 2;',
  '  const answer = { doubled, left: context.getRemainingTimeInMillis() };',
  '  return answer;',
  '}',
];
const LINE_OF_DOUBLED = 6;
const TIMEOUT_MS = 1000;

const url = (path: string) => `ws://127.0.0.1:${inspector.listening.port}${path}`;

function makeCreate(): FunctionSpec {
  return {
    id: 'create',
    name: 'shop-dev-create',
    arn: 'arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-create',
    handler: 'create.handler',
    runtime: 'nodejs20.x',
    codeRoot: root,
    env: {},
    memoryMb: 256,
    timeoutMs: TIMEOUT_MS,
    architecture: 'x86_64',
    layers: [],
    external: [],
  };
}

async function build(lines: readonly string[]): Promise<Artifact> {
  writeFileSync(join(root, 'create.ts'), `${lines.join('\n')}\n`);
  return builder.build(makeCreate(), new AbortController().signal);
}

async function startInstance(artifact: Artifact): Promise<Instance> {
  const fn = makeCreate();
  const placement = await parts.backend.placement();
  const instanceId = randomIds.hex(4);
  const endpoint = () => 'http://127.0.0.1:4566';
  const environment = makeEnvironment({ clock, region: 'eu-west-1', endpoint });
  const instance = new Instance({
    instanceId,
    fn,
    artifact,
    backend: parts.backend,
    contract: parts.contract,
    placement,
    env: environment.of(fn, artifact, instanceId, placement),
    clock,
    onDebugTarget: (target) => void inspector.attach(target),
    onIdleLog: () => {},
    onState: () => {},
  });
  instances.push(instance);
  return instance;
}

async function invoke(instance: Instance): Promise<unknown> {
  instance.take();
  const delivery = {
    requestId: 'c0ffee00-0000-4000-8000-000000000001',
    event: '{"id":21}',
    deadlineAt: clock.now() + TIMEOUT_MS,
    invokedFunctionArn: 'arn',
    traceHeader: 'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1',
  };
  const { end } = await instance.invoke(delivery, TIMEOUT_MS, { onLog: () => {} });
  instance.giveBack();
  return payloadOf(end);
}

/** Maps a source line as a debugger does, by the map beside the code. */
function breakpointAt(artifact: Artifact, line: number) {
  const map = new TraceMap(readFileSync(join(artifact.dir, 'index.cjs.map'), 'utf8'));
  const column = SOURCE[line - 1]?.search(/\S/) ?? 0;
  const place = generatedPositionFor(map, {
    source: join(root, 'create.ts'),
    line,
    column,
    bias: LEAST_UPPER_BOUND,
  });
  if (place.line === null) throw new Error(`line ${line} is not in the map`);
  return {
    url: `file://${artifact.dir}/index.cjs`,
    lineNumber: place.line - 1,
    columnNumber: place.column,
  };
}

interface Frame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly location: { readonly lineNumber: number };
}

async function paused(line: Line): Promise<{ reason: string; frame: Frame; hit: unknown }> {
  const { params } = await line.next('Debugger.paused');
  const [frame] = params.callFrames as Frame[];
  if (!frame) throw new Error('paused nowhere');
  return { reason: String(params.reason), frame, hit: params.hitBreakpoints };
}

async function evaluate(line: Line, frame: Frame, expression: string): Promise<unknown> {
  const asked = { callFrameId: frame.callFrameId, expression, returnByValue: true };
  const { result } = await line.send('Debugger.evaluateOnCallFrame', asked);
  return (result as Json).value;
}

/** Resolves when the instance has said that it goes on. */
async function goOn(line: Line, how: 'resume' | 'stepOver'): Promise<void> {
  await Promise.all([line.next('Debugger.resumed'), line.send(`Debugger.${how}`)]);
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a breakpoint in the TypeScript source holds the handler, steps, and costs the function no time', async () => {
  const artifact = await build(SOURCE);
  const at = breakpointAt(artifact, LINE_OF_DOUBLED);
  const code = await attachLikeVsCode(url('/sls-local'), (worker) =>
    worker.send('Debugger.setBreakpointByUrl', at),
  );
  client = code;
  const instance = await startInstance(artifact);
  expect(await instance.started).toMatchObject({ status: 'ready' });
  const worker: Worker = await code.nextWorker();
  await expect(worker.send('Debugger.resume')).rejects.toThrow('Can only perform operation while paused.');
  await expect(worker.send('Debugger.nonsense')).rejects.toThrow("'Debugger.nonsense' wasn't found");

  const answered = invoke(instance);
  const first = await paused(worker);
  expect(first.frame.functionName).toBe('handler');
  expect(first.frame.location.lineNumber).toBe(at.lineNumber);
  expect(await evaluate(worker, first.frame, 'event.id')).toBe(21);
  expect(clock.frozen).toBe(true);
  // Held for longer than the function's whole time.
  await wait(TIMEOUT_MS + 100);
  const scripts = worker.seen.filter((method) => method === 'Debugger.scriptParsed').length;
  await goOn(worker, 'stepOver');
  const second = await paused(worker);
  expect(second.frame.location.lineNumber).toBe(at.lineNumber + 1);
  // A debugger loads each script it is told of.
  expect(worker.seen.filter((method) => method === 'Debugger.scriptParsed')).toHaveLength(scripts);
  expect(await evaluate(worker, second.frame, 'doubled')).toBe(42);
  await goOn(worker, 'resume');
  const { doubled, left } = (await answered) as { doubled: number; left: number };
  expect(doubled).toBe(42);
  expect(left).toBeGreaterThan(TIMEOUT_MS / 2);
  expect(clock.frozen).toBe(false);
});

test('a breakpoint at the top level of the module is hit on a cold start', async () => {
  const artifact = await build(SOURCE);
  const at = breakpointAt(artifact, 3);
  const code = await attachLikeVsCode(url('/sls-local'), (worker) =>
    worker.send('Debugger.setBreakpointByUrl', at),
  );
  client = code;
  const instance = await startInstance(artifact);
  const worker = await code.nextWorker();
  expect((await paused(worker)).frame.location.lineNumber).toBe(at.lineNumber);
  await goOn(worker, 'resume');
  expect(await instance.started).toMatchObject({ status: 'ready' });
});

test('the pause that a debugger asks for before a script with a source map comes before its first line', async () => {
  const artifact = await build(SOURCE);
  const code = await attachLikeVsCode(url('/sls-local'), (worker) =>
    worker.send('Debugger.setInstrumentationBreakpoint', {
      instrumentation: 'beforeScriptWithSourceMapExecution',
    }),
  );
  client = code;
  const instance = await startInstance(artifact);
  const worker = await code.nextWorker();
  const { params } = await worker.next('Debugger.paused');
  expect(params).toMatchObject({
    reason: 'instrumentation',
    data: { url: `file://${artifact.dir}/index.cjs`, sourceMapURL: 'index.cjs.map' },
  });
  await worker.send('Debugger.setBreakpointByUrl', breakpointAt(artifact, 3));
  await goOn(worker, 'resume');
  expect((await paused(worker)).reason).toBe('other');
  await goOn(worker, 'resume');
  expect(await instance.started).toMatchObject({ status: 'ready' });
});

test('that pause comes before a function at the head of plain JavaScript too', async () => {
  writeFileSync(join(root, 'create.js'), 'function f() { return 1; }\nexports.handler = async () => f();\n');
  const artifact = await builder.build(makeCreate(), new AbortController().signal);
  const code = await attachLikeVsCode(url('/sls-local'), (worker) =>
    worker.send('Debugger.setInstrumentationBreakpoint', {
      instrumentation: 'beforeScriptWithSourceMapExecution',
    }),
  );
  client = code;
  const instance = await startInstance(artifact);
  const worker = await code.nextWorker();
  const { reason, frame, hit } = await paused(worker);
  expect([reason, hit, frame.location.lineNumber]).toEqual(['instrumentation', [], 0]);
  await goOn(worker, 'resume');
  expect(await instance.started).toMatchObject({ status: 'ready' });
});

test('breakpoints are hit again after each rebuild, over one socket that never closes', async () => {
  const line = await connect(url('/fn/create'));
  client = line;
  await line.send('Runtime.enable');
  await line.send('Debugger.enable');
  const first = await build(SOURCE);
  // By pattern, as VS Code sets them: the folder changes with the content.
  const { lineNumber } = breakpointAt(first, LINE_OF_DOUBLED);
  await line.send('Debugger.setBreakpointByUrl', { urlRegex: '.*/create/.*/index\\.cjs', lineNumber });
  await line.send('Runtime.runIfWaitingForDebugger');

  for (let round = 0; round < 8; round++) {
    const artifact = await build([...SOURCE, `export const round = ${round};`]);
    const old = instances.at(-1);
    const instance = await startInstance(artifact);
    await instance.started;
    await old?.kill();
    const answered = invoke(instance);
    const { frame, hit } = await paused(line);
    expect(hit).toEqual([`2:${lineNumber}:0:.*/create/.*/index\\.cjs`]);
    expect(await evaluate(line, frame, 'event.id')).toBe(21);
    await goOn(line, 'resume');
    expect(await answered).toMatchObject({ doubled: 42 });
  }
  expect(line.socket.readyState).toBe(line.socket.OPEN);
});

test('several instances are held and let go one by one', async () => {
  const artifact = await build(SOURCE);
  const at = breakpointAt(artifact, LINE_OF_DOUBLED);
  const code = await attachLikeVsCode(url('/sls-local'), (worker) =>
    worker.send('Debugger.setBreakpointByUrl', at),
  );
  client = code;
  const running = await Promise.all([1, 2, 3].map(() => startInstance(artifact)));
  await Promise.all(running.map((instance) => instance.started));
  const workers = [await code.nextWorker(), await code.nextWorker(), await code.nextWorker()];
  const answered = Promise.all(running.map(invoke));
  await Promise.all(workers.map(paused));
  for (const worker of workers) {
    expect(clock.frozen).toBe(true);
    await goOn(worker, 'resume');
  }
  expect(clock.frozen).toBe(false);
  expect(await answered).toMatchObject([{ doubled: 42 }, { doubled: 42 }, { doubled: 42 }]);
});

test('a debugger that goes away lets the handler go on', async () => {
  const artifact = await build(SOURCE);
  const at = breakpointAt(artifact, LINE_OF_DOUBLED);
  const code = await attachLikeVsCode(url('/sls-local'), (worker) =>
    worker.send('Debugger.setBreakpointByUrl', at),
  );
  client = code;
  const instance = await startInstance(artifact);
  await instance.started;
  const worker = await code.nextWorker();
  const answered = invoke(instance);
  await paused(worker);
  code.socket.terminate();
  expect(await answered).toMatchObject({ doubled: 42 });
  expect(clock.frozen).toBe(false);
  expect(await invoke(instance)).toMatchObject({ doubled: 42 });
});
