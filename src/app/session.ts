/** A running project: starts every part in the order below, and stops them in the mirror of it. */
import { startBundler } from '../build/esbuild-builder.ts';
import { problemOf } from '../loaders/problems.ts';
import type { ReadyEvent } from '../model/events.ts';
import type { FunctionSpec } from '../model/project.ts';
import { makeClosers } from '../std/closers.ts';
import { BugError, messageOf, SlsError } from '../std/errors.ts';
import { findImage, sweepLeftovers } from './backend.ts';
import { makeColdStarts } from './cold-starts.ts';
import { endPackage } from './deployed-functions.ts';
import { type Doors, openDoors } from './doors.ts';
import { type Ground, openGround } from './ground.ts';
import type { SessionOptions } from './options.ts';
import { makeRuns } from './runs.ts';
import { openRuntime, type Runtime } from './runtime.ts';
import type { Session } from './session-seam.ts';
import { changedSettings } from './settled-options.ts';
import { openSessionState } from './state-session.ts';
import { makeTimers } from './timers.ts';
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
    const inTurn = makeTurns();
    followProject(ground, runtime, doors, inTurn);
    const deployed = followDeployed(ground, runtime, doors, inTurn);
    for (const fn of ground.current.project.functions) runtime.pool.provision(fn);
    // By now it has been taken, if anything here can use it.
    options.firstRuntime?.end();
    const ready = readyEvent(ground, runtime, doors, performance.now() - startedAt);
    session = makeSession(ground, runtime, deployed, ready);
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
function followProject(ground: Ground, runtime: Runtime, doors: Doors, inTurn: InTurn): void {
  const { options, current, closers, hub, notice } = ground;
  if (!options.watch) return;
  const apply = async () => {
    const before = current.project.functions;
    const { session } = current.own;
    const isNew = await current.reload();
    watch.files(current.sources, current.readAt);
    if (!isNew) return;
    const { project } = current;
    const later = changedSettings(session, project.session, options.flags);
    if (later.length > 0) notice(`dev: ${later.join(', ')} changed: takes effect when dev is started again`);
    putInForce(before, ground, runtime);
    await doors.apply(project);
  };
  // A port that is taken, a queue that cannot be made: the session goes on with what could be applied.
  const explain = (failure: unknown) => {
    if (failure instanceof SlsError) return hub.emit({ type: 'problem', problem: problemOf(failure) });
    const message = `the changed project file could not be applied: ${stackOf(failure)}`;
    hub.emit({ type: 'notice', level: 'error', message });
  };
  const watch = watchProject({
    root: current.project.root,
    onChange: () => {
      inTurn(apply).catch(explain);
    },
    onLimit: notice,
  });
  closers.add(() => watch.close());
  watch.files(current.sources, current.readAt);
}

/** Builds and instances are those of the project as it is now; `before`: its functions until now. */
function putInForce(before: readonly FunctionSpec[], { current }: Ground, { builds, pool }: Runtime): void {
  builds.update(current.project);
  for (const { id } of before) pool.retireStale(id, current.find(id));
  for (const fn of current.project.functions) pool.provision(fn);
}

/** What is deployed through the Lambda API is applied as a changed project file is. Answers doors whose `reload` does so too. */
function followDeployed(ground: Ground, runtime: Runtime, doors: Doors, inTurn: InTurn): Doors {
  const { current, deployed, closers, notice } = ground;
  const { overrides } = deployed.deployments;
  const refresh = () => {
    const before = current.project.functions;
    current.refresh();
    putInForce(before, ground, runtime);
  };
  const follow = () =>
    inTurn(async () => {
      refresh();
      await doors.apply(current.project);
    });
  const stop = runtime.builds.onStale((functionId, cause) => {
    if (cause !== 'files' || !endPackage(overrides, functionId)) return;
    // At once: no event is to run the package any more.
    refresh();
    notice(`${functionId} runs from its source again, which has changed`);
  });
  closers.add(stop);
  deployed.connect({
    follow,
    http: doors.http,
    instancesOf: (functionId) => {
      const up = runtime.pool.snapshot().filter(({ state }) => state === 'idle' || state === 'busy');
      return up.filter((instance) => instance.functionId === functionId).length;
    },
    findImage: (name) => findImage(runtime.backend, name),
    sourceOf: async (functionId) => {
      const { inputs, folders = [] } = await runtime.builds.artifact(functionId);
      return { files: inputs, folders };
    },
  });
  return {
    ...doors,
    reload() {
      doors.reload();
      refresh();
    },
  };
}

type InTurn = (work: () => Promise<void>) => Promise<void>;

/** One change of the project after the other. */
function makeTurns(): InTurn {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    const run = last.then(work);
    last = run.catch(() => {});
    return run;
  };
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
    ...(debug && debug.java.size > 0 && { inspectJava: Object.fromEntries(debug.java) }),
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
    ...makeTimers(doors, () => current.project.functions),
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
