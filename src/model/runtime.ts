/** The seams between the pool and a running copy of a function. */
import type { LogLine, Outcome, ResponseListener } from './invocation.ts';
import type { FunctionSpec } from './project.ts';

/** Built code, ready to be loaded by an instance. */
export interface Artifact {
  /** Content hash; two artifacts with the same id are the same code. */
  readonly id: string;
  readonly functionId: string;
  /** Absolute folder that becomes /var/task. */
  readonly dir: string;
  /** Handler as the runtime should look it up below `dir`: `index.handler`. */
  readonly handler: string;
  /** Absolute files whose change makes this artifact old. */
  readonly inputs: readonly string[];
  /** Absolute folders in which any new entry makes it old too. */
  readonly folders?: readonly string[];
  /** Absolute host folders the code reads besides `dir` (installed packages, linked files): to be visible at the same path in an instance. */
  readonly reads?: readonly string[];
  /** Absolute folders whose files the code may load or read when it runs, besides what it was built of and the function's layers. */
  readonly sees?: readonly string[];
  /** The code asks for modules by names that show only when it runs: any source it sees may be one of them. */
  readonly loadsByName?: boolean;
  /** Set when something it sees has changed since it was built, which gives it an id of its own. */
  readonly renewal?: { readonly builtId: string /** Higher with each change. */; readonly edition: number };
  /** Absolute host folder, one of `reads`, in which compiled code is kept between the function's instances. */
  readonly cacheDir?: string;
  /** Absolute files of installed packages that the code asks for itself: who asks for the same runs the same compiled code. */
  readonly externals?: readonly string[];
  /** Whether the code names AWS_LAMBDA_RUNTIME_API; absent = it has to be looked through. */
  readonly namesRuntimeApi?: boolean;
}

export interface Builder {
  /** Short name for messages: `esbuild`, `copy`. */
  readonly name: string;
  supports(fn: FunctionSpec): boolean;
  /** Throws `SlsError` code `build-failed` whose message holds the code frame. Aborts with the signal's reason. */
  build(fn: FunctionSpec, signal: AbortSignal): Promise<Artifact>;
  /** Makes an entry that is new in a folder the artifact sees visible where its code looks for it. */
  show?(fn: FunctionSpec, artifact: Artifact, path: string): void;
  /** The function is no longer in the project: lets go of what is kept for its next build. */
  forget?(functionId: string): Promise<void>;
  close(): Promise<void>;
}

/** A folder or socket of the host made visible inside an instance at the same or another path. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** What a contract needs the instance to be given so that the two can talk. */
export interface ContractSetup {
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  /** Program and arguments to run in the instance; absent = the image's or runtime's own. */
  readonly command?: readonly string[];
  /** The runtime is to begin with `InstanceHandle.begin`: what is beside it comes first. */
  readonly heldBack?: true;
}

/** Everything a backend needs to start one instance. */
export interface InstanceSpec {
  readonly instanceId: string;
  readonly fn: FunctionSpec;
  readonly artifact: Artifact;
  /** Complete environment of the user's process: provider's, project's and the contract's variables. */
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly command?: readonly string[];
  readonly heldBack?: true;
}

export interface InstanceExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly outOfMemory: boolean;
  /** Set when the backend lost the instance for a reason of its own (engine gone). */
  readonly lost?: string;
}

