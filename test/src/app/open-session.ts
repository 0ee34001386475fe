/** A session over a project's folder, as `dev` opens it. */
import { onTestFinished } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/app/options.ts';
import { openSession } from '../../../src/app/session.ts';
import type { Session } from '../../../src/app/session-seam.ts';
import type { DevEvent } from '../../../src/model/events.ts';

export interface OpenedSession {
  readonly session: Session;
  readonly events: DevEvent[];
}

/** Closed when the test ends, unless the test closes it. */
export async function openSessionIn(
  root: string,
  backend: 'docker' | 'process' = 'process',
): Promise<OpenedSession> {
  const events: DevEvent[] = [];
  const session = await openSession({
    root,
    load: { options: {}, parameters: {}, env: {} },
    backend,
    host: '127.0.0.1',
    httpPort: 0,
    awsPort: 0,
    watch: true,
    journal: true,
    eventSources: true,
    limits: DEFAULT_LIMITS,
    emit: (event) => void events.push(event),
  });
  onTestFinished(() => session.close());
  return { session, events };
}
