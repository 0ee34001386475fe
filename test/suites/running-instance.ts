/** What the conformance suites share: a sample function, its artifact, and an instance of it that runs. */
import { join } from 'node:path';
import type { LogLine, Outcome } from '../../src/model/invocation.ts';
import type { Clock } from '../../src/model/platform.ts';
import type { FunctionSpec } from '../../src/model/project.ts';
import type {
  Artifact,
  Backend,
  Contract,
  DebugTarget,
  Delivery,
  JavaDebugTarget,
} from '../../src/model/runtime.ts';
import { makeEnvironment } from '../../src/runtime/environment.ts';
import { Instance } from '../../src/runtime/instance.ts';
import type { Started } from '../../src/runtime/instance-seam.ts';
import { makeSystemClock } from '../../src/std/clock.ts';
import { randomIds } from '../../src/std/ids.ts';

export const fixtures = join(import.meta.dirname, '../../fixtures/functions');

export interface Sample {
  /** `outcomes.answers`. */
  readonly handler: string;
  readonly runtime: string;
  readonly memoryMb?: number;
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly layers?: readonly string[];
  /** Folder of the code, instead of the fixtures'. */
  readonly dir?: string;
  readonly initializationType?: 'snap-start';
  readonly timeoutMode?: 'keep';
  /** The instance waits for its release before it loads user code. */
  readonly onDebugTarget?: (target: DebugTarget) => void;
  readonly onJavaTarget?: (target: JavaDebugTarget) => void;
  /** Default: one of its own. */
  readonly clock?: Clock;
}

export function sampleFunction({
  handler,
  runtime,
  memoryMb = 256,
  timeoutMs = 3000,
  env = {},
  layers = [],
  dir = sampleFolder(runtime),
  initializationType,
}: Sample): FunctionSpec {
  return {
    id: 'sample',
    name: 'shop-dev-sample',
    arn: 'arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-sample',
    handler,
    runtime,
    codeRoot: dir,
    env,
    memoryMb,
    timeoutMs,
    architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
    layers,
    external: [],
    ...(initializationType && { initializationType }),
  };
}

export function sampleArtifact(fn: FunctionSpec): Artifact {
  return {
    id: `built ${fn.handler}`,
    functionId: fn.id,
    dir: fn.codeRoot,
    handler: fn.handler,
    inputs: [],
  };
}

/** Functions that are compiled have their code elsewhere: `ContractSuiteOptions.dir`. */
export function sampleFolder(runtime: string): string {
  return join(fixtures, sampleLanguage(runtime));
}

/** The folder of the fixture functions in the runtime's language. */
export function sampleLanguage(runtime: string): 'node' | 'python' | 'ruby' | 'java' | 'dotnet' {
  if (runtime.startsWith('python')) return 'python';
  if (runtime.startsWith('java')) return 'java';
  if (runtime.startsWith('dotnet')) return 'dotnet';
  return runtime.startsWith('ruby') ? 'ruby' : 'node';
}

export interface Parts {
  readonly backend: Backend;
  readonly contract: Contract;
}

export interface RunningInstance {
  readonly instance: Instance;
  readonly started: Promise<Started>;
  /** Lines printed outside of any event. */
  readonly looseLines: readonly LogLine[];
  /** Calls back with the next loose line. */
  nextLooseLine(): Promise<LogLine>;
  invoke(
    event: unknown,
    delivery?: Partial<Delivery>,
    onLine?: (line: LogLine) => void,
  ): Promise<{ readonly outcome: Outcome; readonly logs: readonly LogLine[]; readonly cpuMs: number }>;
}

/** Starts an instance of the sample; the caller kills it. */
export async function startSample({ backend, contract }: Parts, sample: Sample): Promise<RunningInstance> {
  const fn = sampleFunction(sample);
  const artifact = sampleArtifact(fn);
  const { clock = makeSystemClock() } = sample;
  const placement = await backend.placement();
  const instanceId = randomIds.hex(4);
  const environment = makeEnvironment({
    clock,
    region: 'eu-west-1',
    endpoint: () => 'http://127.0.0.1:4566',
  });
  const looseLines: LogLine[] = [];
  let waiting: ((line: LogLine) => void)[] = [];
  const instance = new Instance({
    instanceId,
    fn,
    artifact,
    backend,
    contract,
    placement,
    env: environment.of(fn, artifact, instanceId, placement),
    clock,
    ...(sample.timeoutMode ? { timeoutMode: sample.timeoutMode } : {}),
    ...(sample.onDebugTarget ? { onDebugTarget: sample.onDebugTarget } : {}),
    ...(sample.onJavaTarget ? { onJavaTarget: sample.onJavaTarget } : {}),
    onIdleLog: (line) => {
      looseLines.push(line);
      for (const resolve of waiting) resolve(line);
      waiting = [];
    },
    onState: () => {},
  });
  return {
    instance,
    started: instance.started,
    looseLines,
    nextLooseLine: () => new Promise((resolve) => waiting.push(resolve)),
    async invoke(event, delivery = {}, onLine = () => {}) {
      const logs: LogLine[] = [];
      instance.take();
      const { end, cpuMs = Number.NaN } = await instance.invoke(
        {
          requestId: 'c0ffee00-0000-4000-8000-000000000001',
          event: typeof event === 'string' ? event : JSON.stringify(event),
          deadlineAt: Date.now() + fn.timeoutMs,
          invokedFunctionArn: fn.arn,
          traceHeader: 'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1',
          ...delivery,
        },
        fn.timeoutMs,
        {
          onLog: (line) => {
            logs.push(line);
            onLine(line);
          },
        },
      );
      instance.giveBack();
      return { outcome: begun(end), logs, cpuMs };
    },
  };
}

/** The outcome of an event that was not given back; throws when it was. */
export function begun(end: Outcome | 'not-begun'): Outcome {
  if (end === 'not-begun') throw new Error('the event was given back');
  return end;
}

/** The value a handler answered; throws when it did not answer. */
export function payloadOf(end: Outcome | 'not-begun'): unknown {
  const outcome = begun(end);
  if (outcome.status !== 'ok') throw new Error(`the invocation ended with ${JSON.stringify(outcome)}`);
  return JSON.parse(outcome.payload);
}

/** How a start failed; throws when it did not. */
export function errorOf(started: Started): Outcome {
  if (started.status === 'ready') throw new Error('the instance is ready');
  return started.outcome;
}

/**
 * All lines of the start and outside of events, once one of them is `awaited`. Output goes through the engine, the word that
 * an instance is ready does not: what was said before it may come after it.
 */
export async function linesWith(
  sample: Pick<RunningInstance, 'looseLines' | 'nextLooseLine'> & {
    readonly started: Started | Promise<Started>;
  },
  awaited: (line: LogLine) => boolean,
): Promise<readonly LogLine[]> {
  const { coldStart } = await sample.started;
  for (;;) {
    const lines = [...coldStart.logs, ...sample.looseLines];
    if (lines.some(awaited)) return lines;
    await sample.nextLooseLine();
  }
}
