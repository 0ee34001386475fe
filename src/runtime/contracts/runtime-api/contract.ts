/** The contract of custom runtimes, images and the official clients: one Runtime API listener per instance. */
import type { Outcome } from '../../../model/invocation.ts';
import type { Clock, Ids } from '../../../model/platform.ts';
import type { FunctionSpec } from '../../../model/project.ts';
import type { Contract, ContractOptions, ContractSession, InitResult } from '../../../model/runtime.ts';
import { listen } from '../../../std/listen.ts';
import { bootstrapFolder } from '../../bootstrap-folder.ts';
import { bootstrapCommand } from './bootstrap-command.ts';
import { makeRuntimeServer } from './runtime-server.ts';

export interface RuntimeApiOptions {
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * The official clients split AWS_LAMBDA_RUNTIME_API at the colon and hard-code the path behind it: hence a port per
 * instance and no path prefix.
 * Not emulated: extensions, the Telemetry API, SnapStart's restore, several events at once in one instance.
 */
export function makeRuntimeApiContract({ clock, ids }: RuntimeApiOptions): Contract {
  return {
    name: 'runtime-api',
    supports,
    async open(_instanceId, fn, artifact, placement, options): Promise<ContractSession> {
      const command = bootstrapCommand(fn, artifact);
      const openedAt = clock.now();
      let startedAt = openedAt;
      let settleReady: (result: InitResult) => void = () => {};
      let settleOutcome: (outcome: Outcome) => void = () => {};
      const ready = new Promise<InitResult>((resolve) => {
        settleReady = resolve;
      });
      const initMs = () => Math.max(0, clock.now() - startedAt);
      const runtime = makeRuntimeServer({
        onReady: () => settleReady({ status: 'ready', initMs: initMs() }),
        onInitError: (error) =>
          settleReady({
            status: 'error',
            outcome: { status: 'error', phase: 'init', error },
            initMs: initMs(),
          }),
        onOutcome: (outcome) => settleOutcome(outcome),
        onUnsupported: (path) => warnUnsupported(path, clock, options),
      });
      const listening = await listen(runtime.server, {
        host: placement.bindHost,
        port: 0,
        purpose: `the Runtime API of function ${fn.id}`,
      });
      return {
        setup: {
          env: { AWS_LAMBDA_RUNTIME_API: `${placement.reachHost}:${listening.port}` },
          // Where our own bootstraps are.
          mounts: [{ source: bootstrapFolder, target: bootstrapFolder, readOnly: true }],
          ...(command && { command }),
        },
        ready,
        started() {
          startedAt = clock.now();
        },
        invoke: (delivery, watch) =>
          new Promise<Outcome>((resolve) => {
            settleOutcome = resolve;
            runtime.offer(delivery, ids.uuid(), watch.response);
          }),
        close: () => listening.close(),
      };
    },
  };
}

/** Everything our own bootstrap does not speak for; that one is asked first for Node and Python. */
function supports(fn: FunctionSpec): boolean {
  return fn.image !== undefined || !/^(nodejs|python)/.test(fn.runtime);
}

function warnUnsupported(path: string, clock: Clock, options: ContractOptions): void {
  options.onLog({
    at: clock.now(),
    stream: 'platform',
    level: 'WARN',
    text: `the function asked for ${path}, which sls-local does not emulate`,
  });
}
