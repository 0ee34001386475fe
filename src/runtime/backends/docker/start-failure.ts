/** An engine's refusal to start a container → what the user is told. */
import type { Place } from '../../../model/project.ts';
import { messageOf, SlsError } from '../../../std/errors.ts';
import { EngineError } from './engine.ts';

export function explainStartFailure(failure: unknown, functionId: string, place?: Place): unknown {
  if (failure instanceof SlsError && failure.code === 'runtime-missing' && place)
    return new SlsError(failure.code, `function ${functionId}: ${failure.message}`, {
      ...(failure.hint !== undefined && { hint: failure.hint }),
      ...place,
      cause: failure,
    });
  if (!(failure instanceof EngineError)) return failure;
  const subject = `function ${functionId} cannot be started`;
  if (failure.gone)
    return new SlsError(
      'engine-gone',
      `${subject}: the container engine does not answer (${messageOf(failure)})`,
      {
        hint: 'start the container engine again; the session goes on by itself then',
        cause: failure,
      },
    );
  if (/bind source path does not exist|not shared|mounts denied|Mounts denied/.test(failure.message))
    return new SlsError(
      'engine-mount',
      `${subject}: the container engine does not see a folder of this machine: ${failure.message}`,
      {
        hint: 'share the folder with the engine (its settings for file sharing), or use --backend process',
        cause: failure,
      },
    );
  return new SlsError('container-not-started', `${subject}: ${failure.message}`, { cause: failure });
}

/** The container whose network was to be shared is gone. */
export function isNetworkGone(failure: unknown): boolean {
  return (
    failure instanceof EngineError &&
    /cannot join network|No such container|is not running|non running container/i.test(failure.message)
  );
}
