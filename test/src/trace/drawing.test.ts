import { expect, test } from 'vitest';
import { recordJson, traceJson } from '../../../src/trace/json.ts';
import { listHeader, listLine } from '../../../src/trace/list-lines.ts';
import { logLines } from '../../../src/trace/log-lines.ts';
import type { Palette } from '../../../src/trace/palette.ts';
import { makeTraceTree } from '../../../src/trace/tree.ts';
import { drawWaterfall, type WaterfallOptions } from '../../../src/trace/waterfall.ts';
import { durationText, toWidth } from '../../../src/trace/words.ts';
import { callOf, rowOf, runningRow, T0 } from './records.ts';

const span = (name: string) => name.padStart(16, '0');
const post = {
  kind: 'http',
  api: 'http-api',
  method: 'POST',
  path: '/orders',
  route: 'POST /orders',
} as const;
const rows = [
  rowOf('1', 0, {
    cause: post,
    endedAt: T0 + 120,
    coldStart: true,
    phases: { queuedMs: 10, startMs: 30, initMs: 20, handlerMs: 60 },
    outcome: { status: 'ok', payload: '{"statusCode":201}' },
    calls: [
      callOf('c1', 70, 15),
      callOf('c2', 90, 20, { service: 'sqs', operation: 'SendMessage', target: 'order-queue' }),
    ],
    logs: [
      { at: T0 + 65, stream: 'stdout', level: 'INFO', text: 'order accepted\nwith two lines' },
      { at: T0 + 120, stream: 'platform', text: 'END RequestId: 1' },
    ],
  }),
  rowOf('2', 150, {
    functionId: 'worker',
    parentId: span('c2'),
    cause: { kind: 'queue', queue: 'order-queue', messageIds: ['a', 'b'] },
    endedAt: T0 + 180,
    phases: { queuedMs: 0, handlerMs: 30 },
    outcome: { status: 'error', phase: 'invoke', error: { errorType: 'TypeError', errorMessage: 'no' } },
    calls: [
      callOf('c3', 160, 5, {
        operation: 'UpdateItem',
        status: 'error',
        errorCode: 'ConditionalCheckFailedException',
      }),
    ],
  }),
  runningRow('3', 190, {
    functionId: 'worker',
    parentId: span('c2'),
    attempt: 2,
    cause: { kind: 'queue', queue: 'order-queue', messageIds: ['a'] },
  }),
];
const traceId = rows[0]?.traceId ?? '';

function draw(options: Partial<WaterfallOptions> = {}): string {
  const tree = makeTraceTree(rows, traceId, T0 + 200);
  if (!tree) throw new Error('no tree');
  return `\n${drawWaterfall(tree, { width: 100, ...options }).join('\n')}\n`;
}

test('a waterfall shows names, bars, durations and ends of one trace', () => {
  expect(draw()).toMatchInlineSnapshot(`
    "
    trace 1-69571a25-000000000000000000000001  3 invocations, 3 calls, 200 ms, 2026-01-02T03:04:05.000Z
    create cold ← POST /orders                 ·░░░░░▒▒▒███████████                120 ms 201
    ├ dynamodb PutItem orders                             ━━━                       15 ms ok
    └ sqs SendMessage order-queue                            ━━━━                   20 ms ok
      ├ worker ← queue order-queue (2 message…                  ┄┄┄┄┄┄┄█████        30 ms TypeError
      │ └ dynamodb UpdateItem orders                                    ━━           5 ms ConditionalCh…
      └ worker #2 ← queue order-queue                           ┄┄┄┄┄┄┄┄┄┄┄┄┄██           running
    ┄ waiting  · queued  ░ start  ▒ init  █ handler  ━ call
    "
  `);
});

test('phases and logs can be shown below each invocation', () => {
  expect(draw({ phases: true, logs: true, width: 90 })).toMatchInlineSnapshot(`
    "
    trace 1-69571a25-000000000000000000000001
    3 invocations, 3 calls, 200 ms, 2026-01-02T03:04:05.000Z
    create cold ← POST /orders            ·░░░░▒▒▒█████████              120 ms 201
    │ queued                                                              10 ms
    │ start                                                               30 ms
    │ init                                                                20 ms
    │ handler                                                             60 ms
    │ 03:04:05.065 order accepted
    │              with two lines
    │ 03:04:05.120 END RequestId: 1
    ├ dynamodb PutItem orders                      ━━━                    15 ms ok
    └ sqs SendMessage order-queue                     ━━━                 20 ms ok
      ├ worker ← queue order-queue (2 me…               ┄┄┄┄┄┄█████       30 ms TypeError
      │ │ waited                                                          40 ms
      │ │ handler                                                         30 ms
      │ └ dynamodb UpdateItem orders                           ━━          5 ms ConditionalCh…
      └ worker #2 ← queue order-queue                   ┄┄┄┄┄┄┄┄┄┄┄██           running
          waited                                                          80 ms
    ┄ waiting  · queued  ░ start  ▒ init  █ handler  ━ call
    "
  `);
});

