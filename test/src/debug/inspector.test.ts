import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Inspector, type InspectorOptions, startInspector } from '../../../src/debug/inspector.ts';
import type { DevEvent } from '../../../src/model/events.ts';
import { type FreezableClock, makeSystemClock } from '../../../src/std/clock.ts';
import { attachLikeVsCode, type Client, connect, type Worker } from './debug-client.ts';
import { makeFakeInstance } from './fake-instance.ts';

let inspector: Inspector;
let clock: FreezableClock;
let events: DevEvent[];
let clients: Client[];

const start = async (options: Partial<InspectorOptions> = {}) => {
  inspector = await startInspector({
    port: 0,
    clock,
    emit: (event) => events.push(event),
    functions: () => [{ id: 'create' }, { id: 'get' }],
    ...options,
  });
};

beforeEach(async () => {
  clock = makeSystemClock();
  events = [];
  clients = [];
  await start();
});
afterEach(async () => {
  for (const client of clients) client.socket.terminate();
  await inspector.close();
});

const ws = (path: string) => `ws://127.0.0.1:${inspector.listening.port}${path}`;

async function open(path: string): Promise<Client> {
  const client = await connect(ws(path));
  clients.push(client);
  return client;
}

async function openVsCode(setUp: (worker: Worker) => Promise<unknown> = async () => {}) {
  const client = await attachLikeVsCode(ws('/sls-local'), setUp);
  clients.push(client);
  return client;
}

/** As a debugger without workers begins. */
async function openPlain(path: string, setUp: (client: Client) => Promise<unknown> = async () => {}) {
  const client = await open(path);
  await client.send('Runtime.enable');
  await client.send('Debugger.enable');
  await setUp(client);
  await client.send('Runtime.runIfWaitingForDebugger');
  return client;
}

