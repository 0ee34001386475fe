/** ExecuteStatement: one PartiQL statement. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { ApiCall } from '../../../src/model/service-api.ts';
import { Consumption, consumedCapacity } from '../capacity.ts';
import { validationError } from '../errors.ts';
import { structure } from '../input/collections.ts';
import { type ReturnConsumedCapacity, returnConsumedCapacity } from '../input/members.ts';
import { boolean, integer, text } from '../input/scalars.ts';
import { requestDigest } from '../partiql/next-token.ts';
import { statementMembers } from '../partiql/request-members.ts';
import { runSelect } from '../partiql/select.ts';
import { runWrite } from '../partiql/single-statement.ts';
import { readStatement, type Write } from '../partiql/statement.ts';
import { readParameters } from '../partiql/values.ts';
import { defineOperation, type Service } from '../service.ts';

const MAX_TOKEN_LENGTH = 32768;

export const executeStatement = defineOperation({
  name: 'ExecuteStatement',
  input: structure('ExecuteStatementInput', {
    ...statementMembers,
    ConsistentRead: boolean,
    NextToken: text({ minLength: 1, maxLength: MAX_TOKEN_LENGTH }),
    ReturnConsumedCapacity: returnConsumedCapacity,
    Limit: integer({ min: 1 }),
  }),
  run(input, service, call) {
    const { Statement: statement, ReturnConsumedCapacity: capacity } = input;
    const parameters = readParameters(input.Parameters);
    const lowered = readStatement(statement, parameters);
    if (lowered.kind === 'exists')
      throw validationError('EXISTS can only be used in ExecuteTransaction write requests.');
    if (lowered.kind !== 'select') {
      const returnItemOnFailure = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
      return write(service, call, lowered, { returnItemOnFailure, capacity });
    }
    return runSelect(service, {
      select: lowered,
      digest: requestDigest(statement, parameters),
      nextToken: input.NextToken,
      limit: input.Limit,
      consistent: input.ConsistentRead === true,
      capacity,
    });
  },
});

interface WriteOptions {
  readonly returnItemOnFailure: boolean;
  readonly capacity: ReturnConsumedCapacity | undefined;
}

function write(service: Service, call: ApiCall, lowered: Write, options: WriteOptions): JsonObject {
  const { items, committed, table } = runWrite(service, call, lowered, options.returnItemOnFailure);
  return {
    Items: items.map((item) => item as JsonObject),
    ...consumedCapacity(options.capacity, () => {
      const consumption = new Consumption(table);
      return committed ? consumption.addChange(committed) : consumption;
    }),
  };
}
