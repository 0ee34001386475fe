/** The container engine as the rest of this program sees it: plain calls and plain values, whatever client library is behind. */
import type { Readable } from 'node:stream';
import type { FoundImage } from '../../../model/runtime.ts';

export type Labels = Readonly<Record<string, string>>;

export interface EngineFacts {
  /** `amd64`, `arm64`. */
  readonly architecture: string;
  /** The engine's containers run on this machine's own kernel (not in a virtual machine or on another host). */
  readonly sameKernel: boolean;
  /** The engine runs without root: uid 0 inside is the user who runs the engine. */
  readonly rootless: boolean;
  /** Gateway address of the default bridge, as containers see it. */
  readonly bridgeGateway?: string;
}

export interface BindMount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

export interface HeldProgram {
  readonly command: readonly string[];
  /** It waits to be begun. */
  readonly waits: boolean;
}

/** What a container is made of; the restrictions every container of ours gets are the engine client's business. */
export interface ContainerPlan {
  readonly name: string;
  readonly image: string;
  readonly labels: Labels;
  /** Absent = the image's own entry point. */
  readonly command?: readonly string[];
  /** The function's program, which the engine runs beside `command`; that one only keeps the container. */
  readonly held?: HeldProgram;
  /** Instead of the image's own arguments to its entry point; not beside `command`. */
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  /** `uid:gid`. */
  readonly user?: string;
  readonly mounts: readonly BindMount[];
  readonly memoryBytes?: number;
  /** Shared CPU: 1 = one core. Absent = as much as there is. */
  readonly cpus?: number;
  readonly pidsLimit: number;
  /** Size of /tmp, which is the only writable place. */
  readonly tmpBytes?: number;
  /**
   * The engine's own small init process comes first: a program that is the first process of its container ignores
   * signals it sends itself, and an abort looks like a segmentation fault.
   */
  readonly init?: true;
  /** `sandbox.localdomain`: what its own address is called inside; not in a shared network. */
  readonly hostname?: string;
  readonly network: { readonly kind: 'bridge' } | { readonly kind: 'of-container'; readonly id: string };
}

export interface ContainerState {
  readonly running: boolean;
  /** Process id of its first process in the engine's machine; 0 when it does not run. */
  readonly pid: number;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
}

export interface ListedContainer {
  readonly id: string;
  readonly labels: Labels;
  readonly running: boolean;
}

export interface ListedImage {
  readonly id: string;
  readonly tags: readonly string[];
  readonly labels: Labels;
  readonly sizeBytes: number;
  /** Epoch ms. */
  readonly createdAt: number;
}

export interface ExecProgram {
  readonly command: readonly string[];
  /** `NAME=value` sets one, `NAME` takes one of the container's away. */
  readonly env: readonly string[];
  readonly workingDir: string;
}

export interface ExecRun {
  /** Multiplexed stdout and stderr; ends when the program does. */
  readonly output: Readable;
  /** After that; undefined where the engine does not know. */
  exitCode(): Promise<number | undefined>;
  /** Process id in the engine's machine. */
  pid(): Promise<number | undefined>;
}

export interface ImageBuildCall {
  readonly tag: string;
  /** Path in the context. */
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly labels: Labels;
  readonly onLine: (line: string) => void;
}

export interface InspectedImage extends FoundImage {
  /** Its CMD. */
  readonly command: readonly string[];
  /** Names of the variables it sets. */
  readonly variables: readonly string[];
}

/** Every call rejects with `EngineError`. */
export interface Engine {
  /** Where it was found, for messages. */
  readonly from: string;
  facts(): Promise<EngineFacts>;
  create(plan: ContainerPlan): Promise<string>;
  /** Multiplexed stdout and stderr, from now on; ends when the container does or the engine goes. */
  attach(id: string): Promise<Readable>;
  start(id: string): Promise<void>;
  /** Resolves with the exit code when the container does not run (any more). Rejects with `gone` when the engine goes meanwhile. */
  wait(id: string): Promise<number>;
  inspect(id: string): Promise<ContainerState>;
  /** Folders of the container's PATH. */
  searchPath(id: string): Promise<readonly string[]>;
  /** Whether there is something at this absolute path; the container need not run. */
  hasFile(id: string, path: string): Promise<boolean>;
  /** Runs another program in a container that runs. */
  exec(id: string, program: ExecProgram): Promise<ExecRun>;
  /** To its first process. Resolves also when it does not run or exist. */
  signal(id: string, signal: 'SIGTERM'): Promise<void>;
  /** On the bridge; undefined without one of its own. */
  address(id: string): Promise<string | undefined>;
  /** SIGKILL. Resolves also when it does not run or exist. */
  kill(id: string): Promise<void>;
  /** Kills and removes with its volumes. Resolves also when it does not exist. */
  remove(id: string): Promise<void>;
  /** All containers, running or not, that carry the label (with the value, where given). */
  list(label: string): Promise<readonly ListedContainer[]>;
  /** The limit of a container that runs; no swap besides. */
  setMemory(id: string, bytes: number): Promise<void>;
  /** Freezes all its processes, or lets them go on. */
  pause(id: string, paused: boolean): Promise<void>;
  /** Highest memory use the engine has accounted for, if it tells. */
  memoryPeakBytes(id: string): Promise<number | undefined>;

  /** Whether the image is in the engine's store. */
  hasImage(name: string): Promise<boolean>;
  /** The image of this name in the engine's store. */
  inspectImage(name: string): Promise<InspectedImage>;
  images(label: string): Promise<readonly ListedImage[]>;
  /** Root file system as a tar → image id. `changes` are Dockerfile lines such as `ENV A=b`. */
  importImage(tar: Readable, changes: readonly string[]): Promise<string>;
  /** Builds from a context. Rejects with the engine's word for the failure, after the output went to `onLine`. */
  buildImage(context: Readable, build: ImageBuildCall): Promise<void>;
  tag(imageId: string, repository: string, tag: string): Promise<void>;
  /** Pulls from its registry; gives up when nothing came for `patienceMs`. */
  pull(name: string, patienceMs: number): Promise<void>;
  removeImage(name: string): Promise<void>;
}

/** A call to the engine that failed. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  /** HTTP status, when the engine answered. */
  readonly status: number | undefined;

  constructor(message: string, status: number | undefined, cause: unknown) {
    super(message, { cause });
    this.status = status;
  }

  /** The engine did not answer at all. */
  get gone(): boolean {
    return this.status === undefined;
  }
}
