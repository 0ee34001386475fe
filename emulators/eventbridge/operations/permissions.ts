/** PutPermission and RemovePermission: statements of a bus's policy, which nothing enforces. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { notFound, validation } from '../errors.ts';
import { optionalMap, optionalText, parseMap, requiredText } from '../input.ts';
import type { EventsService } from '../service.ts';
import { busOf } from './rules.ts';

export function makePutPermission(service: EventsService): Operation {
  return (input) => {
    const { record } = busOf(service, input);
    const policy = optionalText(input, 'Policy');
    const statements = policy === undefined ? [statementOf(input, record.arn)] : statementsIn(policy);
    const ids = new Set(statements.map(({ Sid: id }) => id));
    const kept = policy === undefined ? record.statements.filter(({ Sid: id }) => !ids.has(id)) : [];
    service.buses.save({ ...record, statements: [...kept, ...statements] });
    return {};
  };
}

function statementOf(input: JsonObject, arn: string): JsonObject {
  const principal = requiredText(input, 'Principal');
  const condition = optionalMap(input, 'Condition');
  return {
    Sid: requiredText(input, 'StatementId'),
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : { AWS: `arn:aws:iam::${principal}:root` },
    Action: requiredText(input, 'Action'),
    Resource: arn,
    ...(condition && {
      Condition: {
        [requiredText(condition, 'Type')]: {
          [requiredText(condition, 'Key')]: requiredText(condition, 'Value'),
        },
      },
    }),
  };
}

function statementsIn(policy: string): readonly JsonObject[] {
  const statements = parseMap(policy)?.Statement;
  if (!statements) throw validation('The policy is not valid JSON with a Statement.');
  return [statements].flat().filter(isObject);
}

export function makeRemovePermission(service: EventsService): Operation {
  return (input) => {
    const { record } = busOf(service, input);
    if (input.RemoveAllPermissions === true) {
      service.buses.save({ ...record, statements: [] });
      return {};
    }
    const id = requiredText(input, 'StatementId');
    const kept = record.statements.filter(({ Sid: its }) => its !== id);
    if (kept.length === record.statements.length) throw notFound('Statement with the provided id');
    service.buses.save({ ...record, statements: kept });
    return {};
  };
}
