/** An instance of `index.handler` in a folder a test has written, over the frame channel. */
import type { Clock } from '../../../../src/model/platform.ts';
import type { Artifact, Backend, DebugTarget } from '../../../../src/model/runtime.ts';
import type { CodeCache } from '../../../../src/runtime/code-cache.ts';
import { makeFramesContract } from '../../../../src/runtime/contracts/frames/frames.ts';
import { makeEnvironment } from '../../../../src/runtime/environment.ts';
import { Instance } from '../../../../src/runtime/instance.ts';
import { randomIds } from '../../../../src/std/ids.ts';
import { begun, payloadOf, sampleFunction } from '../../../suites/running-instance.ts';

export interface FolderInstance {
  readonly folder: string;
  readonly cacheDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly codeCache?: CodeCache | undefined;
  readonly measured?: true;
  /** Default: `nodejs20.x`. */
  readonly runtime?: string;
  readonly onDebugTarget?: (target: DebugTarget) => void;
}

/** It has begun to start. */
export async function openInFolder(
  parts: { readonly backend: Backend; readonly clock: Clock; readonly folder: string },
  { folder, cacheDir, env = {}, codeCache, measured, runtime = 'nodejs20.x', onDebugTarget }: FolderInstance,
): Promise<Instance> {
  const { backend, clock } = parts;
  const fn = {
    ...sampleFunction({ handler: 'index.handler', runtime, env }),
    codeRoot: folder,
  };
  const artifact: Artifact = {
    id: 'built',
    functionId: fn.id,
    dir: folder,
    handler: fn.handler,
    inputs: [],
    ...(cacheDir === undefined ? {} : { cacheDir }),
  };
  const placement = await backend.placement();
  const instanceId = randomIds.hex(4);
  const environment = makeEnvironment({
    clock,
    region: 'eu-west-1',
    endpoint: () => 'http://127.0.0.1:4566',
  });
  return new Instance({
    instanceId,
    fn,
    artifact,
    backend,
    contract: makeFramesContract({
      ...{ folder: parts.folder, clock, ids: randomIds },
      ...(codeCache ? { codeCache } : {}),
      ...(measured ? { measured } : {}),
    }),
    placement,
    env: environment.of(fn, artifact, instanceId, placement),
    clock,
    ...(onDebugTarget ? { onDebugTarget } : {}),
    onIdleLog: () => {},
    onState: () => {},
  });
}

/** What the handler answers to an empty event. */
export async function answerOf(instance: Instance): Promise<unknown> {
  instance.take();
  const { end } = await instance.invoke(
    {
      requestId: 'r',
      event: '{}',
      deadlineAt: Date.now() + 3000,
      invokedFunctionArn: 'arn',
      traceHeader: '',
    },
    3000,
    { onLog: () => {} },
  );
  instance.giveBack();
  return payloadOf(begun(end));
}
