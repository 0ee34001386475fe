/** The backend for machines without a container engine: each instance is a child process in a process group of its own. */
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogLine } from '../../../model/invocation.ts';
import { LIBRARY_PATH, layerPathOf } from '../../../model/layer-folders.ts';
import type { Clock } from '../../../model/platform.ts';
import type { Backend, InstanceSpec } from '../../../model/runtime.ts';
import { SlsError } from '../../../std/errors.ts';
import { execWrapperOf } from '../../exec-wrapper.ts';
import { withBeside } from './beside.ts';
import { makeEndingExtensions } from './ending-extensions.ts';
import { makeProgramFinder, type Program } from './find-program.ts';
import { type FirstRuntime, takeFirstRuntime } from './first-runtime.ts';
import { openMemoryWatch } from './memory-watch.ts';
import { type ProcessHandle, spawnInstance } from './spawn-instance.ts';
import { sweepDeadSessions } from './sweep.ts';

export interface ProcessBackendOptions {
  /** The session's folder; see `openSessionFolder`. */
  readonly folder: string;
  readonly clock: Clock;
  /** The host's environment: only PATH, HOME, TMPDIR and NODE_EXTRA_CA_CERTS of it reach an instance. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute folder of the project, whose packages may carry a Node.js; default: the working directory. */
  readonly root?: string;
  /** Something the user should see once. */
  readonly notice?: (message: string) => void;
  /** One that was started before all others; it is taken by the first `prepare` it fits. */
  readonly first?: FirstRuntime;
  /** Where session folders are, for `sweep`; default: the system's temporary folder. */
  readonly sessionsIn?: string;
}

export function makeProcessBackend(options: ProcessBackendOptions): Backend {
  const { clock, env, folder } = options;
  const findProgram = makeProgramFinder({
    env,
    root: options.root ?? process.cwd(),
    notice: options.notice ?? (() => {}),
  });
  const notes = join(folder, 'pids');
  const running = new Set<ProcessHandle>();
  let closed = false;
  const ending = makeEndingExtensions();
  const watch = openMemoryWatch();
  mkdirSync(notes, { recursive: true });

  const spawnIn = async (
    cwd: string,
    spec: InstanceSpec,
    onLog: (line: LogLine) => void,
    first?: FirstRuntime,
  ) => {
    const program = await findProgram(spec);
    const args = [...memoryFlags(spec, program), ...program.args];
    const wrapper = program.kind === 'other' ? undefined : execWrapperOf(spec);
    const note = join(notes, spec.instanceId);
    const command = {
      ...(wrapper
        ? { program: wrapper.file, args: [program.file, ...args] }
        : { program: program.file, args }),
      env: environmentOf(spec, program, env),
    };
    const started = first && takeFirstRuntime(first, command);
    const runtime = await spawnInstance({
      ...command,
      cwd,
      note,
      ...(started && { started }),
      heldBack: spec.heldBack === true,
      onLine: (stream, text) => onLog({ at: clock.now(), stream, text }),
    });
    const keep = (started: ProcessHandle) => {
      running.add(started);
      void started.exited.then(() => running.delete(started));
    };
    const handle = withBeside({
      ...{ runtime, clock, note },
      env: hostVariables(env),
      onStart: keep,
      onEnding: (beside) => ending.add(spec.fn.id, beside),
    });
    keep(handle);
    return handle;
  };

  return {
    name: 'process',
    usable: async () => true,
    placement: async () => ({ bindHost: '127.0.0.1', reachHost: '127.0.0.1', unixSockets: true }),
    async start(spec, onLog) {
      await ending.gone(spec.fn.id);
      if (closed) throw new SlsError('closed', 'the session is stopping');
      const handle = await spawnIn(spec.artifact.dir, spec, onLog);
      watch.add(handle, spec.fn.memoryMb);
      return handle;
    },
    preparedServes: 'runtime',
    async prepare(spec, onLog) {
      const env = { ...spec.env, SLS_LOCAL_ELSEWHERE: '1' };
      const handle = await spawnIn(folder, { ...spec, env }, onLog, options.first);
      return {
        ...handle,
        fits: () => true,
        provide: (_artifact, fn) => watch.add(handle, fn.memoryMb),
      };
    },
    sweep: async () => sweepDeadSessions(options.sessionsIn === undefined ? undefined : [options.sessionsIn]),
    async close() {
      closed = true;
      await Promise.all([...running].map((handle) => handle.kill()));
    },
  };
}

/**
 * V8 is told the function's memory where that costs nothing, so that it collects garbage in time; less than 64 MB it is not
 * told: Node itself needs 45. Before Node.js 24 any such flag makes V8 reject its built-in code cache, 7 ms at every start;
 * there only the memory watch limits it, which looks at Linux's figures.
 */
function memoryFlags(spec: InstanceSpec, program: Program): string[] {
  if (program.kind !== 'node' || (program.major < 24 && process.platform === 'linux')) return [];
  return [`--max-old-space-size=${Math.max(64, spec.fn.memoryMb)}`];
}

function environmentOf(
  spec: InstanceSpec,
  program: Program,
  host: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const ours = hostVariables(host);
  const { LD_LIBRARY_PATH: _, ...given }: Record<string, string> = { ...ours, ...spec.env };
  const env: Record<string, string> = { ...given, ...layerPaths(spec, spec.env.PATH ?? ours.PATH) };
  const extraCa = host.NODE_EXTRA_CA_CERTS;
  if (program.kind === 'node' && extraCa !== undefined && env.NODE_EXTRA_CA_CERTS === undefined) {
    // Node before 22 reads the file at every start; our bootstrap reads it when TLS is used.
    env[program.major >= 22 ? 'NODE_EXTRA_CA_CERTS' : 'SLS_LOCAL_EXTRA_CA'] = extraCa;
  }
  return env;
}

function hostVariables(host: Readonly<Record<string, string | undefined>>) {
  return {
    PATH: host.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: host.HOME ?? tmpdir(),
    TMPDIR: tmpdir(),
  };
}

/** A process has no /opt of its own; its runtimes look into the layers' folders, later layers first. */
function layerPaths({ fn: { layers, runtime }, env }: InstanceSpec, path: string): Record<string, string> {
  const ofLayers = (folder: string) => layers.map((layer) => join(layer, folder)).reverse();
  const modules = layerPathOf(runtime);
  const libraries = [...ownOf(env.LD_LIBRARY_PATH, LIBRARY_PATH), ...ofLayers('lib').filter(existsSync)];
  return {
    // Set at all, it makes the loader look there first.
    ...(libraries.length > 0 && { LD_LIBRARY_PATH: libraries.join(':') }),
    ...(layers.length > 0 && { PATH: [path, ...ofLayers('bin')].join(':') }),
    ...(layers.length > 0 &&
      modules && {
        [modules.variable]: [...ownOf(env[modules.variable]), ...modules.folders.flatMap(ofLayers)].join(':'),
      }),
  };
}

/** What the project itself has put there. */
function ownOf(value = '', provided = ''): readonly string[] {
  const foreign = provided.split(':');
  return value
    .split(':')
    .filter((path) => path !== '' && !path.startsWith('/opt/') && !foreign.includes(path));
}