function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request(`${inspector.listening.url}${path}`, { headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}

const breakpoint = { url: 'file:///a.cjs', lineNumber: 3, columnNumber: 0 };

test('the list names the target for all functions first, then each function, at addresses the client can use', async () => {
  const list = JSON.parse((await get('/json/list', { host: 'localhost:9229' })).body) as {
    webSocketDebuggerUrl: string;
  }[];
  expect(list.map((t) => t.webSocketDebuggerUrl)).toEqual([
    'ws://localhost:9229/sls-local',
    'ws://localhost:9229/fn/create',
    'ws://localhost:9229/fn/get',
  ]);
  for (const path of ['/json', '/json/', '/json/list/'])
    expect(await get(path)).toMatchObject({ status: 200, body: (await get('/json/list')).body });
  const version = JSON.parse((await get('/json/version')).body) as object;
  expect(version).toMatchObject({ webSocketDebuggerUrl: ws('/sls-local') });
  expect((await get('/other')).status).toBe(404);
});

test('clients that build themselves from a description of the protocol get that of Node', async () => {
  const { status, body } = await get('/json/protocol');
  expect(status).toBe(200);
  const { domains } = JSON.parse(body) as { domains: { domain: string }[] };
  expect(domains.map(({ domain }) => domain)).toEqual(expect.arrayContaining(['Debugger', 'Runtime']));
});

test('a page that rebinds its name, or that opens a socket itself, is refused', async () => {
  expect((await get('/json/list', { host: 'evil.example:9229' })).status).toBe(403);
  await expect(connect(ws('/sls-local'), { host: 'evil.example' })).rejects.toThrow('403');
  await expect(connect(ws('/sls-local'), { origin: 'http://localhost:8080' })).rejects.toThrow('403');
  const devtools = await connect(ws('/sls-local'), { origin: 'devtools://devtools' });
  await devtools.close();
});

test('a socket for a function the project does not have is refused', async () => {
  await expect(connect(ws('/fn/nope'))).rejects.toThrow('404');
});

test('a taken port is told with the flag that changes it', async () => {
  await expect(start({ port: inspector.listening.port })).rejects.toMatchObject({
    code: 'port-taken',
    hint: expect.stringContaining('--inspect'),
  });
});

test('without a debugger an instance is released at once and its inspector left alone', async () => {
  const instance = makeFakeInstance();
  await inspector.attach(instance.target);
  expect(instance.methods).toEqual(['release']);
});

test('VS Code sees each instance as a worker and sets it up before user code is released', async () => {
  const client = await openVsCode((worker) => worker.send('Debugger.setBreakpointByUrl', breakpoint));
  const one = makeFakeInstance({ instanceId: 'aaaaaaaa-1' });
  const two = makeFakeInstance({ instanceId: 'bbbbbbbb-2', functionId: 'get' });
  await Promise.all([inspector.attach(one.target), inspector.attach(two.target)]);
  expect([(await client.nextWorker()).title, (await client.nextWorker()).title].sort()).toEqual([
    'create [aaaaaaaa]',
    'get [bbbbbbbb]',
  ]);
  for (const { methods } of [one, two]) {
    expect(methods).toContain('Debugger.setBreakpointByUrl');
    expect(methods.at(-1)).toBe('release');
    expect(methods.filter((method) => method === 'Debugger.enable')).toHaveLength(1);
  }
});

test('answers and events of an instance reach the debugger under its own ids', async () => {
  const client = await openVsCode();
  const instance = makeFakeInstance({ instanceId: 'one' });
  await inspector.attach(instance.target);
  const worker = await client.nextWorker();
  expect(await worker.send('Runtime.evaluate', { expression: 'x' })).toEqual({
    result: { type: 'string', value: 'one' },
  });
  expect((await worker.next('Debugger.scriptParsed')).params).toMatchObject({ url: 'file:///a.cjs' });
  instance.event('Runtime.consoleAPICalled', { type: 'log' });
  expect((await worker.next('Runtime.consoleAPICalled')).params).toEqual({ type: 'log' });
});

test('an instance that ends is detached, the attach goes on and shows the next one', async () => {
  const client = await openVsCode();
  const first = makeFakeInstance();
  await inspector.attach(first.target);
  const { sessionId } = await client.nextWorker();
  first.die();
  expect((await client.next('NodeWorker.detachedFromWorker')).params).toEqual({ sessionId });
  await inspector.attach(makeFakeInstance({ instanceId: 'second-instance' }).target);
  expect((await client.nextWorker()).title).toBe('create [second-i]');
});

test('instances that run already are shown to a debugger that attaches later', async () => {
  const instance = makeFakeInstance();
  await inspector.attach(instance.target);
  const client = await openVsCode();
  const worker = await client.nextWorker();
  expect(worker.seen).toContain('Debugger.scriptParsed');
  expect(events.filter((e) => e.type === 'debugger').map((e) => e.status)).toEqual(['attached']);
});

test('a debugger that does not get ready delays an instance only so long', async () => {
  await inspector.close();
  await start({ attachMs: 20 });
  const client = await open('/sls-local');
  await client.send('NodeWorker.enable');
  const instance = makeFakeInstance();
  await inspector.attach(instance.target);
  expect(instance.methods.at(-1)).toBe('release');
  expect(events.at(-1)).toMatchObject({ type: 'notice', message: expect.stringContaining('create') });
});

test('time stands still while an instance is held, and the function is told how long before it goes on', async () => {
  const client = await openVsCode();
  const instance = makeFakeInstance();
  await inspector.attach(instance.target);
  const worker = await client.nextWorker();
  instance.event('Debugger.paused', { callFrames: [], reason: 'other' });
  await worker.next('Debugger.paused');
  expect(clock.frozen).toBe(true);
  await worker.send('Debugger.resume');
  expect(clock.frozen).toBe(false);
  const [told, resumed] = instance.sent.slice(-2);
  expect(told).toMatchObject({ method: 'Runtime.evaluate' });
  expect(told?.params.expression).toMatch(/^globalThis\.__slsPause\?\.\(\d+\.\d{3}\)\n/);
  expect(resumed).toMatchObject({ method: 'Debugger.resume' });
  expect(events.filter((e) => e.type === 'debugger').map((e) => e.status)).toEqual([
    'attached',
    'paused',
    'resumed',
  ]);
});

test('a pause for reading a source map stops the clock but is no news', async () => {
  const client = await openVsCode();
  const instance = makeFakeInstance();
  await inspector.attach(instance.target);
  const worker = await client.nextWorker();
  instance.event('Debugger.paused', { callFrames: [], reason: 'instrumentation' });
  await worker.next('Debugger.paused');
  expect(clock.frozen).toBe(true);
  await worker.send('Debugger.resume');
  expect(clock.frozen).toBe(false);
  expect(events.filter((e) => e.type === 'debugger').map((e) => e.status)).toEqual(['attached']);
});

test('a held instance that dies lets time go on', async () => {
  const client = await openVsCode();
  const instance = makeFakeInstance();
  await inspector.attach(instance.target);
  const worker = await client.nextWorker();
  instance.event('Debugger.paused', { callFrames: [], reason: 'other' });
  await worker.next('Debugger.paused');
  instance.die();
  await client.next('NodeWorker.detachedFromWorker');
  expect(clock.frozen).toBe(false);
});

test('a debugger that leaves while it holds an instance lets it go, without its breakpoints', async () => {
  const client = await openVsCode((worker) => worker.send('Debugger.setBreakpointByUrl', breakpoint));
  const instance = makeFakeInstance();
  await inspector.attach(instance.target);
  const worker = await client.nextWorker();
  instance.event('Debugger.paused', { callFrames: [], reason: 'other' });
  await worker.next('Debugger.paused');
  const disabled = instance.command('Debugger.disable');
  client.socket.terminate();
  await disabled;
  expect(instance.sent).toContainEqual({
    method: 'Debugger.removeBreakpoint',
    params: { breakpointId: '1:3:0:file:///a.cjs' },
  });
  expect(clock.frozen).toBe(false);
  expect(events.at(-1)).toMatchObject({ type: 'debugger', status: 'detached' });
});

test('two debuggers share an instance: the later one is told what it missed, a breakpoint stays until both removed it', async () => {
  const setUp = (worker: Worker) => worker.send('Debugger.setBreakpointByUrl', breakpoint);
  const first = await openVsCode(setUp);
  const instance = makeFakeInstance();
  await inspector.attach(instance.target);
  await first.nextWorker();
  const second = await openVsCode(setUp);
  const worker = await second.nextWorker();
  expect(worker.seen).toEqual(['Runtime.executionContextCreated', 'Debugger.scriptParsed']);
  expect(instance.methods.filter((m) => m === 'Debugger.setBreakpointByUrl')).toHaveLength(1);

  await first.close();
  await worker.send('Runtime.evaluate', { expression: '1' });
  expect(instance.methods).not.toContain('Debugger.removeBreakpoint');
  expect(instance.methods).not.toContain('Debugger.disable');
  await worker.send('Debugger.removeBreakpoint', { breakpointId: '1:3:0:file:///a.cjs' });
  expect(instance.methods).toContain('Debugger.removeBreakpoint');
});

test("a function's own target stays attached over an instance swap and sets the next instance up by itself", async () => {
  const client = await openPlain('/fn/create', async (c) => {
    expect(await c.send('Debugger.setBreakpointByUrl', breakpoint)).toEqual({
      breakpointId: '1:3:0:file:///a.cjs',
      locations: [],
    });
    await c.send('Debugger.setBreakpointByUrl', { ...breakpoint, lineNumber: 9 });
    await c.send('Debugger.removeBreakpoint', { breakpointId: '1:9:0:file:///a.cjs' });
    await c.send('Debugger.setPauseOnExceptions', { state: 'uncaught' });
  });
  const one = makeFakeInstance({ instanceId: 'one' });
  await inspector.attach(one.target);
  const expected = [
    'Runtime.enable',
    'Debugger.enable',
    'Debugger.setBreakpointByUrl',
    'Debugger.setPauseOnExceptions',
    // Whether it is up.
    'Runtime.getIsolateId',
    'release',
  ];
  expect(one.methods).toEqual(expected);
  expect(await client.send('Runtime.evaluate')).toMatchObject({ result: { value: 'one' } });

  one.die();
  await client.next('Runtime.executionContextsCleared');
  await client.next('Runtime.executionContextsCleared');
  const two = makeFakeInstance({ instanceId: 'two' });
  await inspector.attach(two.target);
  expect(two.methods).toEqual(expected);
  expect(await client.send('Runtime.evaluate')).toMatchObject({ result: { value: 'two' } });
  expect(client.socket.readyState).toBe(client.socket.OPEN);
});

test("an instance of another function does not wait for a function's debugger", async () => {
  await open('/fn/create');
  const other = makeFakeInstance({ functionId: 'get' });
  await inspector.attach(other.target);
  expect(other.methods).toEqual(['release']);
});

test('of several instances of a function the one that is held is shown, and the next one after it', async () => {
  const client = await openPlain('/fn/create');
  const one = makeFakeInstance({ instanceId: 'one', scripts: ['file:///one.cjs'] });
  const two = makeFakeInstance({ instanceId: 'two', scripts: ['file:///two.cjs'] });
  await inspector.attach(one.target);
  await inspector.attach(two.target);
  expect(await client.send('Runtime.evaluate')).toMatchObject({ result: { value: 'two' } });

  one.event('Debugger.paused', { callFrames: [], reason: 'other', data: 'in one' });
  expect((await client.next('Debugger.paused')).params).toMatchObject({ data: 'in one' });
  expect(await client.send('Runtime.evaluate')).toMatchObject({ result: { value: 'one' } });

  two.event('Debugger.paused', { callFrames: [], reason: 'other', data: 'in two' });
  const next = client.next('Debugger.paused');
  await client.send('Debugger.resume');
  expect((await next).params).toMatchObject({ data: 'in two' });
  expect(await client.send('Runtime.evaluate')).toMatchObject({ result: { value: 'two' } });
  await client.send('Debugger.resume');
  expect(clock.frozen).toBe(false);
});

test('the target for all functions follows them for a debugger that knows no workers', async () => {
  const client = await openPlain('/sls-local', (c) => c.send('Debugger.setBreakpointByUrl', breakpoint));
  const one = makeFakeInstance({ instanceId: 'one' });
  const two = makeFakeInstance({ instanceId: 'two', functionId: 'get' });
  await inspector.attach(one.target);
  await inspector.attach(two.target);
  expect(one.methods).toContain('Debugger.setBreakpointByUrl');
  expect(two.methods).toContain('Debugger.setBreakpointByUrl');
  one.event('Debugger.paused', { callFrames: [], reason: 'other' });
  await client.next('Debugger.paused');
  expect(await client.send('Runtime.evaluate')).toMatchObject({ result: { value: 'one' } });
  expect(client.seen.some((method) => method.startsWith('NodeWorker'))).toBe(false);
});

test('an instance that comes while a debugger is still making up its mind is shown to it', async () => {
  const client = await open('/sls-local');
  const instance = makeFakeInstance();
  const attached = inspector.attach(instance.target);
  await client.send('NodeWorker.enable');
  const { params } = await client.next('NodeWorker.attachedToWorker');
  await client.send('NodeWorker.sendMessageToWorker', {
    sessionId: params.sessionId,
    message: JSON.stringify({ id: 1, method: 'Runtime.runIfWaitingForDebugger' }),
  });
  await attached;
  expect(instance.methods.at(-1)).toBe('release');
});

test('who asks is told of a debugger when the instances that run know its breakpoints', async () => {
  const instance = makeFakeInstance();
  await inspector.attach(instance.target);
  const told = get('/sls-local/attached');
  await openVsCode((worker) => worker.send('Debugger.setBreakpointByUrl', breakpoint));
  expect((await told).status).toBe(204);
  expect(instance.methods).toContain('Debugger.setBreakpointByUrl');
  // Who asks later does not wait.
  expect((await get('/sls-local/attached')).status).toBe(204);
});

test('code typed at the target for all functions fails with what to do, as debuggers know it', async () => {
  const client = await openVsCode();
  expect(await client.send('Runtime.evaluate', { expression: '1 + 1', returnByValue: true })).toMatchObject({
    exceptionDetails: { exception: { value: expect.stringContaining('choose an instance') } },
  });
});
