/** Ends an instance that has extensions as the platform does: the runtime first, then the extensions, all within a budget. */
import type { BesideHandle, InstanceHandle, ShutdownReason } from '../../model/runtime.ts';
import type { Extension } from './extension.ts';
import type { Telemetry } from './telemetry.ts';
import { atMost } from './waiters.ts';

export interface ShutDownParts {
  readonly reason: ShutdownReason;
  readonly handle: InstanceHandle;
  readonly extensions: readonly Extension[];
  /** By name. */
  readonly running: ReadonlyMap<string, BesideHandle>;
  readonly telemetry: Telemetry;
}

/** Lambda guide, "Lambda execution environment lifecycle": shutdown phase. */
const BUDGET_MS = { external: 2000, internal: 500 };
const SHARE_OF_RUNTIME = 0.3;
/** What has not been delivered by then holds up nobody's end. */
const FLUSH_MS = 200;

/** Resolves when everybody has ended, or the budget is used up; whoever runs on is to be killed. */
export async function shutDown(parts: ShutDownParts): Promise<void> {
  const budgetMs = parts.extensions.some(({ kind }) => kind === 'external')
    ? BUDGET_MS.external
    : BUDGET_MS.internal;
  const deadlineAt = performance.now() + budgetMs;
  // A container ends with its runtime: there the extensions come first.
  if (parts.handle.beside?.endsWithRuntime) {
    await endExtensions(parts, deadlineAt);
    await endRuntime(parts.handle, deadlineAt - performance.now());
  } else {
    await endRuntime(parts.handle, budgetMs * SHARE_OF_RUNTIME);
    await endExtensions(parts, deadlineAt);
  }
  parts.telemetry.end();
}

async function endRuntime({ beside, exited }: InstanceHandle, patienceMs: number): Promise<void> {
  await beside?.terminateRuntime();
  await atMost(exited, patienceMs);
}

async function endExtensions(
  { extensions, reason, running, telemetry }: ShutDownParts,
  deadlineAt: number,
): Promise<void> {
  await atMost(telemetry.flush(), FLUSH_MS);
  const leftMs = deadlineAt - performance.now();
  const event = JSON.stringify({
    eventType: 'SHUTDOWN',
    shutdownReason: reason,
    deadlineMs: Math.floor(Date.now() + leftMs),
  });
  const told = extensions.filter((extension) => extension.wants('SHUTDOWN'));
  for (const extension of told) extension.tell(event);
  const ends = told.map(({ name }) => running.get(name)?.exited);
  await atMost(Promise.all(ends), leftMs);
}
