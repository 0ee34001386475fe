/** `sns` events. */
import type { Trigger } from '../../model/project.ts';
import type { TopicResource } from '../../model/resources.ts';
import { isMap, mapOf, textOf } from '../cloudformation/template.ts';
import { type Fields, makeFields } from '../fields.ts';
import { isTopicArn, makeTopic, makeTopicTrigger, subscriptionFlaw } from '../subscriptions.ts';
import { isUnresolved } from '../unresolved.ts';
import type { Path } from '../yaml.ts';
import type { EventContext } from './event-context.ts';
import { topicKeys } from './known-keys.ts';

/** A topic's name or ARN, or `{ arn, topicName, filterPolicy, … }`. A topic that is only named is made. */
export function lowerTopicEvent(value: unknown, path: Path, context: EventContext): Trigger[] {
  const resolved = context.resolve(value, path);
  if (isUnresolved(resolved)) return [];
  const short = textOf(resolved);
  const section = makeFields(short === undefined ? mapOf(resolved) : shortForm(short), path, context.fields);
  section.unknownKeys(topicKeys);
  const topic = topicOf(section, context);
  if (!topic) return [];
  const attributes = attributesOf(section, context);
  const flaw = subscriptionFlaw(attributes);
  if (flaw !== undefined) {
    section.error({ code: 'invalid-value', message: `${section.subject}: ${flaw}` });
    return [];
  }
  if (topic.declared) context.declare(topic.declared);
  return [{ ...makeTopicTrigger(context.functionId, topic.arn, attributes), place: section.place }];
}

function shortForm(text: string) {
  return text.startsWith('arn:') ? { arn: text } : { topicName: text };
}

interface FoundTopic {
  readonly arn: string;
  /** The framework makes it. */
  readonly declared?: TopicResource;
}

function topicOf(section: Fields, context: EventContext): FoundTopic | undefined {
  const arn = section.text('arn');
  if (isTopicArn(arn)) return { arn };
  const name = section.text('topicName');
  // An ARN in pieces of CloudFormation may be no ARN here; its name is given beside it then.
  if (arn !== undefined || name === undefined || !/^[\w-]{1,256}(\.fifo)?$/.test(name)) {
    if (!isUnresolved(section.values.arn))
      section.error({
        code: 'invalid-value',
        message: `${section.subject}: expected the name or the ARN of a topic, found ${arn ?? name ?? 'none'}`,
        hint: 'such as sns: dispatch, or sns: { arn: !Ref Topic, topicName: dispatch }',
      });
    return undefined;
  }
  const displayName = section.text('displayName');
  const made = makeTopic(context.topicArn(name), {
    ...(displayName === undefined ? {} : { DisplayName: displayName }),
  });
  return { arn: made.arn, declared: { ...made, place: section.place } };
}

function attributesOf(section: Fields, context: EventContext): Record<string, string> {
  const { filterPolicy, redrivePolicy } = section.values;
  const scope = section.text('filterPolicyScope');
  const deadLetterArn = isMap(redrivePolicy)
    ? deadLetterOf(section.map('redrivePolicy'), context)
    : undefined;
  return {
    ...(filterPolicy === undefined || filterPolicy === null
      ? {}
      : { FilterPolicy: typeof filterPolicy === 'string' ? filterPolicy : JSON.stringify(filterPolicy) }),
    ...(scope === undefined ? {} : { FilterPolicyScope: scope }),
    ...(deadLetterArn === undefined
      ? {}
      : { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterArn }) }),
  };
}

/** `deadLetterTargetArn`, the logical id of a queue in `deadLetterTargetRef`, or an import of another stack. */
function deadLetterOf(policy: Fields | undefined, context: EventContext): string | undefined {
  if (!policy) return undefined;
  const arn = policy.text('deadLetterTargetArn');
  if (arn !== undefined) return arn;
  const ref = policy.text('deadLetterTargetRef');
  if (ref !== undefined)
    return textOf(context.resolve({ 'Fn::GetAtt': [ref, 'Arn'] }, [...policy.path, 'deadLetterTargetRef']));
  if (policy.has('deadLetterTargetImport'))
    policy.warn({
      code: 'not-emulated',
      key: 'deadLetterTargetImport',
      message: `${policy.subject}.deadLetterTargetImport names a queue of another stack, which does not exist here`,
    });
  return undefined;
}
