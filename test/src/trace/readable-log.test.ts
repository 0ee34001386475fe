import { expect, test } from 'vitest';
import type { LogLine } from '../../../src/model/invocation.ts';
import { readableLog } from '../../../src/trace/readable-log.ts';

const line = (text: string | object): LogLine => ({
  at: 0,
  stream: 'stdout',
  text: typeof text === 'string' ? text : JSON.stringify(text),
});
const head = { timestamp: '2026-01-01T00:00:00.000Z', level: 'INFO', requestId: 'r' };

test('a record is its message, with its level', () => {
  expect(readableLog(line({ ...head, message: 'hello' }))).toEqual({ ...line('hello'), level: 'INFO' });
  expect(readableLog(line({ ...head, level: 'WARNING', message: { a: 1 }, service: 'shop' }))).toMatchObject({
    level: 'WARN',
    text: '{"a":1}  service=shop',
  });
});

test('an error’s stack stands below it', () => {
  const stackTrace = ['TypeError: no', '    at handler (/srv/a.js:1:1)'];
  const error = { errorType: 'TypeError', errorMessage: 'no', stackTrace };
  expect(readableLog(line({ ...head, level: 'ERROR', message: error }))).toMatchObject({
    level: 'ERROR',
    text: 'TypeError: no\n    at handler (/srv/a.js:1:1)',
  });
  expect(readableLog(line({ ...head, message: 'it broke', ...error })).text).toBe(
    'it broke\nTypeError: no\n    at handler (/srv/a.js:1:1)',
  );
});

test('what Python says of an error that nobody caught is read too', () => {
  const record = {
    timestamp: 't',
    log_level: 'ERROR',
    errorType: 'ValueError',
    errorMessage: 'no',
    stackTrace: [],
  };
  expect(readableLog(line(record))).toMatchObject({ level: 'ERROR', text: 'ValueError: no' });
});

test('the platform’s records are lines like those of the text format', () => {
  const report = { requestId: 'r', metrics: { durationMs: 1.2, memorySizeMB: 128 }, status: 'success' };
  expect(readableLog(line({ time: 't', type: 'platform.report', record: report }))).toMatchObject({
    stream: 'platform',
    text: 'REPORT RequestId: r  durationMs: 1.2  memorySizeMB: 128  status: success',
  });
});

test.each([
  'plain',
  '{not json}',
  '{"a":1}',
  '{"level":"loud","timestamp":1,"message":"x"}',
  '{"level":"INFO"}',
])('%s stays as it is', (text) => {
  expect(readableLog(line(text))).toEqual(line(text));
});
