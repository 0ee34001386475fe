import { expect, test } from 'vitest';
import { makeTraceTree, type Span } from '../../../src/trace/tree.ts';
import { callOf, rowOf, runningRow, T0 } from './records.ts';

const traceId = rowOf('1', 0).traceId;
const span = (name: string) => name.padStart(16, '0');

/** `create(PutItem,SendMessage(worker))`. */
function shape(spans: readonly Span[]): string {
  return spans
    .map((one) => {
      const name = one.kind === 'call' ? one.call.operation : one.record.functionId;
      return one.children.length === 0 ? name : `${name}(${shape(one.children)})`;
    })
    .join(',');
}

test('calls hang below their invocation, and what a call set off below the call, with the time it waited', () => {
  const rows = [
    rowOf('2', 50, { functionId: 'worker', parentId: span('c2'), endedAt: T0 + 80 }),
    rowOf('1', 0, {
      endedAt: T0 + 40,
      calls: [callOf('c1', 5, 3), callOf('c2', 10, 4, { operation: 'SendMessage' })],
    }),
  ];
  const tree = makeTraceTree(rows, traceId);
  expect(shape(tree?.roots ?? [])).toBe('create(PutItem,SendMessage(worker))');
  expect(tree).toMatchObject({ startedAt: T0, endedAt: T0 + 80, invocations: 2, calls: 2 });
  const worker = tree?.roots[0]?.children[1]?.children[0];
  expect(worker).toMatchObject({ kind: 'invocation', waitMs: 36, linked: false });
});

test('an invocation caused without a call hangs below the invocation itself; children are in order of start', () => {
  const rows = [
    rowOf('1', 0, { calls: [callOf('c1', 30, 1)] }),
    rowOf('2', 20, { functionId: 'direct', parentId: span('1') }),
  ];
  expect(shape(makeTraceTree(rows, traceId)?.roots ?? [])).toBe('create(direct,PutItem)');
});

test('a row whose parent is unknown or itself is a root of its own', () => {
  const rows = [
    rowOf('1', 0, { parentId: span('zz') }),
    rowOf('2', 5, { functionId: 'b', parentId: span('2') }),
  ];
  expect(shape(makeTraceTree(rows, traceId)?.roots ?? [])).toBe('create,b');
});

test('a row of another trace hangs below the span its link names and says so', () => {
  const rows = [
    rowOf('1', 0, { calls: [callOf('c1', 5, 3)] }),
    rowOf('2', 20, {
      functionId: 'batch',
      traceId: '1-69571a25-0000000000000000000000ff',
      links: [{ traceId, parentId: span('c1') }],
    }),
  ];
  const tree = makeTraceTree(rows, traceId);
  expect(shape(tree?.roots ?? [])).toBe('create(PutItem(batch))');
  expect(tree?.roots[0]?.children[0]?.children[0]).toMatchObject({ linked: true });
});

test('what runs still lasts to the end of the trace', () => {
  const rows = [runningRow('1', 0, { calls: [callOf('c1', 5, 95)] })];
  expect(makeTraceTree(rows, traceId)).toMatchObject({ endedAt: T0 + 100, roots: [{ endedAt: T0 + 100 }] });
});

test('no rows, no tree', () => {
  expect(makeTraceTree([], traceId)).toBeUndefined();
});

test('five thousand spans are put together quickly', () => {
  const calls = Array.from({ length: 50 }, (_, i) => callOf(`c${i}`, i, 1));
  const rows = Array.from({ length: 100 }, (_, i) =>
    rowOf(String(i), i, {
      calls: calls.map((call) => ({ ...call, spanId: `${i}-${call.spanId}` })),
      ...(i === 0 ? {} : { parentId: `${i - 1}-${span('c0')}` }),
    }),
  );
  const startedAt = performance.now();
  expect(makeTraceTree(rows, traceId)).toMatchObject({ invocations: 100, calls: 5000, roots: [{}] });
  expect(performance.now() - startedAt).toBeLessThan(2000);
});