export interface InstanceHandle {
  /** Settles once, when the runtime has ended for whatever reason; what is beside it may run on until `kill`. Never rejects. */
  readonly exited: Promise<InstanceExit>;
  /** Starts the runtime of an instance that was held back; absent where it has begun already. */
  begin?(): void;
  /** SIGKILL; resolves when it is gone. Idempotent. */
  kill(): Promise<void>;
  /** Highest resident memory so far, in bytes; undefined where it cannot be known. */
  memoryPeakBytes(): Promise<number | undefined>;
  /** As `memoryPeakBytes`, at once: of all that ran in the instance, where the kernel counts it as one. */
  countedPeakBytes?(): number | undefined;
  /** CPU time so far of all that ran in the instance, in ms; undefined where it cannot be known at once. */
  cpuMs?(): number | undefined;
  /** Other programs in the instance, where the backend can run them. */
  readonly beside?: Beside;
  /** Stops all its processes where they are, until `thaw`. */
  freeze?(): void;
  /** Lets them go on; what is sent meanwhile waits. Idempotent. */
  thaw?(): void;
  /** Memory that ending it would give back, now; undefined where it cannot be known. */
  memoryBytes?(): number | undefined;
}

/** What runs in an instance beside its runtime. */
export interface Beside {
  /** It ends with `kill` at the latest, whatever became of the runtime. Rejects with `SlsError` when it cannot be started. */
  start(program: BesideProgram, onLog: (line: LogLine) => void): Promise<BesideHandle>;
  /** SIGTERM to the runtime. */
  terminateRuntime(): Promise<void>;
  /** Whether these programs are killed when the runtime ends. */
  readonly endsWithRuntime: boolean;
  /** Address at which one is reached that listens on all addresses, or on that of the name `sandbox.localdomain`. */
  address(): Promise<string>;
}

/** A program that a layer brings: an extension. */
export interface BesideProgram {
  readonly name: string;
  /** Where it lies on this machine. */
  readonly file: string;
  /** Where it lies in a container: `/opt/extensions/agent`. */
  readonly path: string;
  /** Its complete environment, besides what every process of the backend has. */
  readonly env: Readonly<Record<string, string>>;
}

export interface BesideHandle {
  /** Settles once, when it has ended. Never rejects. */
  readonly exited: Promise<InstanceExit>;
}

/** Why an instance is ended, as extensions are told. */
export type ShutdownReason = 'spindown' | 'timeout' | 'failure';

/** An instance that was started ahead of the code it will run. */
export interface PreparedHandle extends InstanceHandle {
  /** Whether it can become an instance of `fn` that sees the artifact. */
  fits(artifact: Artifact, fn: FunctionSpec): boolean;
  /** Makes it that, once, if it fits. Throws where the artifact cannot be shown. */
  provide(artifact: Artifact, fn: FunctionSpec): void;
  /** `provide` takes as long as the runtime needs to make itself ready; both can go on at once. */
  readonly isSlow?: true;
}

/**
 * How much of a cold start is spared: `fast`: an instance has loaded new code before it is asked for; `on-demand`: one
 * is booted already, code is loaded when an event needs it; `faithful`: nothing is done ahead, as in the cloud.
 */
export type ColdMode = 'fast' | 'on-demand' | 'faithful';

export type Usable = true | { readonly reason: string };

/** A container image as it is now, whatever its name means later. */
export interface FoundImage {
  /** `sha256:…`: names it where it is. */
  readonly id: string;
  /** `repository@sha256:…` of the registries it came from. */
  readonly digests: readonly string[];
  readonly sizeBytes: number;
}

/** Starts and stops instances; knows nothing of events. */
export interface Backend {
  readonly name: 'docker' | 'process';
  usable(): Promise<Usable>;
  /** How an instance reaches a listener of ours, and where that listener must bind. */
  placement(): Promise<Placement>;
  /** Reports raw output lines through `onLog`. Rejects with `SlsError` when the instance cannot be started. */
  start(spec: InstanceSpec, onLog: (line: LogLine) => void): Promise<InstanceHandle>;
  /**
   * As `start`, for an instance that is given a later build than the spec's before it loads any user code. With an
   * artifact whose `dir` is empty it is prepared for a runtime: it can become an instance of any function that starts
   * that runtime in the same way.
   */
  prepare?(spec: InstanceSpec, onLog: (line: LogLine) => void): Promise<PreparedHandle>;
  /** What an instance can be prepared for; `either`: for a runtime, and for a function where its runtime cannot wait for one. */
  readonly preparedServes?: 'function' | 'runtime' | 'either';
  /** The memory a runtime is started with that becomes a function of `memoryMb`; absent = the same. */
  memoryAtBoot?(memoryMb: number): number;
  /** The image of this name, pulled where it is not there. Rejects with `SlsError` `image-missing`. Absent = it runs no images. */
  findImage?(name: string): Promise<FoundImage>;
  /** Removes what dead sessions left behind. Returns how many things it removed. */
  sweep(): Promise<number>;
  close(): Promise<void>;
}

