/** Remembers what a debugger set up, to set up the same in an instance that comes later. */
import { breakpointIdOf } from './breakpoint-id.ts';
import type { CdpParams } from './cdp.ts';

export interface Setup {
  readonly method: string;
  readonly params: CdpParams;
}

export interface Sticky {
  /** Takes note of a command; true when it is one that every instance must be told. */
  note(method: string, params: CdpParams): boolean;
  /** In the order in which they were first set. */
  list(): readonly Setup[];
  has(method: string): boolean;
}

/** A later command with the same method replaces the earlier one. */
const SETTINGS = new Set([
  'Debugger.enable',
  'Debugger.setAsyncCallStackDepth',
  'Debugger.setBlackboxPatterns',
  'Debugger.setBreakpointsActive',
  'Debugger.setPauseOnExceptions',
  'Debugger.setSkipAllPauses',
  'Profiler.enable',
  'Runtime.enable',
  'Runtime.setAsyncCallStackDepth',
  'Runtime.setCustomObjectFormatterEnabled',
]);
const ENDS: Readonly<Record<string, readonly string[]>> = {
  'Debugger.disable': ['Debugger.'],
  'Runtime.disable': ['Runtime.enable'],
  'Profiler.disable': ['Profiler.enable'],
};

export function makeSticky(): Sticky {
  const kept = new Map<string, Setup>();
  return {
    note(method, params) {
      const ends = ENDS[method];
      if (ends) {
        for (const [key, { method: earlier }] of kept)
          if (ends.some((start) => earlier.startsWith(start))) kept.delete(key);
        return true;
      }
      if (method === 'Debugger.removeBreakpoint') {
        kept.delete(String(params.breakpointId));
        return true;
      }
      const key = SETTINGS.has(method) ? method : breakpointIdOf(method, params);
      if (key === undefined) return false;
      kept.set(key, { method, params });
      return true;
    },
    list: () => [...kept.values()],
    has: (method) => kept.has(method),
  };
}
