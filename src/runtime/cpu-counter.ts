/** The CPU time of one event: what its runtime tells of itself, or what the kernel counted from its beginning to its end. */

export interface CpuCounter {
  /** What the kernel has counted up to an event's beginning. */
  begin(): number | undefined;
  /** Milliseconds. `from`: as `begin` answered; `told`: by the runtime. */
  end(from: number | undefined, told: number | undefined): number | undefined;
  /** The instance has nothing to do. */
  rest(): void;
}

/**
 * `read`: milliseconds so far of all that runs in the instance. `tells`: the runtime does so, and `read` costs more than it
 * is worth: it is asked between events, for those the runtime does not live to tell of.
 */
export function makeCpuCounter(read: () => number | undefined, tells: boolean): CpuCounter {
  let atRest: number | undefined;
  return {
    begin: () => (tells ? atRest : read()),
    end(from, told) {
      if (tells) atRest = undefined;
      if (tells && told !== undefined) return told;
      const now = from === undefined ? undefined : read();
      if (from === undefined || now === undefined) return told;
      // Of a container: programs that the runtime started are in it too.
      return Math.max(told ?? 0, now - from);
    },
    rest() {
      if (tells) atRest = read();
    },
  };
}
