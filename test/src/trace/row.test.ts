/** Rows as bytes: what is put comes back, whatever is in it and whoever wrote it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cause, InvocationRecord, LogLine } from '../../../src/model/invocation.ts';
import { decodeRow } from '../../../src/trace/decode-row.ts';
import { encodeRow, type RowContext } from '../../../src/trace/encode-row.ts';
import { framesIn, idOf } from '../../../src/trace/row-frames.ts';
import { callOf, rowOf, runningRow, T0 } from './records.ts';

/** The frames of the rows, one behind the other. */
function encode(...rows: readonly InvocationRecord[]): Uint8Array[] {
  const bytes = Buffer.alloc(1_000_000, 0xff);
  const place = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), at: 0 };
  const context: RowContext = {
    session: () => 'mine',
    logLimitBytes: 1e6,
    generation: () => 7,
    reserve: () => place,
  };
  for (const row of rows) place.at += encodeRow(row, context);
  return [...framesIn(bytes.subarray(0, place.at))];
}

const read = (rows: readonly InvocationRecord[]) => encode(...rows).map((frame) => decodeRow(frame).record);

/** Whole characters: half of a pair has no UTF-8. */
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const millis = fc.double({ min: 0, max: 1e6, noNaN: true });
const cause: fc.Arbitrary<Cause> = fc.oneof(
  fc.record({
    kind: fc.constant('http' as const),
    api: fc.constantFrom('http-api', 'rest-api', 'function-url'),
    method: fc.constantFrom('GET', 'POST'),
    path: text,
    route: text,
  }),
  fc.record({ kind: fc.constant('cli' as const) }),
  fc.record({ kind: fc.constant('queue' as const), queue: text, messageIds: fc.array(text) }),
);
const line: fc.Arbitrary<LogLine> = fc.record(
  {
    at: fc.double({ min: T0, max: T0 + 1e6, noNaN: true }),
    stream: fc.constantFrom('stdout', 'stderr', 'platform'),
    level: fc.constantFrom('TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'),
    text,
  },
  { requiredKeys: ['at', 'stream', 'text'] },
);
const parts: fc.Arbitrary<Partial<InvocationRecord>> = fc.record(
  {
    cause,
    event: text,
    parentId: text,
    instanceId: text,
    artifactId: text,
    memoryPeakBytes: fc.nat(),
    cpuMs: millis,
    coldStart: fc.boolean(),
    logs: fc.array(line, { maxLength: 5 }),
    calls: fc.array(fc.constant(callOf('c1', 1, 2))),
    outcome: fc.oneof(
      fc.record({ status: fc.constant('ok' as const), payload: text }),
      fc.constant({ status: 'timeout' as const, afterMs: 3000 }),
    ),
    phases: fc.record(
      { queuedMs: millis, startMs: millis, initMs: millis, handlerMs: millis },
      { requiredKeys: ['queuedMs', 'handlerMs'] },
    ),
    clientContext: text,
  },
  { requiredKeys: [] },
);

test('any rows come back as they were put', () => {
  fc.assert(
    fc.property(fc.array(parts, { minLength: 1, maxLength: 4 }), (all) => {
      const rows = all.map((more, index) => rowOf(String(index), index, more));
      expect(read(rows)).toEqual(rows);
      expect(encode(...rows).map(idOf)).toEqual(rows.map(({ id }) => id));
    }),
  );
});

test('a row without an end names the session that wrote it', () => {
  const row = runningRow('1', 0, { cause: { kind: 'cli' } });
  const [frame = new Uint8Array()] = encode(row);
  expect(decodeRow(frame)).toEqual({ record: row, session: 'mine' });
});

test('half a character is replaced, and shifts nothing', () => {
  const row = rowOf('1', 0, {
    cause: { kind: 'http', api: 'rest-api', method: 'GET', path: '/\ud83d', route: '\ude00' },
    logs: [{ at: T0, stream: 'stdout', text: 'whole' }],
    event: '"\ud83d"',
  });
  const [found] = read([row]);
  expect(found).toMatchObject({ logs: row.logs, outcome: row.outcome, event: '"\ufffd"' });
});

test('a row of a build that knew no table is read', () => {
  const written =
    'HQIAAAEAAAANAAAAAAAAAACAyJjKt3lCACDJmMq3eUIAAAAAAAAAAAAAAAAAACRAAAAAAAAA8D8AAAAAAABgQBMAAAAkAAAAIwAAABAAAAD/////BgAAAA8AAAD/' +
    '/////////yUBAAADAAAABAAAADE5YjdjYTk4Yzg4MDAwMDAwYTEwMDAwMDAwMC0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwYTExLTY5NTcxYTI1LTAwMDAwMDAw' +
    'MDAwMDAwMDAwMDAwMDAwMTAwMDAwMDAwMDAwMDAwYTFjcmVhdGVzaG9wLWRldi1jcmVhdGV7ImNhdXNlIjp7ImtpbmQiOiJjbGkifSwibWVtb3J5UGVha0J5dGVz' +
    'Ijo1MDAwMDAwLCJjcHVNcyI6MS41LCJsb2dzIjpbeyJhdCI6MTc2NzMyMzA0NTAwMCwic3RyZWFtIjoic3RkZXJyIiwibGV2ZWwiOiJFUlJPUiIsInRleHQiOiLD' +
    'pCJ9XSwiY2FsbHMiOlt7InNwYW5JZCI6IjAwMDAwMDAwMDAwMDAwYzEiLCJzZXJ2aWNlIjoiZHluYW1vZGIiLCJvcGVyYXRpb24iOiJQdXRJdGVtIiwidGFyZ2V0' +
    'Ijoib3JkZXJzIiwic3RhcnRlZEF0IjoxNzY3MzIzMDQ1MDAxLCJkdXJhdGlvbk1zIjoyLCJzdGF0dXMiOiJvayJ9XX0iw7YibnVsbA==';
  expect(decodeRow(Buffer.from(written, 'base64')).record).toEqual(
    rowOf('a1', 0, {
      logs: [{ at: T0, stream: 'stderr', level: 'ERROR', text: 'ä' }],
      calls: [callOf('c1', 1, 2)],
      ...{ memoryPeakBytes: 5_000_000, cpuMs: 1.5, event: '"ö"' },
    }),
  );
});
