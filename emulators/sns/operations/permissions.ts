/** AddPermission and RemovePermission: statements of a topic's policy, which nothing enforces. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { invalidParameter } from '../errors.ts';
import { parseObject, requiredText, textList } from '../input.ts';
import type { SnsService } from '../service.ts';
import { describeTopicAttributes } from '../topic-attributes.ts';
import type { Topic } from '../topics.ts';
import { topicOf } from './topics.ts';

export function makeAddPermission(service: SnsService): Operation {
  return (input) => {
    const topic = topicOf(service.topics, input);
    const label = requiredText(input, 'Label');
    const accounts = textList(input, 'AWSAccountId');
    const actions = textList(input, 'ActionName');
    const { policy, statements } = policyOf(topic, service);
    if (statements.some(({ Sid: sid }) => sid === label)) throw invalidParameter('Statement already exists');
    if (!actions.every((action) => ACTIONS.has(action.toLowerCase())))
      throw invalidParameter('Policy statement action out of service scope!');
    const statement = {
      Sid: label,
      Effect: 'Allow',
      Principal: { AWS: oneOrAll(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
      Action: oneOrAll(actions.map((action) => `SNS:${action}`)),
      Resource: topic.arn,
    };
    save(service, topic, { ...policy, Statement: [...statements, statement] });
    return undefined;
  };
}

/** Source: SNS guide, "Actions defined by Amazon SNS", those that topics' policies take. */
const ACTIONS: ReadonlySet<string> = new Set([
  'publish',
  'subscribe',
  'receive',
  'addpermission',
  'removepermission',
  'deletetopic',
  'gettopicattributes',
  'settopicattributes',
  'listsubscriptionsbytopic',
  'getdataprotectionpolicy',
  'putdataprotectionpolicy',
  '*',
]);

/** Policies have no list of one. */
function oneOrAll(values: string[]): string | string[] {
  const [first, ...more] = values;
  return first !== undefined && more.length === 0 ? first : values;
}

export function makeRemovePermission(service: SnsService): Operation {
  return (input) => {
    const topic = topicOf(service.topics, input);
    const label = requiredText(input, 'Label');
    const { policy, statements } = policyOf(topic, service);
    save(service, topic, { ...policy, Statement: statements.filter(({ Sid: sid }) => sid !== label) });
    return undefined;
  };
}

function policyOf({ arn, fifo, record }: Topic, { accountId }: SnsService) {
  const facts = { arn, accountId, fifo, attributes: record.attributes, confirmed: 0, pending: 0, deleted: 0 };
  const policy = parseObject(String(describeTopicAttributes(facts).Policy)) ?? {};
  const statements = Array.isArray(policy.Statement) ? policy.Statement.filter(isObject) : [];
  return { policy, statements };
}

function save({ topics }: SnsService, { record }: Topic, policy: JsonObject): void {
  topics.save({ ...record, attributes: { ...record.attributes, Policy: JSON.stringify(policy) } });
}
