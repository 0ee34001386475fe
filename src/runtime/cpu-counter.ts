/** The CPU time of one event: what its runtime tells of itself, or what the kernel counted from its beginning to its end. */

export interface CpuCounter {
  /** What the kernel has counted up to an event's beginning. */
  begin(): number | undefined;
  /** Milliseconds. `from`: as `begin` answered; undefined when the next event has begun too. `told`: by the runtime. */
  end(from: number | undefined, told: number | undefined, tookMs: number): number | undefined;
}

/** No program is started, does something and ends in less. */
export const SHORT_MS = 2;

/** `read`: milliseconds so far of all that runs in the instance; asked at the beginning and the end of each event. */
export function countByKernel(read: () => number | undefined): CpuCounter {
  return {
    begin: read,
    end(from, told) {
      const now = from === undefined ? undefined : read();
      return from === undefined || now === undefined ? told : Math.max(told ?? 0, now - from);
    },
  };
}

/**
 * For a runtime that tells: the kernel is asked for events it did not live to tell of, and, when it counts `others` too (programs
 * the runtime started), for those that took a while.
 */
export function countByRuntime(read: () => number | undefined, others: boolean): CpuCounter {
  /** What the kernel has counted, and what was told since. */
  let known: number | undefined;
  return {
    begin() {
      if (known !== undefined) return known;
      // The event goes out before, and its answer may come in: asking takes half a millisecond.
      setImmediate(() => {
        known ??= read();
      });
      return 0;
    },
    end(from, told, tookMs) {
      if (told !== undefined && (from === undefined || !others || tookMs < SHORT_MS)) {
        if (known !== undefined) known += told;
        return told;
      }
      const before = known;
      known = from === undefined ? undefined : read();
      return known === undefined || before === undefined ? told : Math.max(told ?? 0, known - before);
    },
  };
}
