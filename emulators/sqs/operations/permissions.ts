/** AddPermission and RemovePermission: kept in the queue's policy, which nothing enforces here. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { invalidValue } from '../errors.ts';
import { queueOf, requiredText, textList } from '../input.ts';
import type { Queue, Queues } from '../queues.ts';

export function makeAddPermission(queues: Queues): Operation {
  return (input) => {
    const queue = queueOf(queues, input);
    const label = requiredText(input, 'Label');
    const statements = statementsOf(queue);
    if (statements.some((statement) => statement.Sid === label))
      throw invalidValue(label, 'Label', 'Already exists.');
    const principals = textList(input, 'AWSAccountIds').map((account) => `arn:aws:iam::${account}:root`);
    const actions = textList(input, 'Actions').map((action) => `SQS:${action}`);
    save(queues, queue, [
      ...statements,
      {
        Sid: label,
        Effect: 'Allow',
        Principal: { AWS: single(principals) },
        Action: single(actions),
        Resource: queue.arn,
      },
    ]);
    return undefined;
  };
}

export function makeRemovePermission(queues: Queues): Operation {
  return (input) => {
    const queue = queueOf(queues, input);
    const label = requiredText(input, 'Label');
    const statements = statementsOf(queue);
    const rest = statements.filter((statement) => statement.Sid !== label);
    if (rest.length === statements.length) throw invalidValue(label, 'Label', "can't find label.");
    save(queues, queue, rest);
    return undefined;
  };
}

function statementsOf(queue: Queue): JsonObject[] {
  const policy: unknown = JSON.parse(queue.record.attributes.Policy || '{}');
  const { Statement: statements } = policy as JsonObject;
  return Array.isArray(statements) ? statements.filter(isObject) : [];
}

function save(queues: Queues, queue: Queue, statements: JsonObject[]): void {
  const { Policy: _, ...rest } = queue.record.attributes;
  const policy = { Version: '2008-10-17', Id: `${queue.arn}/SQSDefaultPolicy`, Statement: statements };
  queues.change(queue, {
    attributes: statements.length === 0 ? rest : { ...rest, Policy: JSON.stringify(policy) },
  });
}

function single(values: readonly string[]): string | string[] {
  return values.length === 1 ? (values[0] ?? '') : [...values];
}
