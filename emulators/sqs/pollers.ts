/** How many batches of a trigger may run at once, as the service scales its pollers with the work there is. */
import type { Clock } from '../../src/model/platform.ts';

/** Source of these: Lambda guide, "Configuring scaling behavior for SQS event source mappings". */
const FIRST = 5;
const MORE_PER_MINUTE = 300;
const MOST = 1250;

/** No batch in this time: traffic is low. The guide names no time. */
const IDLE_MS = 1000;
const STEP_MS = 60_000 / MORE_PER_MINUTE;

export interface PollerOptions {
  readonly clock: Clock;
  readonly maximumConcurrency?: number;
  /** Instances a function may have here: what waits for one any longer only grows older. */
  readonly mostInstances?: number;
  /** Groups of a FIFO queue bound its batches; there are no steps. */
  readonly fifo: boolean;
}

export interface Pollers {
  /** Batches that may run now. */
  allowed(): number;
  /** All allowed ones run; resolves when one of them ends, or one more is allowed. */
  saturated(underWay: Iterable<Promise<void>>): Promise<void>;
  /** A batch was waited for so long. */
  waited(ms: number): void;
}

export function makePollers(options: PollerOptions): Pollers {
  const { clock, maximumConcurrency = MOST, mostInstances = MOST, fifo } = options;
  const most = Math.min(maximumConcurrency, mostInstances, MOST);
  const first = fifo ? most : Math.min(FIRST, most);
  /** Since when there has been more work than pollers. */
  let since: number | undefined;

  const allowed = () =>
    since === undefined ? first : Math.min(most, first + Math.floor((clock.now() - since) / STEP_MS));

  return {
    allowed,
    async saturated(underWay) {
      since ??= clock.now();
      if (allowed() === most) return Promise.race(underWay);
      let grown = () => {};
      const more = new Promise<void>((resolve) => {
        grown = resolve;
      });
      const timer = clock.after(STEP_MS - ((clock.now() - since) % STEP_MS), grown);
      await Promise.race([...underWay, more]).finally(() => timer.cancel());
    },
    waited(ms) {
      if (ms > IDLE_MS) since = undefined;
    },
  };
}
