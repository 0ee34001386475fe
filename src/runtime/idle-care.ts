/** What becomes of instances without an event: frozen a moment later, ended when memory is short, least recently used first. */
import type { Clock, Timer } from '../model/platform.ts';
import type { Instance } from './instance.ts';

export interface IdleCareOptions {
  readonly clock: Clock;
  /** Whether background work of functions stands still between events. */
  readonly freeze: boolean;
  /** Memory all instances together may have before idle ones are ended. */
  readonly budgetBytes: number;
  /** All there are. */
  readonly instances: () => Iterable<Instance>;
  readonly retire: (instance: Instance) => void;
}

export interface IdleCare {
  onIdle(instance: Instance): void;
  /** Whether less than the budget is used. */
  hasRoom(): boolean;
  close(): void;
}

/** Events that follow each other more closely find the instance running: stopping and continuing it would cost them 0.1 ms. */
const FREEZE_AFTER_MS = 10;

export function makeIdleCare(options: IdleCareOptions): IdleCare {
  const { clock, freeze, budgetBytes, instances, retire } = options;
  /** Idle, and not looked after yet. */
  const fresh = new Set<Instance>();
  let timer: Timer | undefined;
  let closed = false;

  const usedBytes = () => {
    let sum = 0;
    for (const { memoryBytes } of instances()) sum += memoryBytes ?? 0;
    return sum;
  };

  const look = () => {
    timer = undefined;
    const before = clock.now() - FREEZE_AFTER_MS;
    let next = Number.POSITIVE_INFINITY;
    for (const instance of fresh) {
      if (instance.state === 'idle' && instance.idleSince > before) {
        next = Math.min(next, instance.idleSince);
        continue;
      }
      fresh.delete(instance);
      if (instance.state === 'idle') instance.rest(freeze);
    }
    if (fresh.size > 0) timer = clock.after(next - before, look);
    keepToBudget();
  };

  /** The one used last stays, whatever it takes. */
  const keepToBudget = () => {
    let over = usedBytes() - budgetBytes;
    if (over <= 0) return;
    const idle = [...instances()]
      .filter(({ state }) => state === 'idle')
      .sort((a, b) => a.idleSince - b.idleSince);
    for (const instance of idle.slice(0, -1)) {
      if (over <= 0) return;
      over -= instance.memoryBytes ?? 0;
      retire(instance);
    }
  };

  return {
    onIdle(instance) {
      fresh.add(instance);
      if (!closed) timer ??= clock.after(FREEZE_AFTER_MS, look);
    },
    hasRoom: () => usedBytes() < budgetBytes,
    close() {
      closed = true;
      timer?.cancel();
    },
  };
}
