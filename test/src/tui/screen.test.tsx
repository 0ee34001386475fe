import { render } from 'ink-testing-library';
import { expect, test } from 'vitest';
import type { DevEvent } from '../../../src/model/events.ts';
import type { InvocationRecord } from '../../../src/model/invocation.ts';
import { App, type ScreenModel } from '../../../src/tui/app.tsx';
import { logRowLines } from '../../../src/tui/rows.ts';
import {
  type Action,
  emptyScreen,
  reduce,
  selectedInvocation,
  visibleInvocations,
} from '../../../src/tui/state.ts';

const record = (
  id: string,
  functionId: string,
  change: Partial<InvocationRecord> = {},
): InvocationRecord => ({
  id,
  requestId: id,
  attempt: 1,
  traceId: '1-0-0',
  spanId: 's',
  functionId,
  functionName: functionId,
  cause: { kind: 'http', api: 'http-api', method: 'GET', path: `/${functionId}`, route: 'GET /' },
  event: '{}',
  startedAt: 0,
  endedAt: 3,
  memoryMb: 128,
  logs: [],
  calls: [],
  outcome: { status: 'ok', payload: 'null' },
  phases: { queuedMs: 1, handlerMs: 2 },
  ...change,
});

const ended = (row: InvocationRecord): DevEvent => ({
  type: 'invocation',
  status: 'started',
  id: row.id,
  record: row,
});
const play = (events: readonly DevEvent[]) =>
  events.reduce((state, event) => reduce(state, { type: 'event', event }), emptyScreen);

test('an invocation is one row from its start to its end', () => {
  const started = record('1', 'Hello', { outcome: { status: 'ok', payload: '1' } });
  const state = play([ended(started), ended({ ...started, coldStart: true })]);
  expect(state.invocations).toHaveLength(1);
  expect(state.invocations[0]?.coldStart).toBe(true);
});

test('the selection follows the newest row until it is moved away, and again when moved back', () => {
  let state = play([ended(record('1', 'A')), ended(record('2', 'B'))]);
  expect(selectedInvocation(state)?.id).toBe('2');
  state = reduce(state, { type: 'move', by: -1 });
  state = reduce(state, { type: 'event', event: ended(record('3', 'C')) });
  expect(selectedInvocation(state)?.id).toBe('1');
  state = reduce(state, { type: 'move', by: 9 });
  state = reduce(state, { type: 'event', event: ended(record('4', 'D')) });
  expect(selectedInvocation(state)?.id).toBe('4');
});

test('a filter finds by function, path and status', () => {
  const state = play([
    ended(record('1', 'Alpha')),
    ended(record('2', 'Beta', { outcome: { status: 'timeout', afterMs: 1 } })),
  ]);
  expect(visibleInvocations({ ...state, filter: 'alp' }).map((row) => row.id)).toEqual(['1']);
  expect(visibleInvocations({ ...state, filter: 'TIMEOUT' }).map((row) => row.id)).toEqual(['2']);
});

test('an instance that is gone leaves its function', () => {
  const project = {
    name: 'p',
    root: '/',
    file: '/f',
    sources: [],
    stage: 'dev',
    region: 'r',
    accountId: '0',
    functions: [{ id: 'A' }],
    triggers: [],
    resources: [],
  };
  const instance = (status: 'ready' | 'gone'): DevEvent => ({
    type: 'instance',
    functionId: 'A',
    instanceId: 'i1',
    status,
  });
  const state = play([
    { type: 'project', project, problems: [], reloaded: false } as unknown as DevEvent,
    instance('ready'),
  ]);
  expect(state.functions[0]?.instances).toEqual({ i1: 'ready' });
  expect(reduce(state, { type: 'event', event: instance('gone') }).functions[0]?.instances).toEqual({});
});

test('a log text of several lines takes as many lines of the screen', () => {
  expect(logRowLines({ functionId: 'A', at: 0, bad: false, text: 'one\r\ntwo\rthree' })).toEqual([
    'A │ one',
    '  │ two',
    '  │ three',
  ]);
});

test('the screen lists invocations and its keys ask for trace, replay, invoke again and quit', async () => {
  const asked: string[] = [];
  let state = play([
    ended(record('0001', 'Hello')),
    ended(record('0002', 'Worker', { outcome: { status: 'timeout', afterMs: 3000 } })),
  ]);
  const listeners = new Set<() => void>();
  const model: ScreenModel = {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    state: () => state,
    dispatch: (action: Action) => {
      state = reduce(state, action);
      for (const listener of listeners) listener();
    },
    invokeAgain: (id) => void asked.push(`invoke ${id}`),
    replay: (id) => void asked.push(`replay ${id}`),
    traceLines: (id) => [`the trace of ${id}`],
    quit: () => void asked.push('quit'),
  };
  const screen = render(<App model={model} />);
  expect(screen.lastFrame()).toMatch(/✔ Hello .*GET \/Hello .*3 ms/);
  expect(screen.lastFrame()).toMatch(/✖ Worker .*timeout/);
  const press = async (key: string) => {
    screen.stdin.write(key);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  };
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  await press('r');
  await press('k');
  await press('i');
  await press('\r');
  expect(state.pane).toBe('trace');
  expect(screen.lastFrame()).toContain('the trace of 0001');
  await press('q');
  expect(asked).toEqual(['replay 0002', 'invoke 0001', 'quit']);
  screen.unmount();
});

const quietModel = (state: () => ReturnType<typeof play>, change: (action: Action) => void): ScreenModel => {
  const listeners = new Set<() => void>();
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    state,
    dispatch(action) {
      change(action);
      for (const listener of listeners) listener();
    },
    invokeAgain: () => {},
    replay: () => {},
    traceLines: () => [],
    quit: () => {},
  };
};
const said = (text: string): DevEvent => ({
  type: 'log',
  functionId: 'Hello',
  line: { at: 0, stream: 'stdout', text },
});

test('the log is read upwards to its first line and no further, and stays in view while more comes', async () => {
  let state = play(Array.from({ length: 100 }, (_, at) => said(`line ${at}`)));
  const model = quietModel(
    () => state,
    (action) => {
      state = reduce(state, action);
    },
  );
  const screen = render(<App model={model} />);
  const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const press = async (keys: string) => {
    screen.stdin.write(keys);
    await settled();
  };
  await settled();
  await press('l');
  expect(screen.lastFrame()).toContain('line 99');
  await press('k');
  expect(screen.lastFrame()).not.toContain('line 99');
  expect(screen.lastFrame()).toContain('line 98');
  model.dispatch({ type: 'event', event: said('news') });
  await settled();
  expect(screen.lastFrame()).toContain('line 98');
  expect(screen.lastFrame()).not.toContain('news');
  for (let i = 0; i < 30; i++) await press('\u001b[5~');
  expect(screen.lastFrame()).toMatch(/line 0\b/);
  await press('j');
  expect(screen.lastFrame()).not.toMatch(/line 0\b/);
  screen.unmount();
});

test('a terminal made narrower is drawn anew at once', async () => {
  const state = play([ended(record('1', 'Hello'))]);
  const screen = render(
    <App
      model={quietModel(
        () => state,
        () => {},
      )}
    />,
  );
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(screen.lastFrame()).toContain('GET /Hello');
  Object.defineProperty(screen.stdout, 'columns', { value: 40 });
  screen.stdout.emit('resize');
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const lines = (screen.lastFrame() ?? '').split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(40);
  expect(screen.lastFrame()).toMatch(/✔ Hello +3 ms/);
  expect(screen.lastFrame()).toContain('q quit');
  screen.unmount();
});
