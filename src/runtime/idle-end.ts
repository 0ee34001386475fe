/** Ends idle instances: those nobody has used for long, and the least recently used one where there are too many. */
import type { Clock, Timer } from '../model/platform.ts';
import type { FunctionSlot } from './function-slot.ts';
import type { Instance } from './instance.ts';
import type { PoolLimits } from './pool-seam.ts';

export interface IdleEndOptions {
  readonly clock: Clock;
  readonly limits: Pick<PoolLimits, 'idleMs' | 'total'>;
  readonly slots: () => Iterable<FunctionSlot>;
  readonly retire: (instance: Instance) => void;
}

export interface IdleEnd {
  /** An instance has become idle. */
  watch(): void;
  /** The total is a wish: where nothing is idle, an event that waits counts more (it may be what another one waits for). */
  makeRoom(): void;
  close(): void;
}

export function makeIdleEnd({ clock, limits, slots, retire }: IdleEndOptions): IdleEnd {
  let timer: Timer | undefined;

  const endOld = () => {
    const before = clock.now() - limits.idleMs;
    let next = Number.POSITIVE_INFINITY;
    for (const slot of slots()) {
      const old = slot.idle.filter((candidate) => candidate.idleSince <= before);
      for (const instance of old.slice(0, slot.spare)) retire(instance);
      if (slot.spare > 0) next = Math.min(next, slot.idle[0]?.idleSince ?? next);
    }
    timer = next === Number.POSITIVE_INFINITY ? undefined : clock.after(next - before, endOld);
  };

  return {
    watch() {
      timer ??= clock.after(limits.idleMs, endOld);
    },
    makeRoom() {
      let total = 0;
      let oldest: Instance | undefined;
      for (const slot of slots()) {
        total += slot.instances.size;
        const first = slot.spare > 0 ? slot.idle[0] : undefined;
        if (first && (!oldest || first.idleSince < oldest.idleSince)) oldest = first;
      }
      if (total >= limits.total && oldest) retire(oldest);
    },
    close: () => timer?.cancel(),
  };
}
