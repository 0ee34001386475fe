/** Queues that triggers name and no file declares (they belong to another stack) are made locally with the usual settings. */
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
    const { arn, use } = queueUse(trigger);
    if (arn === undefined || declared.has(arn) || added.has(arn)) continue;
    const queue = queueOf(arn);
    added.set(arn, queue);
    report({
      severity: 'warning',
      code: 'undeclared-queue',
      message: `the queue "${queue.name}", ${use}, is not declared in this project; it is made here with the usual settings`,
      hint: 'declare it if it needs a dead-letter queue or other settings',
      ...(trigger.place ? { place: trigger.place } : {}),
    });
  }
  return [...resources, ...added.values()];
}

/** The queue a trigger cannot do without. */
function queueUse(trigger: Trigger): { readonly arn?: string; readonly use?: string } {
  const { kind, functionId } = trigger;
  if (kind === 'queue') return { arn: trigger.queueArn, use: `which ${functionId} listens to` };
  if (kind !== 'table-stream' || trigger.onFailureArn === undefined) return {};
  return { arn: trigger.onFailureArn, use: `which is told what ${functionId} fails at` };
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
