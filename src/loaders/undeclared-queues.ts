/** Queues that triggers and subscriptions name and no file declares (they belong to another stack) are made locally with the usual settings. */
import type { Trigger } from '../model/project.ts';
import type { QueueResource, Resource } from '../model/resources.ts';
import { queueDefaults } from './cloudformation/queues.ts';
import { mapOf, textOf } from './cloudformation/template.ts';
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
  for (const user of [...triggers, ...resources]) {
    const { arn, use } = queueUse(user);
    if (arn === undefined || declared.has(arn) || added.has(arn)) continue;
    const queue = queueOf(arn);
    added.set(arn, queue);
    report({
      severity: 'warning',
      code: 'undeclared-queue',
      message: `the queue "${queue.name}", ${use}, is not declared in this project; it is made here with the usual settings`,
      hint: 'declare it if it needs a dead-letter queue or other settings',
      ...(user.place ? { place: user.place } : {}),
    });
  }
  return [...resources, ...added.values()];
}

/** The queue a trigger or a subscription cannot do without. */
function queueUse(user: Trigger | Resource): { readonly arn?: string; readonly use?: string } {
  switch (user.kind) {
    case 'queue':
      return 'queueArn' in user ? { arn: user.queueArn, use: `which ${user.functionId} listens to` } : {};
    case 'table-stream':
    case 'stream':
      return !('functionId' in user) ||
        user.onFailureArn === undefined ||
        !/^arn:[^:]+:sqs:/.test(user.onFailureArn)
        ? {}
        : { arn: user.onFailureArn, use: `which is told what ${user.functionId} fails at` };
    case 'topic':
      return 'functionId' in user && user.deadLetterArn !== undefined
        ? { arn: user.deadLetterArn, use: `which gets what ${user.functionId} could not be handed` }
        : {};
    case 'event-rule': {
      if (!('functionId' in user)) return {};
      const arn = textOf(mapOf(user.target.settings.DeadLetterConfig).Arn);
      return arn === undefined ? {} : { arn, use: `which gets what ${user.functionId} could not be handed` };
    }
    case 'subscription':
      return user.protocol === 'sqs'
        ? { arn: user.endpoint, use: `which is subscribed to ${user.topicArn.split(':').at(-1)}` }
        : {};
    default:
      return {};
  }
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
