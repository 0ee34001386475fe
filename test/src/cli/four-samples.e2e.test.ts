import { expect, test } from 'vitest';
import type { InvocationRecord } from '../../../src/model/invocation.ts';
import { ask, copyProject, startDev } from './session-under-test.ts';

const samples = ['shop-serverless', 'shop-sam', 'shop-cdk', 'shop-native'] as const;

/** What a trace is about, without its times and ids. */
function shapeOf(rows: readonly InvocationRecord[]): unknown[] {
  const spans = new Map(
    rows.flatMap((row) => row.calls.map((call) => [call.spanId, `${row.functionId} ${call.operation}`])),
  );
  return rows.map((row) => ({
    function: row.functionId,
    name: row.functionName,
    cause: row.cause.kind,
    parent: spans.get(row.parentId ?? '') ?? null,
    status: row.outcome?.status,
    calls: row.calls.map(({ service, operation, target, status }) => ({
      service,
      operation,
      target,
      status,
    })),
    sameTrace: row.traceId === rows[0]?.traceId,
  }));
}

test('the same shop written four ways gives the same trace', async () => {
  const shapes: Record<string, unknown> = {};
  for (const sample of samples) {
    const copy = copyProject(sample);
    const dev = await startDev(copy.root, ['--backend', 'process']);
    try {
      const answer = await ask(`${dev.ready.http}/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"item":"book"}',
      });
      expect(answer.status, sample).toBe(201);
      const created = await dev.ended((row) => row.functionId === 'CreateOrder');
      const worked = await dev.ended((row) => row.functionId === 'Worker');
      shapes[sample] = shapeOf([created, worked]);
    } finally {
      await dev.stop();
      copy.remove();
    }
  }
  const [first, ...others] = samples;
  for (const other of others) expect(shapes[other], other).toEqual(shapes[first]);
  expect(shapes[first]).toMatchObject([
    { function: 'CreateOrder', cause: 'http', parent: null, status: 'ok' },
    { function: 'Worker', cause: 'queue', parent: 'CreateOrder SendMessage', status: 'ok', sameTrace: true },
  ]);
});
