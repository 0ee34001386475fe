/**
 * Tells of functions that write into their own code while they run. Each such write counts as an edit, so that every event
 * pays for a new instance; and the cloud refuses it.
 */
import { relative } from 'node:path';
import type { BuildService } from '../build/build-service.ts';
import type { DevEvent } from '../model/events.ts';
import type { Clock } from '../model/platform.ts';

export interface OwnWritesOptions {
  readonly root: string;
  readonly builds: Pick<BuildService, 'onStale'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly onEvent: (listener: (event: DevEvent) => void) => () => void;
  readonly notice: (message: string) => void;
}

/** Of one file, without a change between events: an edit may meet an event by chance. */
const MOST_BY_CHANCE = 2;
/** A change that is heard so long after the event's end may have been made by it. */
const HEARD_MS = 100;

export function tellOwnWrites({ root, builds, clock, onEvent, notice }: OwnWritesOptions): () => void {
  const running = new Map<string, number>();
  const endedAt = new Map<string, number>();
  const counts = new Map<string, number>();

  const stopEvents = onEvent((event) => {
    if (event.type !== 'invocation') return;
    const { functionId } = event.record;
    const count = running.get(functionId) ?? 0;
    running.set(functionId, Math.max(0, event.status === 'started' ? count + 1 : count - 1));
    if (event.status === 'ended') endedAt.set(functionId, clock.now());
  });

  const ran = (functionId: string) =>
    (running.get(functionId) ?? 0) > 0 || clock.now() - (endedAt.get(functionId) ?? 0) < HEARD_MS;

  const stopStale = builds.onStale((functionId, _cause, path) => {
    if (path === undefined) return;
    const key = `${functionId} ${path}`;
    if (!ran(functionId)) return void counts.delete(key);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count === MOST_BY_CHANCE + 1)
      notice(
        `${functionId}: ${relative(root, path)} changed with every event. If the function writes it: that counts as an edit, ` +
          'so each event gets a new instance, and the cloud does not let code be written. Write to /tmp.',
      );
  });

  return () => {
    stopEvents();
    stopStale();
  };
}
