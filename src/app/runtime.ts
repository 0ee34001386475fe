/** Puts the runtime together: builds, backend, pool, and the one door with its layers. */
import { makeArchiveBuilder } from '../build/archive-builder.ts';
import { type BuildService, openBuildService } from '../build/build-service.ts';
import { makeCompiledBuilder } from '../build/compiled-builder.ts';
import { makeDeployedBuilder } from '../build/deployed-builder.ts';
import { makeEsbuildBuilder } from '../build/esbuild-builder.ts';
import { makeImageBuilder } from '../build/image-builder.ts';
import { makeSourceBuilder } from '../build/source-builder.ts';
import { makeDirectInvoke } from '../invoke/direct.ts';
import { makeRecursionGuard } from '../invoke/recursion.ts';
import type { Credentials } from '../model/emulator.ts';
import type { Invoke, InvokeRequest } from '../model/invocation.ts';
import { expandQueueUrls } from '../model/project.ts';
import type { Placement } from '../model/runtime.ts';
import { expandStored, type FindStored } from '../model/stored-references.ts';
import type { CallTracer } from '../model/tracing.ts';
import { makeCodeCache } from '../runtime/code-cache.ts';
import { makeFramesContract } from '../runtime/contracts/frames/frames.ts';
import { makeRuntimeApiContract } from '../runtime/contracts/runtime-api/contract.ts';
import { type Environment, makeEnvironment } from '../runtime/environment.ts';
import { openPool } from '../runtime/pool.ts';
import type { Pool } from '../runtime/pool-seam.ts';
import { makeHolds } from '../std/holds.ts';
import { makeRecorder } from '../trace/recorder.ts';
import { type ChosenBackend, openBackend } from './backend.ts';
import type { CurrentProject } from './current-project.ts';
import { openDebugger, type SessionDebugger } from './debugger.ts';
import type { EventHub } from './event-hub.ts';
import type { Ground } from './ground.ts';
import { makeLentCredentials } from './lent-credentials.ts';
import { defaultMemoryBudgetMb } from './options.ts';
import { ownPackageFolders } from './own-packages.ts';
import { tellOwnWrites } from './own-writes.ts';

export interface Runtime {
  readonly builds: BuildService;
  readonly backend: ChosenBackend;
  readonly placement: Placement;
  readonly pool: Pool;
  readonly debug: SessionDebugger | undefined;
  readonly environment: Environment;
  readonly calls: CallTracer;
  readonly credentials: Credentials;
  /** Span of the invocation under way in the instance that was given these credentials. */
  spanOf(accessKeyId: string): string | undefined;
  /** Kills the instance in which this span is under way. */
  endInstanceOf(spanId: string): Promise<void>;
  /** The one door. */
  readonly invoke: Invoke;
  /** Environment values may refer to what this finds. */
  readsStored(find: FindStored): void;
  /** Instances are told this port from now on; nothing may be started before. */
  servesAwsAt(port: number): void;
}

