/** The container backend: one container per instance, all of a session labelled and removed with it. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { LogLine } from '../../../model/invocation.ts';
import type { Clock, Ids } from '../../../model/platform.ts';
import type { Backend, InstanceExit, InstanceSpec, Placement } from '../../../model/runtime.ts';
import { SlsError } from '../../../std/errors.ts';
import { thisProcess } from '../../../std/process-identity.ts';
import { execWrapperOf } from '../../exec-wrapper.ts';
import type { ImageChooser } from '../../images/choose-image.ts';
import { extensionsOf } from '../../layer-extensions.ts';
import { openMemoryFolder, type SessionFolder } from '../../session-folder.ts';
import { makeConnection } from './connection.ts';
import { type BindMount, type ContainerPlan, type Engine, EngineError, type EngineFacts } from './engine.ts';
import { ENGINE_GONE } from './exit-status.ts';
import { makeHolderFile } from './holder-file.ts';
import { environmentOfImage, programOfImage } from './image-program.ts';
import { type CodeFolders, mountsOfInstance } from './instance-mounts.ts';
import { isLeftover, labelsOfInstance, labelsOfOwner, type Owner, SESSION_LABEL } from './labels.ts';
import { bringsExtensions, makeOptFolders } from './layers.ts';
import { openLinkedFolders } from './linked-folders.ts';
import { isAddressOfThisMachine, placementOf } from './placement.ts';
import { makePreparedCode } from './prepared-code.ts';
import { makeProgramCheck } from './program-check.ts';
import { makeSharedNetwork } from './shared-network.ts';
import { explainStartFailure, isNetworkGone } from './start-failure.ts';
import { type StartedContainer, startContainer } from './start-instance.ts';

export interface DockerBackendOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  /** The session's folder; see `openSessionFolder`. */
  readonly folder: string;
  /** The environment the engine is looked for with: DOCKER_HOST, DOCKER_CONTEXT, XDG_RUNTIME_DIR, … */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  /** Absolute folders instances see read-only at the same path: the project, and the workspace around it. */
  readonly folders: readonly string[];
  /** File that keeps for later sessions which folders outside of these functions read; absent = they are learnt in each. */
  readonly linkedFolders?: string;
  readonly images: ImageChooser;
  /** Something the user should see once. */
  readonly notice: (message: string) => void;
  /** `shared` (default): instances share one network namespace and start in half the time. `own`: each has its own. */
  readonly network?: 'shared' | 'own';
  /** `all` (default): instances use what the machine has. `by-memory`: one core per 1,769 MB, as in the cloud. */
  readonly cpu?: 'all' | 'by-memory';
  /** Size of /tmp where the function does not say; what is in it counts as memory of the instance. */
  readonly tmpMb?: number;
}

type OnLog = (line: LogLine) => void;

const MB = 1024 * 1024;
const MEMORY_MB_OF_ONE_CORE = 1769;
/** The cloud's limit on processes and threads of one instance. */
const PIDS_LIMIT = 1024;
const DEFAULT_TMP_MB = 512;
/** By which extensions name the address they take telemetry at. */
const INSTANCE_NAME = 'sandbox.localdomain';

