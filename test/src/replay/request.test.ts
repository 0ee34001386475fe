import { expect, test } from 'vitest';
import type { InvocationRecord } from '../../../src/model/invocation.ts';
import { replayRequest } from '../../../src/replay/request.ts';

const record: InvocationRecord = {
  id: '19b7cc3a0c8000000aa',
  requestId: '00000000-0000-4000-8000-0000000000aa',
  attempt: 3,
  traceId: '1-69571a25-000000000000000000000001',
  spanId: '00000000000000aa',
  parentId: '00000000000000bb',
  functionId: 'create',
  functionName: 'shop-dev-create',
  cause: { kind: 'queue', queue: 'orders', messageIds: ['m'] },
  event: '{"n":12345678901234567890}',
  clientContext: '{"c":1}',
  startedAt: 1,
  memoryMb: 128,
  logs: [],
  calls: [],
};

test('the recorded event goes out again letter by letter, in a new trace linked to the old one', () => {
  expect(replayRequest(record)).toEqual({
    functionId: 'create',
    event: '{"n":12345678901234567890}',
    cause: { kind: 'replay', of: record.id },
    links: [{ traceId: record.traceId, parentId: record.spanId }],
    clientContext: '{"c":1}',
  });
});

test('event and function can be exchanged', () => {
  expect(replayRequest(record, { event: '{"a":1}', functionId: 'other' })).toMatchObject({
    event: '{"a":1}',
    functionId: 'other',
  });
});

test('an event that is not JSON is refused', () => {
  expect(() => replayRequest(record, { event: '{a:1}' })).toThrow(
    expect.objectContaining({ code: 'event-not-json' }),
  );
});