export interface Placement {
  /** Address a listener for instances binds to: `127.0.0.1`, or the bridge gateway. */
  readonly bindHost: string;
  /** Host name instances use to reach it. */
  readonly reachHost: string;
  /** Whether a unix socket of the host can be seen inside (by mount, or because it is the host). */
  readonly unixSockets: boolean;
  /** Where `Artifact.dir` appears inside (`/var/task`), as stack traces name it. Absent = at its own path. */
  readonly taskRoot?: string;
}

/** One event on its way into an instance. */
export interface Delivery {
  readonly requestId: string;
  /** JSON text. */
  readonly event: string;
  /** Epoch ms of the function's deadline by the wall clock, which is the one the instance sees. */
  readonly deadlineAt: number;
  readonly invokedFunctionArn: string;
  /** `Root=…;Parent=…;Sampled=1`. */
  readonly traceHeader: string;
  readonly clientContext?: string;
  /** JSON text: `{cognitoIdentityId, cognitoIdentityPoolId}`. */
  readonly identity?: string;
  readonly tenantId?: string;
}

/** A module an instance loaded while it imported its handler. Milliseconds; what is not known is 0. */
export interface ImportedModule {
  /** Absolute file as the instance sees it, or `node:fs`. */
  readonly name: string;
  /** Index of the module that loaded it first; -1 = it is the handler's own file. */
  readonly parent: number;
  readonly totalMs: number;
  /** Without the modules it loaded. Of the handler's file: with all that belongs to no other module. */
  readonly selfMs: number;
  readonly resolveMs: number;
  readonly readMs: number;
  readonly compileMs: number;
  /** Where the project's own code asks for it: `file:line:column`. */
  readonly requiredAt?: string;
  /** All ES modules are run together: only how long it took to read is known. */
  readonly esModule?: true;
}

/** Ready, or why the user's code could not be loaded. */
export type InitResult =
  | {
      readonly status: 'ready';
      readonly initMs: number;
      readonly imports?: readonly ImportedModule[];
      /** When the event began that it was assigned its code with, by the session's clock; `invoke` it: what it says is heard then. */
      readonly began?: number;
    }
  | {
      readonly status: 'error';
      readonly outcome: Extract<Outcome, { status: 'error' }>;
      readonly initMs: number;
    };