test('no line of a waterfall is wider than the terminal', () => {
  for (const width of [60, 80, 140])
    for (const line of draw({ width }).split('\n').slice(1, -1))
      expect([...line].length).toBeLessThanOrEqual(width);
});

test('colours change nothing but the colours', () => {
  const mark = (text: string) => `\u001b[1m${text}\u001b[0m`;
  const palette: Palette = { red: mark, green: mark, yellow: mark, cyan: mark, dim: mark, bold: mark };
  const coloured = draw({ palette, logs: true });
  expect(coloured).toContain('\u001b[1m');
  const bare = coloured
    .replaceAll('\u001b[1m', '')
    .replaceAll('\u001b[0m', '')
    .split('\n')
    .map((line) => line.trimEnd());
  expect(bare).toEqual(draw({ logs: true }).split('\n'));
});

test('a list has one line per invocation', () => {
  expect(`\n${[listHeader(), ...rows.map((row) => listLine(row))].join('\n')}\n`).toMatchInlineSnapshot(`
    "
    id        time          function            end               duration  cause
    00000001  03:04:05.000  create              201                 120 ms  POST /orders  cold
    00000002  03:04:05.150  worker              TypeError            30 ms  queue order-qu…  call failed
    00000003  03:04:05.190  worker              running                     queue order-queue  attempt 2
    "
  `);
});

test('log lines of several functions are merged by time and named', () => {
  const worker = rowOf('2', 150, {
    functionId: 'worker',
    logs: [{ at: T0 + 70, stream: 'stderr', text: 'hm' }],
  });
  expect(
    `\n${logLines([rows[0] ?? worker, worker], { offsetMinutes: 60 }).join('\n')}\n`,
  ).toMatchInlineSnapshot(`
    "
    04:04:05.065 create order accepted
                        with two lines
    04:04:05.070 worker hm
    04:04:05.120 create END RequestId: 1
    "
  `);
});

test('the JSON of a row has its texts as JSON and its status worked out', () => {
  const [row] = rows;
  if (!row) throw new Error('no row');
  expect(
    recordJson({ ...row, logs: [], calls: [callOf('c1', 1, 2, { input: '{"a":1}', output: '{"cut' })] }),
  ).toEqual({
    ...row,
    logs: [],
    status: 'ok',
    durationMs: 120,
    event: { a: 1 },
    outcome: { status: 'ok', payload: { statusCode: 201 } },
    calls: [{ ...callOf('c1', 1, 2), input: { a: 1 }, output: '{"cut' }],
  });
  expect(recordJson({ ...runningRow('1', 0), interrupted: true })).toMatchObject({ status: 'interrupted' });
});

test('the JSON of a trace is its spans, nested, with offsets from its start', () => {
  const tree = makeTraceTree(rows, traceId);
  if (!tree) throw new Error('no tree');
  expect(traceJson(tree)).toMatchObject({
    traceId,
    startedAt: T0,
    spans: [
      {
        kind: 'invocation',
        functionId: 'create',
        offsetMs: 0,
        durationMs: 120,
        phases: { queuedMs: 10, startMs: 30, initMs: 20, handlerMs: 60 },
        children: [
          { kind: 'call', service: 'dynamodb', offsetMs: 70 },
          {
            kind: 'call',
            service: 'sqs',
            target: 'order-queue',
            children: [
              { kind: 'invocation', functionId: 'worker', waitMs: 40, status: 'error' },
              { status: 'running' },
            ],
          },
        ],
      },
    ],
  });
});

test.each([
  [0.04, '0 ms'],
  [0.44, '0.4 ms'],
  [9.96, '10 ms'],
  [84.4, '84 ms'],
  [999.6, '1.00 s'],
  [1250, '1.25 s'],
  [59_999, '1 min 0 s'],
  [125_000, '2 min 5 s'],
])('%f ms reads %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test('a text is brought to a width by blanks or by a cut', () => {
  expect([toWidth('ab', 4), toWidth('abcdef', 4), toWidth('ab', 0)]).toEqual(['ab  ', 'abc…', '']);
});
