/**
 * Extensions that are given their time to shut down. All processes share this machine's loopback: an instance that starts
 * meanwhile would find the ports taken on which its own extensions are to listen.
 */
import type { ProcessHandle } from './spawn-instance.ts';

export interface EndingExtensions {
  add(functionId: string, extensions: readonly ProcessHandle[]): void;
  /** Settles when none of the function's is left; whoever ends them bounds the time. */
  gone(functionId: string): Promise<void>;
}

export function makeEndingExtensions(): EndingExtensions {
  const ending = new Map<string, Set<ProcessHandle>>();
  return {
    add(functionId, extensions) {
      if (extensions.length === 0) return;
      const ofFunction = ending.get(functionId) ?? new Set();
      ending.set(functionId, ofFunction);
      for (const extension of extensions) {
        ofFunction.add(extension);
        void extension.exited.then(() => {
          ofFunction.delete(extension);
          if (ofFunction.size === 0 && ending.get(functionId) === ofFunction) ending.delete(functionId);
        });
      }
    },
    async gone(functionId) {
      const extensions = [...(ending.get(functionId) ?? [])];
      await Promise.all(extensions.map(({ exited }) => exited));
    },
  };
}
