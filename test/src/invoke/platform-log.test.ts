/** Lambda's own log lines, to the letter. */
import { expect, test } from 'vitest';
import { endLine, failureLine, reportLine, startLine } from '../../../src/invoke/platform-log.ts';
import type { Outcome } from '../../../src/model/invocation.ts';

const id = '8f507cfc-xmpl-4697-b07a-ac58fc914c95';
const ok: Outcome = { status: 'ok', payload: 'null' };
const crash = (exitCode: number | null, signal: string | null = null): Outcome => ({
  status: 'crash',
  phase: 'invoke',
  exitCode,
  signal,
});

test('an event starts and ends', () => {
  expect(startLine(id)).toBe(`START RequestId: ${id} Version: $LATEST`);
  expect(startLine(id, '7')).toBe(`START RequestId: ${id} Version: 7`);
  expect(endLine(id)).toBe(`END RequestId: ${id}`);
});

test('the report of a cold start bills its init phase', () => {
  const memory = { memoryMb: 128, memoryPeakBytes: 57.2 * 2 ** 20 };
  expect(reportLine({ requestId: id, handlerMs: 15.739, initMs: 130.4, ...memory, outcome: ok })).toBe(
    `REPORT RequestId: ${id}\tDuration: 15.74 ms\tBilled Duration: 147 ms\tMemory Size: 128 MB\tMax Memory Used: 58 MB\tInit Duration: 130.40 ms\t`,
  );
});

test('CPU time comes behind all that the cloud writes', () => {
  const outcome: Outcome = { status: 'timeout', afterMs: 3000 };
  expect(reportLine({ requestId: id, handlerMs: 3000, memoryMb: 128, cpuMs: 12.3, outcome })).toBe(
    `REPORT RequestId: ${id}\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\tStatus: timeout\tCPU Time: 12.30 ms\t`,
  );
});

test('the report of a warm event has no init phase', () => {
  expect(reportLine({ requestId: id, handlerMs: 0.2, memoryMb: 128, memoryPeakBytes: 1, outcome: ok })).toBe(
    `REPORT RequestId: ${id}\tDuration: 0.20 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\tMax Memory Used: 1 MB\t`,
  );
});

test('an event that is out of time is billed to its timeout, not to the end of its instance', () => {
  const outcome: Outcome = { status: 'timeout', afterMs: 1000 };
  const line = reportLine({ requestId: id, handlerMs: 1006.2, initMs: 9.7, memoryMb: 128, outcome });
  expect(line).toContain('\tDuration: 1000.00 ms\tBilled Duration: 1010 ms\t');
});

test('a timeout is told with its time', () => {
  const outcome: Outcome = { status: 'timeout', afterMs: 3000 };
  expect(failureLine(id, outcome, Date.UTC(2026, 10, 21))).toBe(
    `2026-11-21T00:00:00.000Z ${id} Task timed out after 3.00 seconds`,
  );
  expect(reportLine({ requestId: id, handlerMs: 3000, memoryMb: 128, outcome })).toContain(
    '\tStatus: timeout\t',
  );
});

test.each([
  [crash(1), 'Runtime exited with error: exit status 1\nRuntime.ExitError'],
  [crash(0), 'Runtime exited without providing a reason\nRuntime.ExitError'],
  [crash(null, 'SIGSEGV'), 'Runtime exited with error: signal: segmentation fault\nRuntime.ExitError'],
  [crash(null, 'SIGINT'), 'Runtime exited with error: signal: interrupt\nRuntime.ExitError'],
  [
    { status: 'out-of-memory', memoryMb: 128 } as const,
    'Runtime exited with error: signal: killed\nRuntime.OutOfMemory',
  ],
])('a runtime that ended is told with the reason: %o', (outcome, text) => {
  expect(failureLine(id, outcome, 0)).toBe(`RequestId: ${id} Error: ${text}`);
});

test('what the function itself answered is not told again', () => {
  expect(failureLine(id, ok, 0)).toBeUndefined();
  expect(
    failureLine(id, { status: 'error', phase: 'invoke', error: { errorType: 'E', errorMessage: '' } }, 0),
  ).toBeUndefined();
});
