/** The fast contract: our own bootstrap in the instance, frames over one persistent socket. */
import { join } from 'node:path';
import type { Clock, Ids } from '../../../model/platform.ts';
import { isProgramHandler } from '../../../model/program-handler.ts';
import type { FunctionSpec } from '../../../model/project.ts';
import type {
  Artifact,
  Contract,
  ContractOptions,
  ContractSetup,
  Placement,
} from '../../../model/runtime.ts';
import { bootstrapFolder } from '../../bootstrap-folder.ts';
import type { CodeCache } from '../../code-cache.ts';
import { asksForExtensions } from '../../extensions/asks-for-extensions.ts';
import { serveExtensions } from '../../extensions/serve-extensions.ts';
import { openListener } from './listener.ts';
import { makeLine } from './session.ts';

export interface FramesOptions {
  /** The session's folder of sockets; see `openSessionFolder`. */
  readonly folder: string;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Absent = every instance compiles its code anew. */
  readonly codeCache?: CodeCache;
  /** Instances tell what of their import took how long, in `InitResult.imports`. */
  readonly measured?: true;
}

export function makeFramesContract(given: FramesOptions): Contract {
  const { folder, clock, ids, codeCache } = given;
  const measured = given.measured ? { measured: given.measured } : {};
  /** A debugger sees the code as Node.js compiles it. */
  const cacheFor = (fn: FunctionSpec, artifact: Artifact, debug: boolean) =>
    !debug && isNode(fn) ? codeCache?.open(artifact) : undefined;

  const openLine = async (
    instanceId: string,
    fn: FunctionSpec,
    placement: Placement,
    { debug, onLog }: ContractOptions,
  ) => {
    const token = ids.hex(16);
    // Only our Node bootstrap has the relay.
    const line = makeLine({ clock, token, debug: debug && isNode(fn), onLog });
    const listener = await openListener(join(folder, instanceId), placement, line.accept);
    const setup: ContractSetup = {
      env: { SLS_LOCAL_LINE: listener.address, SLS_LOCAL_TOKEN: token },
      mounts: [...listener.mounts, { source: bootstrapFolder, target: bootstrapFolder, readOnly: true }],
      command: commandFor(fn) ?? [],
    };
    return { line, session: line.session(setup, listener.close) };
  };

  return {
    name: 'frames',
    supports: (fn) => commandFor(fn) !== undefined,
    async open(instanceId, fn, artifact, placement, options) {
      const { line, session } = await openLine(instanceId, fn, placement, options);
      const begin = () =>
        line.assign({ handler: artifact.handler, ...measured }, cacheFor(fn, artifact, options.debug));
      if (asksForExtensions(fn, artifact))
        return serveExtensions({ session, begin, instanceId, fn, artifact, placement, options, clock, ids });
      begin();
      return session;
    },
    async prepare(instanceId, fn, placement, options) {
      const { line, session } = await openLine(instanceId, fn, placement, options);
      return {
        ...session,
        assign: (artifact, task) =>
          line.assign(
            { handler: artifact.handler, env: task.env, ...measured },
            cacheFor(fn, artifact, options.debug),
            task,
          ),
      };
    },
  };
}

function isNode(fn: FunctionSpec): boolean {
  return fn.runtime.startsWith('nodejs');
}

/** `node` and `python3` are looked up where the instance runs. */
function commandFor(fn: FunctionSpec): readonly string[] | undefined {
  // A function's own image, or program, brings its own runtime client.
  if (fn.image !== undefined || isProgramHandler(fn)) return undefined;
  if (isNode(fn)) return ['node', join(bootstrapFolder, 'node.cjs')];
  if (fn.runtime.startsWith('python3')) return ['python3', join(bootstrapFolder, 'bootstrap.py')];
  return undefined;
}
