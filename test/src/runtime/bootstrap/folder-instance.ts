/** An instance of `index.handler` in a folder a test has written, in a process, over the frame channel. */
import type { Artifact, DebugTarget } from '../../../../src/model/runtime.ts';
import type { CodeCache } from '../../../../src/runtime/code-cache.ts';
import { makeFramesContract } from '../../../../src/runtime/contracts/frames/frames.ts';
import { makeEnvironment } from '../../../../src/runtime/environment.ts';
import { Instance } from '../../../../src/runtime/instance.ts';
import { randomIds } from '../../../../src/std/ids.ts';
import { begun, payloadOf, sampleFunction } from '../../../suites/running-instance.ts';
import type { openProcessParts } from '../process-parts.ts';

export interface FolderInstance {
  readonly folder: string;
  readonly cacheDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly codeCache?: CodeCache | undefined;
  readonly measured?: true;
  readonly onDebugTarget?: (target: DebugTarget) => void;
}

/** It has begun to start. */
export async function openInFolder(
  parts: ReturnType<typeof openProcessParts>,
  { folder, cacheDir, env = {}, codeCache, measured, onDebugTarget }: FolderInstance,
): Promise<Instance> {
  const { backend, clock } = parts;
  const fn = {
    ...sampleFunction({ handler: 'index.handler', runtime: 'nodejs20.x', env }),
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
