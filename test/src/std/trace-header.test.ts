import { expect, test } from 'vitest';
import { formatTraceHeader, parseTraceHeader, parseTraceparent } from '../../../src/std/trace-header.ts';

const traceId = '1-65944a00-0123456789abcdef01234567';
const parentId = '0123456789abcdef';

test('an X-Ray header is read in any order, with blanks and fields of other kinds', () => {
  expect(parseTraceHeader(`Root=${traceId};Parent=${parentId};Sampled=1`)).toEqual({ traceId, parentId });
  expect(parseTraceHeader(`Lineage=1:a:0; Parent=${parentId}; Root=${traceId}`)).toEqual({
    traceId,
    parentId,
  });
  expect(parseTraceHeader(`Root=${traceId}`)).toEqual({ traceId });
  expect(parseTraceHeader(`Root=${traceId};Parent=short`)).toEqual({ traceId });
});

test.each(['', 'nonsense', 'Root=1-xyz-1', `Parent=${parentId}`, `Self=${traceId}`])(
  '%j has no trace',
  (header) => {
    expect(parseTraceHeader(header)).toBeUndefined();
  },
);

test('a traceparent is brought to the X-Ray form', () => {
  expect(parseTraceparent('00-65944a000123456789abcdef01234567-0123456789abcdef-01')).toEqual({
    traceId,
    parentId,
  });
  expect(parseTraceparent('00-65944a000123456789abcdef01234567-0000000000000000-00')).toEqual({ traceId });
  expect(parseTraceparent('65944a00')).toBeUndefined();
});

test('what is written is read back', () => {
  for (const context of [{ traceId }, { traceId, parentId }])
    expect(parseTraceHeader(formatTraceHeader(context))).toEqual(context);
});
