/** Removes what lifecycle rules let expire: at each midnight, UTC, by the product's clock, and at a start what fell due before. */
import type { Timer } from '../../../src/model/platform.ts';
import { messageOf } from '../../../src/std/errors.ts';
import { nowOf, type S3Service } from '../service.ts';
import { expireBucket } from './expire.ts';
import { lifecycleRules } from './rules.ts';

export interface Lifecycle {
  /** Buckets or their rules may have changed. */
  follow(): void;
  stop(): void;
}

const DAY_MS = 24 * 3600 * 1000;

/** Waits only while some bucket has rules. */
export function startLifecycle(service: S3Service, notice: (message: string) => void): Lifecycle {
  let timer: Timer | undefined;
  let isStopped = false;
  let isExpiring = false;

  const ruled = () => service.store.buckets().filter((bucket) => lifecycleRules(bucket).length > 0);

  const expire = async () => {
    if (isExpiring) return;
    isExpiring = true;
    try {
      for (const { name } of ruled()) await expireBucket(service, name, () => isStopped);
    } catch (failure) {
      if (!isStopped) notice(`lifecycle rules could not be applied: ${messageOf(failure)}`);
    } finally {
      isExpiring = false;
    }
  };

  const wait = () => {
    const now = nowOf(service);
    timer = service.clock.after(Math.floor(now / DAY_MS) * DAY_MS + DAY_MS - now, () => {
      timer = undefined;
      void expire();
      follow();
    });
  };

  const follow = () => {
    if (isStopped || timer || ruled().length === 0) return;
    void expire();
    wait();
  };

  return {
    follow,
    stop() {
      isStopped = true;
      timer?.cancel();
    },
  };
}
