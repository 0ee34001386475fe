/** What of a function an instance is started with: another value means another instance. */
import type { FunctionSpec } from '../model/project.ts';

/** Everything besides the artifact, as text to compare. */
export function instanceSettings({
  name,
  runtime,
  env,
  memoryMb,
  tmpMb,
  layers,
  image,
  architecture,
  logging,
  initializationType,
}: FunctionSpec): string {
  return JSON.stringify([
    ...[name, runtime, env, memoryMb, tmpMb, layers, image, architecture],
    ...[logging, initializationType],
  ]);
}
