/** A running project: starts every part in the order below, and stops them in the mirror of it. */
import { startBundler } from '../build/esbuild-builder.ts';
import { problemOf } from '../loaders/problems.ts';
import type { ReadyEvent } from '../model/events.ts';
import { makeClosers } from '../std/closers.ts';
import { BugError, messageOf, SlsError } from '../std/errors.ts';
import { sweepLeftovers } from './backend.ts';
import { makeColdStarts } from './cold-starts.ts';
import { type Doors, openDoors } from './doors.ts';
import { type Ground, openGround } from './ground.ts';
import type { SessionOptions } from './options.ts';
import { makeRuns } from './runs.ts';
import { openRuntime, type Runtime } from './runtime.ts';
import type { Session } from './session-seam.ts';
import { openSessionState } from './state-session.ts';
import { watchProject } from './watch-project.ts';

/** Throws `SlsError` when the project cannot be read, a port is taken, or another session owns the folder. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const startedAt = performance.now();
  startBundler();
  const closers = makeClosers();
  let session: Session | undefined;
  const openedSession = () => {
    if (!session) throw new BugError('the session was asked before it was open');
    return session;
  };
  try {
    const ground = await openGround(options, closers);
    const runtime = await openRuntime(ground);
    const doors = await openDoors(ground, runtime, openedSession);
    followProject(ground, runtime, doors);
    const ready = readyEvent(ground, runtime, doors, performance.now() - startedAt);
    session = makeSession(ground, runtime, doors, ready);
    ground.state.announce(ready);
    ground.hub.emit(ready);
    sweepLeftovers(runtime.backend).catch((failure: unknown) =>
      ground.notice(`what a killed session left behind was not removed: ${messageOf(failure)}`),
    );
    return session;
  } catch (failure) {
    await closers.close().catch(() => {});
    throw failure;
  }
}

/** A changed project file is applied without a restart; data stays. */
function followProject(ground: Ground, { builds, pool }: Runtime, doors: Doors): void {
  const { options, current, closers, hub, notice } = ground;
  if (!options.watch) return;
  let applying = Promise.resolve();
  const apply = async () => {
    const before = current.project.functions;
    if (!(await current.reload())) return;
    const { project } = current;
    builds.update(project);
    for (const { id } of before) pool.retireStale(id, current.find(id));
    watch.files(project.sources, current.readAt);
    await doors.apply(project);
  };
  // A port that is taken, a queue that cannot be made: the session goes on with what could be applied.
  const explain = (failure: unknown) => {
    if (failure instanceof SlsError) return hub.emit({ type: 'problem', problem: problemOf(failure) });
    const message = `the changed project file could not be applied: ${stackOf(failure)}`;
    hub.emit({ type: 'notice', level: 'error', message });
  };
  const watch = watchProject({
    onChange: () => {
      applying = applying.then(apply).catch(explain);
    },
    onFailure: (failure) => notice(`changes of the project file will not be seen: ${messageOf(failure)}`),
  });
  closers.add(() => watch.close());
  watch.files(current.project.sources, current.readAt);
}

function readyEvent(
  { current }: Ground,
  { backend, debug }: Runtime,
  doors: Doors,
  elapsedMs: number,
): ReadyEvent {
  return {
    type: 'ready',
    http: doors.http(),
    aws: doors.aws,
    backend: backend.backend.name,
    ...(backend.reason === undefined ? {} : { backendReason: backend.reason }),
    ...(debug === undefined ? {} : { inspect: debug.address }),
    pid: process.pid,
    elapsedMs,
    functions: current.project.functions.map(({ id }) => id),
  };
}

function makeSession(ground: Ground, runtime: Runtime, doors: Doors, ready: ReadyEvent): Session {
  const { hub, current, journal, closers } = ground;
  return {
    status: () => ({ ready: { ...ready, http: doors.http() }, instances: runtime.pool.snapshot() }),
    project: () => current.project,
    onEvent: hub.on,
    ...makeRuns(ground, runtime),
    ...makeColdStarts(ground, runtime),
    trace: (id) => journal.byTrace(journal.get(id)?.traceId ?? ''),
    schedules: () => doors.scheduler.list(),
    fire: (name) => doors.scheduler.fire(name),
    time: ground.time,
    state: openSessionState(ground, doors),
    close: async () => {
      hub.emit({ type: 'stopping' });
      await closers.close();
    },
  };
}

function stackOf(failure: unknown): string {
  return failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
}
