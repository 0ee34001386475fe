/** What goes wrong within queues: messages that come late, in another order, twice, or back while they are handled. */
import type { QueueFaults } from '../model/faults.ts';
import type { Names } from './names.ts';
import type { Plan } from './plan.ts';
import type { QueueAccount } from './queue-account.ts';

const LONGEST_DELAY_MS = 30_000;
/** Enough to be overtaken by what comes soon after. */
const LONGEST_REORDER_MS = 3000;
const LONGEST_COPY_MS = 20_000;
const LONGEST_VISIBILITY_MS = 1500;

export function makeQueueFaults(plan: Plan, names: Names, account: QueueAccount): QueueFaults {
  return {
    sending(queue, origin) {
      const name = names.next(origin, `${queue}.send`);
      const what = `message ${name.replace('.send', '')}`;
      const late = plan.strikes('delay', name, what);
      const overtaken = plan.strikes('reorder', name, what);
      const again = plan.strikes('duplicate', name, what);
      if (late === undefined && overtaken === undefined && again === undefined) return undefined;
      const delayMs = Math.ceil((late ?? 0) * LONGEST_DELAY_MS + (overtaken ?? 0) * LONGEST_REORDER_MS);
      return {
        ...(delayMs > 0 && { delayMs }),
        ...(again !== undefined && { copyAfterMs: delayMs + Math.ceil(again * LONGEST_COPY_MS) }),
      };
    },
    visibilityMs(message) {
      const unit = account.nameOf(message);
      const nth = names.count(`receive ${unit}`);
      const soon = plan.strikes('expire', `${unit}.${nth}`, `receive ${nth} of ${unit}`);
      return soon === undefined ? undefined : Math.ceil(soon * LONGEST_VISIBILITY_MS);
    },
    stored: account.stored,
    received: account.received,
    uncounted: account.uncounted,
    removed: account.removed,
  };
}
