/** Queues that functions listen to and no file declares (they belong to another stack) are made locally with the usual settings. */
import type { QueueResource, Resource, Trigger } from '../model/project.ts';
import { queueDefaults } from './cloudformation/queues.ts';
import type { Report } from './problems.ts';

export function withUndeclaredQueues(
  resources: readonly Resource[],
  triggers: readonly Trigger[],
  report: Report,
): Resource[] {
  const declared = new Set(
    resources.flatMap((resource) => (resource.kind === 'queue' ? [resource.arn] : [])),
  );
  const added = new Map<string, QueueResource>();
  for (const trigger of triggers) {
    if (trigger.kind !== 'queue' || declared.has(trigger.queueArn) || added.has(trigger.queueArn)) continue;
    const queue = queueOf(trigger.queueArn);
    added.set(trigger.queueArn, queue);
    report({
      severity: 'warning',
      code: 'undeclared-queue',
      message: `the queue "${queue.name}", which ${trigger.functionId} listens to, is not declared in this project; it is made here with the usual settings`,
      hint: 'declare it if it needs a dead-letter queue or other settings',
      ...(trigger.place ? { place: trigger.place } : {}),
    });
  }
  return [...resources, ...added.values()];
}

function queueOf(arn: string): QueueResource {
  const name = arn.split(':').at(-1) ?? arn;
  return {
    kind: 'queue',
    name,
    arn,
    fifo: name.endsWith('.fifo'),
    contentBasedDeduplication: false,
    ...queueDefaults,
  };
}
