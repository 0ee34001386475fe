/** Topics that are subscribed to and that no file declares (they belong to another stack) are made locally. */
import type { Trigger } from '../model/project.ts';
import type { Resource, TopicResource } from '../model/resources.ts';
import type { Report } from './problems.ts';
import { makeTopic } from './subscriptions.ts';

export function withUndeclaredTopics(
  resources: readonly Resource[],
  triggers: readonly Trigger[],
  report: Report,
): Resource[] {
  const known = new Set(resources.flatMap((resource) => (resource.kind === 'topic' ? [resource.arn] : [])));
  const added: TopicResource[] = [];
  const uses = [
    ...triggers.flatMap((trigger) =>
      trigger.kind === 'topic' ? [{ ...trigger, use: `which ${trigger.functionId} is subscribed to` }] : [],
    ),
    ...resources.flatMap((resource) =>
      resource.kind === 'subscription'
        ? [{ ...resource, use: `which ${resource.protocol} ${resource.endpoint} is subscribed to` }]
        : [],
    ),
  ];
  for (const { topicArn, use, place } of uses) {
    if (known.has(topicArn)) continue;
    known.add(topicArn);
    const topic = makeTopic(topicArn, {});
    added.push(topic);
    report({
      severity: 'warning',
      code: 'undeclared-topic',
      message: `the topic "${topic.name}", ${use}, is not declared in this project; it is made here`,
      hint: 'whatever publishes to it in the cloud does not run here: publish with aws sns publish',
      ...(place ? { place } : {}),
    });
  }
  return [...resources, ...added];
}
