import { expect, test } from 'vitest';
import type { Report } from '../../../src/invoke/platform-log.ts';
import { systemLogOf } from '../../../src/invoke/system-log.ts';
import type { Outcome } from '../../../src/model/invocation.ts';
import type { LoggingSettings } from '../../../src/model/project.ts';
import { makeFunction } from '../../emulators/world.ts';

const reportOf = (outcome: Outcome, more: Partial<Report> = {}): Report => ({
  requestId: 'r',
  handlerMs: 1.23456,
  memoryMb: 128,
  outcome,
  ...more,
});
const ok: Outcome = { status: 'ok', payload: '1' };
const endOf = (settings: Omit<LoggingSettings, 'format'>, report: Report) =>
  systemLogOf(makeFunction({ logging: { format: 'JSON', ...settings } }))
    .end(report, 0)
    .map((text) => JSON.parse(text) as { type: string; record: unknown });

test('without settings the lines are text', () => {
  const log = systemLogOf(makeFunction());
  expect(log.start('r', 0)).toEqual(['START RequestId: r Version: $LATEST']);
  expect(log.end(reportOf({ status: 'timeout', afterMs: 3000 }), 0)).toEqual([
    '1970-01-01T00:00:00.000Z r Task timed out after 3.00 seconds',
    'END RequestId: r',
    expect.stringContaining('REPORT RequestId: r'),
  ]);
});

test('in JSON START and REPORT are records, and END is none', () => {
  const log = systemLogOf(makeFunction({ logging: { format: 'JSON' } }));
  expect(log.start('r', 0)).toEqual([
    '{"time":"1970-01-01T00:00:00.000Z","type":"platform.start","record":{"requestId":"r","version":"$LATEST"}}',
  ]);
  expect(endOf({}, reportOf(ok, { initMs: 100, memoryPeakBytes: 2 ** 20 * 50, cpuMs: 1.23456 }))).toEqual([
    {
      time: '1970-01-01T00:00:00.000Z',
      type: 'platform.report',
      record: {
        requestId: 'r',
        metrics: {
          durationMs: 1.235,
          billedDurationMs: 102,
          memorySizeMB: 128,
          maxMemoryUsedMB: 50,
          initDurationMs: 100,
          cpuTimeMs: 1.235,
        },
        status: 'success',
      },
    },
  ]);
});

test('the level decides what is written, and what failed is a warning', () => {
  const types = (level: LoggingSettings['systemLevel'], outcome: Outcome) =>
    endOf(level ? { systemLevel: level } : {}, reportOf(outcome)).map(({ type }) => type);
  expect(types('DEBUG', ok)).toEqual(['platform.runtimeDone', 'platform.report']);
  expect(types('WARN', ok)).toEqual([]);
  expect(types('WARN', { status: 'timeout', afterMs: 1 })).toEqual([
    'platform.runtimeDone',
    'platform.report',
  ]);
  expect(
    systemLogOf(makeFunction({ logging: { format: 'JSON', systemLevel: 'WARN' } })).start('r', 0),
  ).toEqual([]);
});

test.each<[Outcome, object]>([
  [{ status: 'timeout', afterMs: 1 }, { status: 'timeout' }],
  [
    { status: 'error', phase: 'invoke', error: { errorType: 'TypeError', errorMessage: 'x' } },
    { status: 'error', errorType: 'TypeError' },
  ],
  [
    { status: 'crash', phase: 'invoke', exitCode: 1, signal: null },
    { status: 'error', errorType: 'Runtime.ExitError' },
  ],
])('the report of %j says so', (outcome, status) => {
  expect(endOf({}, reportOf(outcome)).at(-1)?.record).toMatchObject(status);
});
