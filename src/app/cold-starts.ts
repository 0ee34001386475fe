/** Starts a function cold again and again, beside the pool, and reports what each part of the start took. */
import { whyNoModules } from '../coldstart/no-modules.ts';
import { type ColdStartReport, medianIndex, runOf } from '../coldstart/report.ts';
import type { FunctionSpec } from '../model/project.ts';
import type { Artifact, ColdStart, Contract, ImportedModule } from '../model/runtime.ts';
import { type CodeCache, makeCodeCache, makeReadOnlyCodeCache } from '../runtime/code-cache.ts';
import { makeFramesContract } from '../runtime/contracts/frames/frames.ts';
import { makeRuntimeApiContract } from '../runtime/contracts/runtime-api/contract.ts';
import { Instance } from '../runtime/instance.ts';
import { makeStackMapper } from '../runtime/stack-map.ts';
import { SlsError } from '../std/errors.ts';
import type { Ground } from './ground.ts';
import type { Runtime } from './runtime.ts';
import type { Session } from './session-seam.ts';

export const MOST_RUNS = 100;

export function makeColdStarts(ground: Ground, runtime: Runtime): Pick<Session, 'coldStart'> {
  const { clock, current, folder, ids } = ground;
  const { backend } = runtime.backend;

  const contractWith = (codeCache: CodeCache | undefined, fn: FunctionSpec): Contract => {
    const frames = makeFramesContract({
      ...{ folder, clock, ids },
      measured: true,
      ...(codeCache ? { codeCache } : {}),
    });
    return frames.supports(fn) ? frames : makeRuntimeApiContract({ clock, ids });
  };

  /** One instance, from nothing until it has imported its handler. It gets no event. */
  const startOnce = async (
    fn: FunctionSpec,
    artifact: Artifact,
    codeCache?: CodeCache,
    whileRunning?: Promise<unknown>,
  ): Promise<ColdStart> => {
    const placement = await backend.placement();
    const instanceId = ids.hex(4);
    const instance = new Instance({
      ...{ instanceId, fn, artifact, backend, placement, clock },
      contract: contractWith(codeCache, fn),
      env: runtime.environment.of(fn, artifact, instanceId, placement),
      onIdleLog: () => {},
      onState: () => {},
    });
    try {
      const started = await instance.started;
      if (started.status === 'failed') throw initFailure(fn, started.outcome);
      await whileRunning;
      return started.coldStart;
    } finally {
      await instance.kill();
      runtime.environment.forget(instanceId);
    }
  };

  /** Its instance writes what compiled code is missing; also the first read of all files, which takes longer. */
  const warmUp = async (fn: FunctionSpec, artifact: Artifact): Promise<boolean> => {
    if (artifact.cacheDir === undefined || ground.options.codeCache === 'off') {
      await startOnce(fn, artifact);
      return false;
    }
    const { codeCache, settled } = settledCache();
    await startOnce(fn, artifact, codeCache, settled);
    return true;
  };

  return {
    async coldStart(ref, runs) {
      if (!Number.isInteger(runs) || runs < 1 || runs > MOST_RUNS)
        throw new SlsError('bad-option', `the number of runs is from 1 to ${MOST_RUNS}, found ${runs}`);
      const fn = current.need(ref);
      const artifact = await runtime.builds.artifact(fn.id);
      const hasCache = await warmUp(fn, artifact);
      const uncached: ColdStart[] = [];
      const cached: ColdStart[] = [];
      // In turns, so that what else the machine does is part of both.
      for (let run = 0; run < runs; run++) {
        uncached.push(await startOnce(fn, artifact));
        if (hasCache) cached.push(await startOnce(fn, artifact, makeReadOnlyCodeCache()));
      }
      const typical = uncached[medianIndex(uncached.map(({ initMs }) => initMs))];
      const placement = await backend.placement();
      return {
        functionId: fn.id,
        handler: fn.handler,
        runtime: fn.runtime,
        backend: backend.name,
        uncached: uncached.map(runOf),
        cached: cached.map(runOf),
        modules: await inSources(typical?.imports ?? [], artifact, placement.taskRoot),
        ...(typical?.imports ? {} : { reason: whyNoModules(fn) }),
      } satisfies ColdStartReport;
    },
  };
}

/** `settled` when the instance has said its last word on its code. */
function settledCache(): { codeCache: CodeCache; settled: Promise<void> } {
  const codes = makeCodeCache('ready');
  let settle: () => void = () => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const open: CodeCache['open'] = (artifact) => {
    const opened = codes.open(artifact);
    return (
      opened && {
        task: opened.task,
        give(name, bytes) {
          opened.give(name, bytes);
          settle();
        },
        end() {
          opened.end();
          settle();
        },
      }
    );
  };
  return { codeCache: { open }, settled };
}

/** Files of the build by what they were built from. */
async function inSources(
  modules: readonly ImportedModule[],
  artifact: Artifact,
  taskRoot: string | undefined,
): Promise<readonly ImportedModule[]> {
  const stacks = makeStackMapper(artifact, taskRoot === undefined ? [] : [taskRoot]);
  await stacks.load();
  return modules.map((module) =>
    module.requiredAt === undefined ? module : { ...module, requiredAt: stacks.map(module.requiredAt) },
  );
}

function initFailure(
  fn: FunctionSpec,
  outcome: {
    readonly status: string;
    readonly error?: { readonly errorType: string; readonly errorMessage: string };
  },
): SlsError {
  const why = outcome.error ? `${outcome.error.errorType}: ${outcome.error.errorMessage}` : outcome.status;
  return new SlsError('init-failed', `${fn.id} could not be started: ${why}`, {
    hint: `see what it prints with: sls-local invoke ${fn.id}`,
  });
}
