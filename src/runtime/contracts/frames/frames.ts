/** The fast contract: our own bootstrap in the instance, frames over one persistent socket. */
import { join } from 'node:path';
import type { Clock, Ids } from '../../../model/platform.ts';
import type { FunctionSpec } from '../../../model/project.ts';
import type { Contract, ContractOptions, ContractSetup, Placement } from '../../../model/runtime.ts';
import { bootstrapFolder } from '../../bootstrap-folder.ts';
import { asksForExtensions } from '../../extensions/asks-for-extensions.ts';
import { serveExtensions } from '../../extensions/serve-extensions.ts';
import { openListener } from './listener.ts';
import { makeLine } from './session.ts';

export interface FramesOptions {
  /** The session's folder of sockets; see `openSessionFolder`. */
  readonly folder: string;
  readonly clock: Clock;
  readonly ids: Ids;
}

export function makeFramesContract({ folder, clock, ids }: FramesOptions): Contract {
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
      const begin = () => line.assign({ handler: artifact.handler });
      if (asksForExtensions(fn, artifact))
        return serveExtensions({ session, begin, instanceId, fn, artifact, placement, options, clock, ids });
      begin();
      return session;
    },
    async prepare(instanceId, fn, placement, options) {
      const { line, session } = await openLine(instanceId, fn, placement, options);
      return {
        ...session,
        assign: ({ handler }, env) => line.assign({ handler, env }),
      };
    },
  };
}

function isNode(fn: FunctionSpec): boolean {
  return fn.runtime.startsWith('nodejs');
}

/** `node` and `python3` are looked up where the instance runs. */
function commandFor(fn: FunctionSpec): readonly string[] | undefined {
  // A function's own image brings its own runtime client.
  if (fn.image !== undefined) return undefined;
  if (isNode(fn)) return ['node', join(bootstrapFolder, 'node.cjs')];
  if (fn.runtime.startsWith('python3')) return ['python3', join(bootstrapFolder, 'bootstrap.py')];
  return undefined;
}
