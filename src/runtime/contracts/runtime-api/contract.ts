/** The contract of custom runtimes, images and the official clients: one Runtime API listener per instance. */
import type { FunctionError, Outcome } from '../../../model/invocation.ts';
import type { Clock, Ids } from '../../../model/platform.ts';
import { isProgramHandler } from '../../../model/program-handler.ts';
import type { FunctionSpec } from '../../../model/project.ts';
import type { Artifact, Contract, ContractSession, InitResult } from '../../../model/runtime.ts';
import { listen } from '../../../std/listen.ts';
import { bootstrapFolder } from '../../bootstrap-folder.ts';
import { dotnetEnvironment } from '../../dotnet-defaults.ts';
import { type DotnetHost, makeDotnetHost } from '../../dotnet-host.ts';
import { extendSession } from '../../extensions/extended-session.ts';
import { ExtensionHost } from '../../extensions/extension-host.ts';
import { makePlatformRecords } from '../../extensions/platform-records.ts';
import { type JavaClasses, makeJavaClasses } from '../../java-classes.ts';
import { extensionsOf } from '../../layer-extensions.ts';
import { bootstrapCommand } from './bootstrap-command.ts';
import { isLoadedByUs, providedLoaderFirst } from './dotnet-command.ts';
import { JAVA_LOCALE, javaCommand } from './java-command.ts';
import { openJdwpLine } from './jdwp-line.ts';
import { makeRuntimeServer } from './runtime-server.ts';

export interface RuntimeApiOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  /** Default: compiled by the machine's Java into the user's cache. */
  readonly javaClasses?: JavaClasses;
  /** Default: compiled by the machine's .NET SDK into the user's cache. */
  readonly dotnetHost?: DotnetHost;
}

/** What the hooks after a restore may take. */
const RESTORE_MS = 10_000;
const restoreTooLong: FunctionError = {
  errorType: 'Runtime.RestoreHookUserTimeout',
  errorMessage: 'The hooks after the restore took longer than 10 seconds',
};

/**
 * The official clients split AWS_LAMBDA_RUNTIME_API at the colon and hard-code the path behind it: hence a port per
 * instance and no path prefix. The same port serves extensions.
 * Not emulated: several events at once in one instance.
 */
export function makeRuntimeApiContract({
  clock,
  ids,
  javaClasses = makeJavaClasses({ env: process.env }),
  dotnetHost = makeDotnetHost({ env: process.env }),
}: RuntimeApiOptions): Contract {
  return {
    name: 'runtime-api',
    supports,
    async open(instanceId, fn, artifact, placement, options): Promise<ContractSession> {
      const classes = isJava(fn) ? await javaClasses.folder() : undefined;
      const jdwp = options.debug && classes !== undefined ? await openJdwpLine(fn, placement) : undefined;
      const loader = isLoadedByUs(fn, artifact) ? await dotnetHost.folder(fn.runtime) : undefined;
      const own =
        classes === undefined
          ? bootstrapCommand(fn, artifact, loader)
          : javaCommand(fn, classes, jdwp?.option);
      const inContainer = placement.taskRoot !== undefined;
      const command =
        loader !== undefined && own !== undefined && inContainer ? providedLoaderFirst(fn, own) : own;
      let startedAt = clock.now();
      let settleReady: (result: InitResult) => void = () => {};
      let settleOutcome: (outcome: Outcome) => void = () => {};
      let settleNext: () => void = () => {};
      const ready = new Promise<InitResult>((resolve) => {
        settleReady = resolve;
      });
      const initMs = () => Math.max(0, clock.now() - startedAt);
      const failInit = (error: FunctionError) =>
        settleReady({
          status: 'error',
          outcome: { status: 'error', phase: 'init', error },
          initMs: initMs(),
        });
      const onRestore = () => {
        const timer = clock.after(RESTORE_MS, () => failInit(restoreTooLong));
        void ready.then(() => timer.cancel());
      };
      const { onLog, env = {} } = options;
      const host = new ExtensionHost({ fn, handler: handlerOf(fn, artifact), clock, ids, onLog, env });
      const runtime = makeRuntimeServer({
        onReady: () => settleReady({ status: 'ready', initMs: initMs() }),
        onInitError: failInit,
        ...(fn.initializationType === 'snap-start' && { onRestore }),
        onOutcome: (outcome) => settleOutcome(outcome),
        onNext: () => settleNext(),
        takes: host.api,
      });
      const listening = await listen(runtime.server, {
        host: placement.bindHost,
        port: 0,
        purpose: `the Runtime API of function ${fn.id}`,
      });
      const runtimeApi = `${placement.reachHost}:${listening.port}`;
      const inner: ContractSession = {
        setup: {
          env: {
            AWS_LAMBDA_RUNTIME_API: runtimeApi,
            ...(classes !== undefined && fn.env.LC_ALL === undefined && JAVA_LOCALE),
            ...(isDotnet(fn) && !inContainer && dotnetEnvironment(fn)),
          },
          // Where our own bootstraps are.
          mounts: [classes ?? loader ?? bootstrapFolder].map((source) => ({
            source,
            target: source,
            readOnly: true,
          })),
          ...(command && { command }),
          ...(extensionsOf(fn.layers).length > 0 && { heldBack: true }),
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
        untaken: () => runtime.isOffering(),
        abandon() {
          settleOutcome = () => {};
          runtime.abandon();
        },
        ...(jdwp && { jdwp: jdwp.channel }),
        async close() {
          await Promise.all([listening.close(), jdwp?.close()]);
        },
      };
      const runtimeAsks = () =>
        new Promise<void>((resolve) => {
          settleNext = resolve;
        });
      const records = makePlatformRecords({
        telemetry: host.telemetry,
        clock,
        fn,
        instanceId,
        initializationType: env.AWS_LAMBDA_INITIALIZATION_TYPE ?? 'on-demand',
      });
      return extendSession({ inner, host, records, fn, clock, runtimeApi, runtimeAsks });
    },
  };
}

/** Empty where only the image knows it. */
function handlerOf({ image, imageSettings }: FunctionSpec, { handler }: Artifact): string {
  return image === undefined ? handler : (imageSettings?.command?.[0] ?? '');
}

function isJava({ image, runtime }: FunctionSpec): boolean {
  return image === undefined && runtime.startsWith('java');
}

function isDotnet({ image, runtime }: FunctionSpec): boolean {
  return image === undefined && runtime.startsWith('dotnet');
}

/** Everything our own bootstraps for Node and Python do not speak for. */
function supports(fn: FunctionSpec): boolean {
  return fn.image !== undefined || !/^(nodejs|python)/.test(fn.runtime) || isProgramHandler(fn);
}
