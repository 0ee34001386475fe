/** The extensions of one instance, from their start to its end: launches them, waits for them, tells them of events. */
import type { FunctionError, LogLine } from '../../model/invocation.ts';
import type { Clock, Ids } from '../../model/platform.ts';
import type { FunctionSpec } from '../../model/project.ts';
import type {
  BesideHandle,
  Delivery,
  InstanceExit,
  InstanceHandle,
  ShutdownReason,
} from '../../model/runtime.ts';
import { messageOf, SlsError } from '../../std/errors.ts';
import type { Extension } from './extension.ts';
import { extensionEnvironment } from './extension-environment.ts';
import { type ExtensionProgram, extensionLine, extensionPrograms } from './extension-programs.ts';
import { type ExtensionsApi, makeExtensionsApi } from './extensions-api.ts';
import { ExtensionRegistry } from './registry.ts';
import { shutDown } from './shut-down.ts';
import { Telemetry } from './telemetry.ts';
import { makeWaiters } from './waiters.ts';

export interface ExtensionHostOptions {
  readonly fn: FunctionSpec;
  /** As the runtime is told it. */
  readonly handler: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly onLog: (line: LogLine) => void;
  /** The instance's environment. */
  readonly env: Readonly<Record<string, string>>;
}

export class ExtensionHost {
  readonly api: ExtensionsApi;
  readonly telemetry: Telemetry;
  /** The first failure of an extension; an instance does not outlive it. */
  readonly failed: Promise<FunctionError>;
  readonly #options: ExtensionHostOptions;
  readonly #registry: ExtensionRegistry;
  readonly #programs: readonly ExtensionProgram[];
  readonly #waiters = makeWaiters();
  readonly #running = new Map<string, BesideHandle>();
  /** Told in the log that it is there. */
  readonly #told = new Set<Extension>();
  #handle: InstanceHandle | undefined;
  #fail: (error: FunctionError) => void = () => {};
  #ending: Promise<void> | undefined;

