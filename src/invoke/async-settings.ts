/** Which settings count for an asynchronous event: those of the alias it was sent to, else those of the function or version. */
import type { FunctionSpec } from '../model/project.ts';

/** The function with the settings that count as its own. `invokedArn`: what the caller named. */
export function withEventSettings(fn: FunctionSpec, invokedArn: string | undefined): FunctionSpec {
  if (!fn.aliasAsyncEvents || invokedArn === undefined) return fn;
  const asyncEvents = fn.aliasAsyncEvents[invokedArn.slice(invokedArn.lastIndexOf(':') + 1)];
  return asyncEvents ? { ...fn, asyncEvents } : fn;
}