/** One open line to one instance. */
export interface ContractSession {
  readonly setup: ContractSetup;
  /** Settles when the runtime has loaded the user's code. Never settles if the instance dies first; race it with `exited`. */
  readonly ready: Promise<InitResult>;
  /**
   * One event at a time, others only where `linesUp`. Settles with 'ok' or 'error'; death and timeout are the caller's to
   * race. 'not-begun': it was lined up and recalled.
   */
  invoke(delivery: Delivery, watch: EventWatch): Promise<Outcome | 'not-begun'>;
  /** Whether it takes events while it handles one; it begins each when the one before has ended. */
  linesUp?(): boolean;
  /** Asks for the events back that were not begun. */
  recall?(): void;
  /** The event it was given last has not reached the runtime. */
  untaken?(): boolean;
  /** How the event under way has ended, where the runtime does not say it: death, timeout. */
  eventEnded?(outcome: Outcome): void;
  /** The event under way has timed out and its handler runs on: whatever it still answers is refused. */
  abandon(): void;
  /** Raw Chrome DevTools Protocol line to the instance's main thread, where the contract offers one. */
  readonly debug?: DebugChannel;
  /** Packets of the Java Debug Wire Protocol, behind the handshake, where the instance is a JVM that is debugged. */
  readonly jdwp?: ByteChannel;
  /** Highest resident memory the runtime itself has reported so far; preferred to the backend's figure. */
  memoryPeakBytes?(): number | undefined;
  /**
   * Settles when the runtime has hung up and all it sent was read: the instance will take no further event.
   * Settles before an `invoke` that the runtime's last words decide, so that nobody leases the instance in between.
   */
  readonly ended?: Promise<void>;
  /** Told once when the backend has started the instance: the init phase of a runtime that cannot say so itself begins. */
  started?(handle?: InstanceHandle): void;
  /**
   * Of the event that `invoke` answered last: settles when the instance can take another one, with the end that counts
   * where it is another than the answer. Undefined: at once.
   */
  settled?(): Promise<Outcome | undefined> | undefined;
  /** Settles when the runtime has done what it does for itself after an event, before which it is not to stand still; undefined: nothing. */
  finishing?(): Promise<void> | undefined;
  /** Told each line that was read from the container or process. */
  heard?(line: LogLine): void;
  /** Whoever is to be told of the end is told, and given the provider's time for it; the instance is killed after that. */
  shutdown?(reason: ShutdownReason): Promise<void> | undefined;
  close(): Promise<void>;
}

/** A line to an instance that waits to be told its code; `ready` settles only after that. */
export interface PreparedSession extends ContractSession {
  /** Settles when the runtime is up and waits. Never settles if the instance dies first. */
  readonly waiting: Promise<void>;
  /** Once, after `waiting`: lets it load the code, or make itself ready for that until it is released. */
  assign(artifact: Artifact, task: PreparedTask): void;
  /** After an assignment that was held. */
  release(): void;
}

export interface PreparedTask {
  /** Variables whose value differs from what it was started with. */
  readonly env: Readonly<Record<string, string>>;
  /** The code is not to be loaded before `release`. */
  readonly held?: boolean | undefined;
  /** The event that waits for it: the instance may begin it as soon as it is ready, and `ready` tells whether it has. */
  readonly early?: (() => Delivery) | undefined;
}

/** How an event gets in and a result out. */
export interface Contract {
  readonly name: 'frames' | 'runtime-api';
  supports(fn: FunctionSpec): boolean;
  open(
    instanceId: string,
    fn: FunctionSpec,
    artifact: Artifact,
    placement: Placement,
    options: ContractOptions,
  ): Promise<ContractSession>;
  /** As `open`, for an instance that is assigned its code later. Absent where the runtime cannot wait for it. */
  prepare?(
    instanceId: string,
    fn: FunctionSpec,
    placement: Placement,
    options: ContractOptions,
  ): Promise<PreparedSession>;
}

export interface ContractOptions {
  /** The instance's environment without what the contract adds. */
  readonly env?: Readonly<Record<string, string>>;
  /** Start the in-instance inspector relay, and hold user code until `released` settles. */
  readonly debug: boolean;
  /** Lines the runtime prints while no event is being handled. */
  readonly onLog: (line: LogLine) => void;
}

/** A line of bytes to an instance, as they come. */
export interface ByteChannel {
  send(bytes: Uint8Array): void;
  /** One listener; what comes before it is dropped. */
  onBytes(listener: (bytes: Uint8Array) => void): void;
  readonly closed: Promise<void>;
}

export interface DebugChannel {
  /** Sends one CDP message (JSON text). */
  send(message: string): void;
  onMessage(listener: (message: string) => void): void;
  /** Lets the instance load the user's code; until then it waits, so that breakpoints can be set first. */
  release(): void;
  readonly closed: Promise<void>;
}

