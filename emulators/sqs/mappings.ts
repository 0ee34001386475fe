/** Keeps one event source mapping running for each enabled queue trigger of the project. */
import type { EmulatorContext } from '../../src/model/emulator.ts';
import type { QueueTrigger } from '../../src/model/project.ts';
import { messageOf } from '../../src/std/errors.ts';
import { settledWithin } from '../../src/std/grace.ts';
import { type Mapping, startMapping } from './deliver.ts';
import { nameOfArn } from './queue-names.ts';
import type { Queue, Queues } from './queues.ts';

export interface Mappings {
  /** Starts what is new, stops what is gone or disabled, restarts what changed. */
  apply(triggers: readonly QueueTrigger[]): void;
  /** Takes no more messages, gives batches under way `graceMs` of real time, then forgets them. */
  close(graceMs: number): Promise<void>;
}

export function makeMappings(queues: Queues, context: EmulatorContext): Mappings {
  const running = new Map<string, Mapping>();
  /** Stopped, but with batches still under way. */
  const ending = new Set<Mapping>();
  let wanted: readonly QueueTrigger[] = [];

  const stop = (key: string, mapping: Mapping) => {
    mapping.stop();
    running.delete(key);
    ending.add(mapping);
    void mapping.idle().finally(() => ending.delete(mapping));
  };

  const startMissing = () => {
    for (const trigger of wanted) {
      const key = keyOf(trigger);
      const queue = queues.find(nameOfArn(trigger.queueArn) ?? '');
      if (!queue || running.get(key)?.running) continue;
      warnOfShortVisibility(context, queue, trigger);
      try {
        running.set(key, startMapping(queues, queue, trigger, context));
      } catch (failure) {
        context.notice(`${trigger.functionId} gets nothing of ${queue.name}: ${messageOf(failure)}`);
      }
    }
  };
  queues.onCreated(startMissing);

  return {
    apply(triggers) {
      wanted = triggers.filter((trigger) => trigger.enabled);
      const keys = new Set(wanted.map(keyOf));
      for (const [key, mapping] of running) if (!keys.has(key)) stop(key, mapping);
      startMissing();
    },
    async close(graceMs) {
      wanted = [];
      for (const [key, mapping] of running) stop(key, mapping);
      const all = [...ending];
      await settledWithin(
        graceMs,
        all.map((mapping) => mapping.idle()),
      );
      for (const mapping of all) mapping.abandon();
    },
  };
}

/** All that makes a mapping behave as it does, so that a change of it makes another mapping. Its place in the file does not. */
function keyOf({ place: _, ...trigger }: QueueTrigger): string {
  return JSON.stringify(trigger);
}

function warnOfShortVisibility(context: EmulatorContext, queue: Queue, trigger: QueueTrigger): void {
  const fn = context.functions().find((one) => one.id === trigger.functionId);
  const { visibilityMs } = queue.settings;
  if (!fn || visibilityMs >= fn.timeoutMs) return;
  context.notice(
    `the visibility timeout of ${queue.name} (${visibilityMs / 1000} s) is shorter than the timeout of ${fn.id} (${fn.timeoutMs / 1000} s): the cloud refuses this trigger`,
  );
}
