/** While a debugger holds an instance, time stands still: the product's clock, and afterwards what the function sees of it. */
import type { FreezableClock } from '../std/clock.ts';

export interface Pause {
  readonly held: boolean;
  begin(): void;
  /** Balanced by itself: ending what has not begun does nothing. */
  end(): void;
  /** Real milliseconds since `begin`, counted once: the next call counts from this one. */
  takeHeldMs(): number;
}

export function makePause(clock: FreezableClock): Pause {
  let since: number | undefined;
  return {
    get held() {
      return since !== undefined;
    },
    begin() {
      if (since !== undefined) return;
      since = performance.now();
      clock.freeze();
    },
    end() {
      if (since === undefined) return;
      since = undefined;
      clock.thaw();
    },
    takeHeldMs() {
      if (since === undefined) return 0;
      const now = performance.now();
      const ms = now - since;
      since = now;
      return ms;
    },
  };
}

/** The script that the expression below makes: no debugger needs to hear of it, and each would load it. */
export const PAUSE_SCRIPT = 'sls-local:pause';

/** Subtracts the pause from the function's own time; the bootstrap defines the hook, other runtimes have none. */
export function pauseExpression(ms: number): string {
  return `globalThis.__slsPause?.(${ms.toFixed(3)})\n//# sourceURL=${PAUSE_SCRIPT}`;
}