/** What an instance's start took, in ms. */
export interface ColdStart {
  /** From the start of the container or process until the runtime runs. */
  readonly startMs: number;
  /** The part of `startMs` until the container or process was there. */
  readonly sandboxMs?: number;
  readonly initMs: number;
  /** Of an instance that was started to be measured. */
  readonly imports?: readonly ImportedModule[];
  /** Lines printed while the user's code was loaded. */
  readonly logs: readonly LogLine[];
  /** The init phase before this one; this one ran within the event, on its time. */
  readonly failedInit?: FailedInit;
}

/** An init phase that took too long, or during which the runtime ended. */
export interface FailedInit {
  readonly initMs: number;
  readonly logs: readonly LogLine[];
  readonly outcome: Outcome;
}

/** Told of one event while it is under way. */
export interface EventWatch {
  readonly onLog: (line: LogLine) => void;
  /** The instance has nothing else to do now: at once, or when the events before it have ended. */
  readonly onBegin?: () => void;
  /** CPU time in ms that the runtime itself counted for the event; told just before its end. */
  readonly onCpu?: (cpuMs: number) => void;
  /** Hears a streamed response as it comes. */
  readonly response?: ResponseListener | undefined;
}

/** One event's hold on one instance. */
export interface Lease {
  readonly status: 'leased';
  readonly instanceId: string;
  readonly artifactId: string;
  /** Set for the first event of an instance that was started for it. */
  readonly coldStart?: ColdStart;
  /**
   * Delivers the event; settles with whatever ends it first: the runtime's answer, its death, the timeout. Never rejects.
   * 'not-begun': it was lined up behind another event and had to go elsewhere; nobody has seen it.
   */
  invoke(delivery: Delivery, timeoutMs: number, watch: EventWatch): Promise<Outcome | 'not-begun'>;
  /** After `invoke`: settles when the event is over for everybody in the instance; see `ContractSession.settled`. */
  settled?(): Promise<Outcome | undefined> | undefined;
  /** From the event's beginning in the instance to its end, in ms of the session's clock; after `invoke` has settled. */
  handlerMs(): number;
  /** CPU time of the event, in ms; after `invoke` has settled. Undefined where nobody counts it. */
  cpuMs(): number | undefined;
  /** Highest resident memory so far; a promise only where the backend must be asked. */
  memoryPeakBytes(): number | undefined | Promise<number | undefined>;
  /** Gives the instance back; exactly once. */
  release(): void;
}

/** No instance: the function has as many as it may have, or its code could not be loaded. */
export interface LeaseRefusal {
  readonly status: 'refused';
  readonly outcome: Outcome;
  readonly instanceId?: string;
  readonly coldStart?: ColdStart;
}

/** Lends instances, one event at a time. */
export interface InstancePool {
  /**
   * At once where an instance is idle. Rejects with `SlsError` when the build failed or nothing can be started.
   * `tenantId`: only instances that have served nobody else. `early`: makes the delivery that the lease will be used for first; an
   * instance that is started for it may begin it before the lease is given, to which it is then bound.
   */
  lease(
    fn: FunctionSpec,
    tenantId?: string,
    early?: () => Delivery,
  ): Lease | LeaseRefusal | Promise<Lease | LeaseRefusal>;
}

/** The newest build of each function. */
export interface Artifacts {
  /** The artifact to use now; undefined while a build is under way or none was ever made. */
  current(functionId: string): Artifact | undefined;
  /** Waits for the build under way, or makes the first one. Rejects with `SlsError` code `build-failed`. */
  artifact(functionId: string): Promise<Artifact>;
}

/** What the debugger's side is told about each instance. */
export interface DebugTarget {
  readonly instanceId: string;
  readonly functionId: string;
  readonly artifactDir: string;
  readonly channel: DebugChannel;
}

/** The same of a JVM. */
export interface JavaDebugTarget {
  readonly instanceId: string;
  readonly functionId: string;
  readonly jdwp: ByteChannel;
}