export async function openRuntime(ground: Ground): Promise<Runtime> {
  const { options, clock, ids, hub, current, journal, folder, closers, notice } = ground;
  // Building starts before anything else that takes time, so that the first request finds the code ready.
  const codeInUse = makeHolds();
  const builds = openBuildService({
    builders: [
      makeDeployedBuilder(options.root),
      makeImageBuilder(),
      makeArchiveBuilder({ root: options.root, outDir: ground.state.builds, inUse: codeInUse }),
      makeEsbuildBuilder({
        root: options.root,
        outDir: ground.state.builds,
        inUse: codeInUse,
        provided: ownPackageFolders(),
      }),
      makeCompiledBuilder({ outDir: ground.state.builds, inUse: codeInUse, env: process.env }),
      makeSourceBuilder(),
    ],
    project: current.project,
    clock,
    emit: hub.emit,
    watch: options.watch,
  });
  closers.add(() => builds.close());
  if (options.watch) void builds.buildAll();

  const backend = await openBackend(ground);
  closers.add(() => backend.backend.close());

  let awsPort = 0;
  let stored: FindStored | undefined;
  const missed = new Set<string>();
  const findStored: FindStored = (reference) => {
    // Instances are prepared before the services run; what they see then is asked for again with the first event.
    if (!stored) return undefined;
    const value = stored(reference);
    if (value === undefined && !missed.has(reference)) {
      missed.add(reference);
      notice(`{{resolve:${reference}}} has no value here: functions see the text itself until there is one`);
    }
    return value;
  };
  const environment = makeEnvironment({
    clock,
    region: current.project.region,
    endpoint: (at) => endpointAt(at, awsPort),
    expand: (value, at) =>
      expandStored(
        expandQueueUrls(value, (queue) => `${endpointAt(at, awsPort)}/${current.project.accountId}/${queue}`),
        findStored,
      ),
    notice,
  });

  const debug = await openDebugger(ground);
  const pool = openPool({
    backend: backend.backend,
    contracts: [
      makeFramesContract({
        folder,
        clock,
        ids,
        ...(options.codeCache === 'off' || options.cold === 'faithful' ? {} : { codeCache: makeCodeCache() }),
      }),
      makeRuntimeApiContract({ clock, ids }),
    ],
    artifacts: builds,
    codeInUse,
    environment,
    clock,
    ids,
    limits: { memoryMb: defaultMemoryBudgetMb(), ...options.limits },
    cold: options.cold ?? 'fast',
    freeze: options.freeze ?? true,
    ...(options.timeoutMode && { timeoutMode: options.timeoutMode }),
    emit: hub.emit,
    ...(debug ? { onDebugTarget: debug.onTarget, onJavaTarget: debug.onJavaTarget } : {}),
  });
  closers.add(() => pool.close());
  closers.add(keepWarm(builds, pool, hub, current));
  if (options.watch) {
    closers.add(keepPrepared(pool, hub, current));
    closers.add(tellOwnWrites({ root: options.root, builds, clock, onEvent: hub.on, notice }));
  }
  const [first] = current.project.functions;
  if (first) pool.prepareAhead(first);

  const lent = makeLentCredentials();
  const instanceOf = (accessKeyId: string) => environment.instanceOf(lent.ownerOf(accessKeyId));
  const running = makeRunningSpans(instanceOf, hub);
  const recorder = makeRecorder({
    spanOf: running.spanOf,
    journal,
    clock,
    ids,
    functions: () => current.project.functions,
    emit: hub.emit,
    enabled: options.journal,
  });
  const direct = makeDirectInvoke({
    pool,
    functionById: current.find,
    clock,
    onDelivery: running.onDelivery,
    onLog: (request, line) =>
      hub.emit({ type: 'log', functionId: request.functionId, id: request.recordId, line }),
  });
  return {
    builds,
    backend,
    placement: await backend.backend.placement(),
    pool,
    debug,
    environment,
    calls: recorder.calls,
    credentials: {
      lend: lent.lend,
      functionOf(accessKeyId) {
        const instanceId = instanceOf(accessKeyId);
        const instance = pool.snapshot().find((one) => one.instanceId === instanceId);
        return instance && current.find(instance.functionId);
      },
    },
    spanOf: running.spanOf,
    async endInstanceOf(spanId) {
      const instanceId = running.instanceOf(spanId);
      if (instanceId !== undefined) await pool.kill(instanceId);
    },
    invoke: recorder.layer(makeRecursionGuard({ functionById: current.find, notice })(direct)),
    readsStored: (find) => {
      stored = find;
    },
    servesAwsAt: (port) => {
      awsPort = port;
    },
  };
}

/** After a rebuild the next instance starts at once where one was in use, so that the first request after a save is warm. */
function keepWarm(builds: BuildService, pool: Pool, hub: EventHub, current: CurrentProject): () => void {
  const used = new Set<string>();
  const stopStale = builds.onStale((functionId) => {
    if (pool.snapshot().some((instance) => instance.functionId === functionId)) used.add(functionId);
  });
  const stopEvents = hub.on((event) => {
    if (event.type !== 'build' || event.status !== 'ok' || !used.delete(event.functionId)) return;
    const fn = current.find(event.functionId);
    pool.retireStale(event.functionId, fn);
    if (fn) pool.warm(fn);
  });
  return () => {
    stopStale();
    stopEvents();
  };
}

/** What is in use is likely to be edited: its next build then finds an instance that runs already. */
function keepPrepared(pool: Pool, hub: EventHub, current: CurrentProject): () => void {
  return hub.on((event) => {
    if (event.type !== 'instance' || event.status !== 'ready') return;
    const fn = current.find(event.functionId);
    if (fn) pool.prepare(fn);
  });
}

/** Which invocation runs in which instance: whose calls they are that carry no trace header but the instance's credentials. */
function makeRunningSpans(instanceOf: Environment['instanceOf'], hub: EventHub) {
  const spans = new Map<string, string>();
  hub.on((event) => {
    if (event.type === 'instance' && event.status === 'gone') spans.delete(event.instanceId);
  });
  return {
    onDelivery: ({ spanId }: InvokeRequest, instanceId: string) => void spans.set(instanceId, spanId),
    spanOf: (accessKeyId: string) => spans.get(instanceOf(accessKeyId) ?? ''),
    instanceOf(spanId: string) {
      for (const [instanceId, span] of spans) if (span === spanId) return instanceId;
      return undefined;
    },
  };
}

/** `http://172.17.0.1:4566`: the endpoint as an instance at this placement reaches it. */
function endpointAt(placement: Placement, awsPort: number): string {
  return `http://${placement.reachHost}:${awsPort}`;
}