export function makeDockerBackend(options: DockerBackendOptions): Backend {
  const { clock, images, notice } = options;
  const owner: Owner = { ...thisProcess(), host: hostname(), sessionId: options.ids.hex(8) };
  const connection = makeConnection(options);
  const optFolders = makeOptFolders(join(options.folder, 'layers'));
  const network = makeSharedNetwork(
    () => `sls-local-network-${options.ids.hex(4)}`,
    labelsOfOwner(owner),
    notice,
  );
  const programs = makeProgramCheck();
  const holderFor = makeHolderFile(options.folder);
  const removals = new Set<Promise<void>>();
  const starting = new Set<Promise<unknown>>();
  const linked = openLinkedFolders(options.linkedFolders);
  const scratch = makeScratch(options);
  /** Listeners are bound by it: it stays what it was even when the engine is restarted. */
  let placed: Promise<Placement> | undefined;
  let used = false;
  let closed = false;

  /** Off the hot path; a removal that fails is made up for by `close` or a later session's sweep. */
  const removeLater = (engine: Engine, id: string) => {
    const removal = engine.remove(id).catch(() => {});
    removals.add(removal);
    void removal.then(() => removals.delete(removal));
  };

  const planFor = async (engine: Engine, spec: InstanceSpec, code?: CodeFolders): Promise<ContainerPlan> => {
    const { fn, instanceId } = spec;
    const [image, facts, optDir] = await Promise.all([
      images.imageFor(engine, fn, spec.artifact.id),
      engine.facts(),
      optFolders.folderFor(fn.layers, editionOf(spec)),
    ]);
    const own = fn.image === undefined ? undefined : await engine.inspectImage(image);
    const ownNetwork = options.network === 'own' || bringsExtensions(fn.layers);
    const command = spec.command && wrapped(spec.command, spec);
    const holder = command && extensionsOf(fn.layers).length > 0 ? holderFor(facts.architecture) : undefined;
    return {
      name: `sls-local-${nameFor(spec).replace(/[^a-zA-Z0-9_.-]/g, '-')}-${instanceId}`,
      image,
      labels: labelsOfInstance(owner, nameFor(spec), instanceId),
      env: own ? environmentOfImage(spec, own) : spec.env,
      ...(command && programOf(command, spec, holder)),
      ...(own ? programOfImage(spec, own) : { workingDir: '/var/task' }),
      user: userFor(facts),
      mounts: [...mountsOfInstance(spec, options.folders, optDir, code), ...(holder ? [asItIs(holder)] : [])],
      memoryBytes: fn.memoryMb * MB,
      ...(options.cpu === 'by-memory' && { cpus: fn.memoryMb / MEMORY_MB_OF_ONE_CORE }),
      pidsLimit: PIDS_LIMIT,
      init: true,
      tmpBytes: (fn.tmpMb ?? options.tmpMb ?? DEFAULT_TMP_MB) * MB,
      ...(ownNetwork && { hostname: INSTANCE_NAME }),
      network: ownNetwork ? { kind: 'bridge' } : await network.join(engine),
    };
  };

  const startIn = async (engine: Engine, spec: InstanceSpec, onLog: OnLog, code?: CodeFolders) => {
    const plan = await planFor(engine, spec, code);
    const how = { clock, onLog, programs };
    try {
      return await startContainer(engine, plan, how);
    } catch (failure) {
      if (plan.network.kind !== 'of-container' || !isNetworkGone(failure)) throw failure;
      network.forget();
      return startContainer(engine, { ...plan, network: await network.join(engine) }, how);
    }
  };

  /** An engine that was restarted has closed our connections: what fails on one of those is tried on a new one. */
  const startAgainIfGone = async (spec: InstanceSpec, onLog: OnLog, code?: CodeFolders) => {
    const engine = await connection.engine();
    used = true;
    try {
      return { engine, started: await startIn(engine, spec, onLog, code) };
    } catch (failure) {
      if (!(failure instanceof EngineError) || !failure.gone) throw failure;
      connection.drop();
      network.forget();
      const found = await connection.engine();
      return { engine: found, started: await startIn(found, spec, onLog, code) };
    }
  };

  /** The shared network is made while the session gets ready, not when the first event waits. */
  const warmUp = (engine: Engine) => {
    if (closed) return;
    used = true;
    const joining = network.join(engine).catch(() => {});
    starting.add(joining);
    void joining.then(() => starting.delete(joining));
  };

  const clearUp = (engine: Engine, id: string, { lost }: InstanceExit) => {
    if (lost !== ENGINE_GONE) return removeLater(engine, id);
    connection.drop();
    network.forget();
  };

  const assertOpen = () => {
    if (closed) throw new SlsError('session-over', 'the session is over: no instance is started any more');
  };

  const startInstance = async (
    spec: InstanceSpec,
    onLog: OnLog,
    code?: CodeFolders,
  ): Promise<StartedContainer> => {
    assertOpen();
    const start = startAgainIfGone(spec, onLog, code);
    starting.add(start);
    try {
      const { engine, started } = await start;
      void started.ended.then((exit) => clearUp(engine, started.id, exit));
      return started;
    } catch (failure) {
      throw explainStartFailure(failure, spec.fn.id, spec.fn.place);
    } finally {
      starting.delete(start);
    }
  };

  const removeAll = async (engine: Engine, wanted: (labels: Readonly<Record<string, string>>) => boolean) => {
    const ours = (await engine.list(SESSION_LABEL)).filter(({ labels }) => wanted(labels));
    await Promise.all(ours.map(({ id }) => engine.remove(id)));
    return ours.length;
  };

  return {
    name: 'docker',
    async usable() {
      const search = await connection.search();
      return search.status === 'found' ? true : { reason: search.reason };
    },
    async placement() {
      const engine = await connection.engine();
      const facts = await engine.facts();
      if (options.network !== 'own') warmUp(engine);
      placed ??= placementOf(facts, isAddressOfThisMachine);
      return placed;
    },
    start: (spec, onLog) => startInstance(spec, onLog),
    preparedServes: 'either',
    memoryAtBoot,
    async prepare(spec, onLog) {
      const { sameKernel } = await (await connection.engine()).facts();
      assertOpen();
      const code = makePreparedCode(spec, options.folders, scratch.path(sameKernel), linked);
      const memoryMb = spec.artifact.dir === '' ? memoryAtBoot(spec.fn.memoryMb) : spec.fn.memoryMb;
      try {
        const handle = await startInstance({ ...spec, fn: { ...spec.fn, memoryMb } }, onLog, code);
        void handle.ended.then(code.remove);
        return {
          ...handle,
          isSlow: true,
          fits(artifact, fn) {
            // What several layers bring together was copied when it started.
            if (fn.layers.length > 1 && spec.artifact.renewal?.edition !== artifact.renewal?.edition)
              return false;
            return code.fits(artifact);
          },
          provide(artifact, fn) {
            code.provide(artifact);
            if (fn.memoryMb !== memoryMb) handle.limitMemory(fn.memoryMb * MB);
          },
        };
      } catch (failure) {
        linked.clear();
        code.remove();
        throw failure;
      }
    },
    findImage: async (name) => images.find(await connection.engine(), name),
    async sweep() {
      const engine = await connection.engine();
      return removeAll(engine, (labels) => isLeftover(labels, owner.host));
    },
    async close() {
      closed = true;
      await Promise.allSettled(starting);
      await optFolders.close();
      scratch.close();
      // One that was dropped may be back by now, with containers of ours in it.
      const engine = await (used ? connection.engine() : connection.current)?.catch(() => undefined);
      if (!engine) return;
      await removeAll(engine, (labels) => labels[SESSION_LABEL] === owner.sessionId).catch(() => 0);
      await Promise.all(removals);
    },
  };
}

