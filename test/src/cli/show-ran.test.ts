import { expect, test } from 'vitest';
import { exitCodeOf } from '../../../src/cli/show-ran.ts';
import type { InvocationRecord, Outcome } from '../../../src/model/invocation.ts';

test.each<[number, string, Outcome, string?]>([
  [0, 'answers', { status: 'ok', payload: '1' }, 'i-1'],
  [1, 'runs out of time', { status: 'timeout', afterMs: 3000 }, 'i-1'],
  [1, 'loses its instance', { status: 'unavailable', code: 'instance-lost', reason: 'gone' }, 'i-1'],
  [2, 'cannot be built', { status: 'unavailable', code: 'build-failed', reason: 'a.ts:1:1: no' }],
])('the exit code is %i for a function that %s', (code, _, outcome, instanceId) => {
  const record = { outcome, ...(instanceId === undefined ? {} : { instanceId }) } as InvocationRecord;
  expect(exitCodeOf(record)).toBe(code);
});