  constructor(options: ExtensionHostOptions) {
    const { fn, clock, ids, handler } = options;
    this.#options = options;
    this.#programs = extensionPrograms(fn.layers);
    this.failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
    this.#registry = new ExtensionRegistry({
      ids,
      externals: this.#programs.map(({ name }) => name),
      onChange: () => this.#onChange(),
    });
    this.telemetry = new Telemetry({
      clock,
      address: async () => (await this.#handle?.beside?.address()) ?? '127.0.0.1',
      json: fn.logging?.format === 'JSON',
      onLog: options.onLog,
    });
    this.api = makeExtensionsApi({
      registry: this.#registry,
      function: { functionName: fn.name, functionVersion: fn.version ?? '$LATEST', handler },
      accountId: fn.arn.split(':')[4] ?? '',
      onFailure: (extension, kind) => this.#onReported(extension, kind),
      subscribe: ({ name }, api, body) => this.telemetry.subscribe(name, api, body),
    });
  }

  /** Somebody has registered, or is about to. */
  get active(): boolean {
    return this.#registry.all.length > 0;
  }

  /** Starts the programs. `runtimeApi`: AWS_LAMBDA_RUNTIME_API. */
  launch(handle: InstanceHandle | undefined, runtimeApi: string): void {
    this.#handle = handle;
    const env = { ...extensionEnvironment(this.#options.env), AWS_LAMBDA_RUNTIME_API: runtimeApi };
    for (const program of this.#programs) void this.#start(program, env);
  }

  /** Settles when every program has registered: the runtime may begin. */
  registered(): Promise<void> {
    return this.#waiters.until(() => this.#registry.complete);
  }

  /** The runtime has loaded its code; nobody registers from inside it any more. Settles when everybody waits for an event. */
  ready(): Promise<void> {
    this.#registry.close();
    return this.#waiters.until(() => this.#registry.allReady);
  }

  tellInvoke({ deadlineAt, requestId, invokedFunctionArn, traceHeader }: Delivery): void {
    const event = JSON.stringify({
      eventType: 'INVOKE',
      deadlineMs: Math.floor(deadlineAt),
      requestId,
      invokedFunctionArn,
      tracing: { type: 'X-Amzn-Trace-Id', value: traceHeader },
    });
    for (const extension of this.#registry.all) if (extension.wants('INVOKE')) extension.tell(event);
  }

  /** Settles when everybody who was told of the event waits for the next one. */
  invokeOver(): Promise<void> {
    return this.#waiters.until(() => this.#registry.invokeOver);
  }

  /** Tells of the end and waits for who has something to do before it. Undefined: nobody has. */
  shutDown(reason: ShutdownReason): Promise<void> | undefined {
    if (!this.active || !this.#handle) return undefined;
    this.#ending ??= shutDown({
      reason,
      handle: this.#handle,
      extensions: this.#registry.all,
      running: this.#running,
      telemetry: this.telemetry,
    });
    return this.#ending;
  }

  async #start(program: ExtensionProgram, env: Readonly<Record<string, string>>): Promise<void> {
    const { beside } = this.#handle ?? {};
    try {
      if (!beside) throw new SlsError('extension-not-here', 'this backend runs no programs beside a runtime');
      const handle = await beside.start({ ...program, env }, (line) => this.#onLine(line));
      this.#running.set(program.name, handle);
      void handle.exited.then((exit) => this.#onExit(program.name, exit));
    } catch (failure) {
      this.#onLaunchFailure(program.name, failure);
    }
  }

  /** What is made for another system says nothing of the function: it runs without it. */
  #onLaunchFailure(name: string, failure: unknown): void {
    const { clock, fn, onLog } = this.#options;
    const extension = this.#registry.named(name);
    if (this.#ending || !extension) return;
    if (failure instanceof SlsError && failure.code === 'extension-not-here') {
      const text = `function ${fn.id} runs without its extension ${name}: ${failure.message}`;
      onLog({ at: clock.now(), stream: 'platform', level: 'WARN', text });
      this.#registry.leave(extension);
      return;
    }
    extension.errorType = 'Extension.LaunchError';
    extension.become('LaunchError');
    this.#tell(extension);
    this.#fail({ errorType: 'Extension.LaunchError', errorMessage: messageOf(failure) });
  }

  #onLine(line: LogLine): void {
    this.telemetry.line('extension', line);
    this.#options.onLog(line);
  }

  #onExit(name: string, exit: InstanceExit): void {
    const extension = this.#registry.named(name);
    const reported = extension?.errorType;
    extension?.become('Exited');
    if (this.#ending || !extension || reported !== undefined) return;
    extension.errorType = 'Extension.Crash';
    this.#tell(extension);
    this.#fail({ errorType: 'Extension.Crash', errorMessage: exitText(exit) });
  }

  #onReported(extension: Extension, kind: 'InitError' | 'ExitError'): void {
    this.#tell(extension);
    if (this.#ending) return;
    this.#fail({
      errorType: `Extension.${kind}`,
      errorMessage: `${extension.name}: ${extension.errorType ?? kind}`,
    });
  }

  #onChange(): void {
    for (const extension of this.#registry.all)
      if (extension.state === 'Ready' && !this.#told.has(extension)) this.#tell(extension);
    this.#waiters.changed();
  }

  #tell(extension: Extension): void {
    this.#told.add(extension);
    const { name, state, events, errorType } = extension;
    const { clock, onLog } = this.#options;
    onLog({ at: clock.now(), stream: 'platform', text: extensionLine(extension) });
    this.telemetry.platform('platform.extension', { name, state, events, ...(errorType && { errorType }) });
  }
}

function exitText({ exitCode, signal, lost }: InstanceExit): string {
  if (lost) return lost;
  return signal === null ? `exit status ${exitCode ?? 0}` : `signal: ${signal}`;
}