/** Where instances have their folders of links to their code, which are made within an event: in memory where the engine sees that of this machine. */
function makeScratch({ folder, ids }: DockerBackendOptions) {
  let memory: SessionFolder | undefined;
  return {
    path(sameKernel: boolean): string {
      if (sameKernel) memory ??= openMemoryFolder(ids);
      return memory?.path ?? join(folder, 'tasks');
    },
    close: () => memory?.close(),
  };
}

/**
 * V8 sizes its heap by the container's limit when it boots, and makes it no smaller than for 512 MB: up to that, functions
 * of any memory can share what was booted.
 */
function memoryAtBoot(memoryMb: number): number {
  return Math.max(memoryMb, 512);
}

/** Files of the project are to be readable, files written to mounted folders to belong to the user. */
function userFor({ rootless }: EngineFacts): string {
  return rootless ? '0:0' : `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
}

/** What is prepared for a runtime belongs to no function yet. */
function nameFor({ artifact, fn }: InstanceSpec): string {
  return artifact.dir === '' ? `prepared-${fn.runtime}` : fn.id;
}

/** `holder`: the program that keeps a container whose extensions are to outlive their runtime. */
function programOf(
  command: readonly string[],
  { heldBack }: InstanceSpec,
  holder: string | undefined,
): Pick<ContainerPlan, 'command' | 'held'> {
  if (holder === undefined) return { command };
  return { command: [holder], held: { command, waits: heldBack === true } };
}

function asItIs(path: string): BindMount {
  return { source: path, target: path, readOnly: true };
}

/** The shell that chooses between two loaders of .NET, which looks at the variable itself. */
const CHOOSER = 'sh';

/** Changes with what lies in the function's layers. */
function editionOf({ fn, artifact }: InstanceSpec): string {
  return artifact.renewal ? `${fn.id} ${artifact.renewal.edition}` : '';
}

/** Only the runtimes we start ourselves: the provider's images look at the variable too. */
function wrapped(command: readonly string[], spec: InstanceSpec): readonly string[] {
  const [program = ''] = command;
  if (!['node', 'python3', 'ruby', 'java', 'dotnet', CHOOSER].includes(program)) return command;
  const wrapper = execWrapperOf(spec);
  return wrapper && program !== CHOOSER ? [wrapper.path, ...command] : command;
}
