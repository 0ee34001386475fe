/** Event source mapping: batches of a queue's messages to a function, and what the outcome does to them. */
import type { EmulatorContext } from '../../src/model/emulator.ts';
import type { Invoked, TraceContext } from '../../src/model/invocation.ts';
import type { QueueTrigger } from '../../src/model/project.ts';
import { ServiceError } from '../_wire/service-error.ts';
import { collectBatch } from './collect.ts';
import { makeQueueEvent } from './event.ts';
import { makeMessageTest } from './filter.ts';
import type { Received } from './message.ts';
import { makePollers } from './pollers.ts';
import type { Queue, Queues } from './queues.ts';
import { settleBatch } from './settle.ts';

export interface Mapping {
  readonly trigger: QueueTrigger;
  /** False once its queue was deleted or it was stopped. */
  readonly running: boolean;
  /** Takes no further messages. Batches under way are still settled. */
  stop(): void;
  /** Settles when no batch is under way. */
  idle(): Promise<void>;
  /** What batches under way still do to their messages no longer counts: the store is about to close. */
  abandon(): void;
}

export function startMapping(
  queues: Queues,
  queue: Queue,
  trigger: QueueTrigger,
  context: EmulatorContext,
): Mapping {
  const stopped = new AbortController();
  const underWay = new Set<Promise<void>>();
  const pollers = makePollers({
    ...{ clock: context.clock, fifo: queue.settings.fifo },
    ...(trigger.maximumConcurrency !== undefined && { maximumConcurrency: trigger.maximumConcurrency }),
    ...(context.deployments && { mostInstances: context.deployments.mostInstances }),
  });
  const accepts = trigger.filterPatterns && makeMessageTest(trigger.filterPatterns, context.region);
  let abandoned = false;

  const poll = async () => {
    while (!stopped.signal.aborted) {
      if (underWay.size >= pollers.allowed()) {
        await pollers.saturated(underWay);
        continue;
      }
      const askedAt = context.clock.now();
      const batch = await collectBatch(queues, context.clock, queue, trigger, stopped.signal, accepts);
      pollers.waited(context.clock.now() - askedAt - trigger.batchWindowMs);
      if (batch.length === 0) continue;
      const run = deliver(batch).finally(() => underWay.delete(run));
      underWay.add(run);
    }
  };

  const deliver = async (batch: readonly Received[]) => {
    const invoked = await invoke(context, queue, trigger, batch);
    if (!abandoned && invoked) settle(queues, queue, trigger, batch, invoked, context.notice);
  };

  poll().catch((failure: unknown) => {
    stopped.abort();
    // The queue was deleted, or the session is closing; anything else is our mistake and must be seen.
    if (failure instanceof ServiceError || abandoned) return;
    context.notice(`the trigger of ${trigger.functionId} on ${queue.name} stopped: ${String(failure)}`);
  });

  return {
    trigger,
    get running() {
      return !stopped.signal.aborted;
    },
    stop: () => stopped.abort(),
    async idle() {
      await Promise.all(underWay);
    },
    abandon() {
      abandoned = true;
    },
  };
}

/** Undefined when the door itself failed; the messages then come back by their visibility timeout. */
async function invoke(
  context: EmulatorContext,
  queue: Queue,
  trigger: QueueTrigger,
  batch: readonly Received[],
): Promise<Invoked | undefined> {
  const [first, ...others] = batch.map(({ message }) => message.origin);
  const links = others.filter(
    (one): one is TraceContext => one !== undefined && one.traceId !== first?.traceId,
  );
  try {
    return await context.deliver({
      functionId: trigger.functionId,
      event: makeQueueEvent(batch, queue.arn, context.region),
      cause: { kind: 'queue', queue: queue.name, messageIds: batch.map(({ message }) => message.id) },
      ...(first && { origin: first }),
      ...(links.length > 0 && { links }),
    });
  } catch (failure) {
    context.notice(
      `a batch of ${queue.name} could not be handed to ${trigger.functionId}: ${String(failure)}`,
    );
    return undefined;
  }
}

function settle(
  queues: Queues,
  queue: Queue,
  trigger: QueueTrigger,
  batch: readonly Received[],
  invoked: Invoked,
  notice: (message: string) => void,
): void {
  const ids = batch.map(({ message }) => message.id);
  const hasDeadLetters = queue.settings.redrive !== undefined;
  const settlement = settleBatch(invoked.outcome, ids, trigger.reportBatchItemFailures, hasDeadLetters);
  const done = new Set(settlement.done);
  queues.store.write(() => {
    for (const received of batch)
      if (done.has(received.message.id)) queues.deleteReceived(queue, received);
      else if (settlement.unseen) queues.uncount(queue, received);
  });
  queues.wake(queue);
  if (settlement.misunderstood !== undefined)
    notice(
      `${trigger.functionId} got a batch of ${queue.name} and ${settlement.misunderstood}; the whole batch counts as failed`,
    );
}
