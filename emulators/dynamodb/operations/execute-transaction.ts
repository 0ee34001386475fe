/** ExecuteTransaction: up to 100 PartiQL statements, all or none. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { ApiCall } from '../../../src/model/service-api.ts';
import { Consumption, consumedCapacities, readUnits } from '../capacity.ts';
import { validationError } from '../errors.ts';
import { list, required, structure } from '../input/collections.ts';
import { type ReturnConsumedCapacity, returnConsumedCapacity } from '../input/members.ts';
import { text } from '../input/scalars.ts';
import type { TypeOf } from '../input/shape.ts';
import { statementMembers } from '../partiql/request-members.ts';
import { readStatement, type Select } from '../partiql/statement.ts';
import {
  type CheckOrWrite,
  inStatement,
  locateReads,
  locateWrites,
} from '../partiql/transaction-statements.ts';
import { readParameters } from '../partiql/values.ts';
import { defineOperation, type Service } from '../service.ts';
import { itemSize, valueSize } from '../values/item-size.ts';
import { decide, isIdle } from '../writing/item-write.ts';
import { consumedAgain, unitsOfReplay } from '../writing/replay.ts';
import {
  allOrCancel,
  attempt,
  checkTransactionSize,
  MAX_TRANSACTION_ACTIONS,
} from '../writing/transaction.ts';
import { consumptionsOf } from './transact-write-items.ts';

const parameterizedStatement = structure('ParameterizedStatement', statementMembers);
type ParameterizedStatement = TypeOf<typeof parameterizedStatement>;

export const executeTransaction = defineOperation({
  name: 'ExecuteTransaction',
  input: structure('ExecuteTransactionInput', {
    TransactStatements: required(
      list(parameterizedStatement, { minLength: 1, maxLength: MAX_TRANSACTION_ACTIONS }),
    ),
    ClientRequestToken: text({ minLength: 1, maxLength: 36 }),
    ReturnConsumedCapacity: returnConsumedCapacity,
  }),
  run(input, service, call) {
    const { ClientRequestToken: token, ReturnConsumedCapacity: capacity } = input;
    const request = token === undefined ? '' : JSON.stringify(input.TransactStatements);
    const repeated = token === undefined ? undefined : service.tokens.find(token, request);
    if (repeated) return { Responses: [], ...consumedAgain(repeated, capacity) };
    const { reads, writes, writtenBytes } = readAll(input.TransactStatements);
    if (reads.length > 0) return runReads(service, reads, capacity);
    checkTransactionSize(writtenBytes);
    const decided = runWrites(service, call, writes);
    if (token !== undefined) service.tokens.remember(token, request, unitsOfReplay(decided.changes));
    return { Responses: [], ...consumedCapacities(capacity, decided.consumptions) };
  },
});

interface Statements {
  readonly reads: readonly Select[];
  readonly writes: readonly CheckOrWrite[];
  /** Of the item or the parameters each write brings. */
  readonly writtenBytes: readonly number[];
}

/** Parameters of all statements first, as the service does. */
function readAll(statements: readonly ParameterizedStatement[]): Statements {
  const parameters = statements.map((statement) => readParameters(statement.Parameters));
  const reads: Select[] = [];
  const writes: CheckOrWrite[] = [];
  const writtenBytes: number[] = [];
  for (const [i, statement] of statements.entries()) {
    const given = parameters[i] ?? [];
    const lowered = inStatement(i, () => readStatement(statement.Statement, given));
    const returnItemOnFailure = statement.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    if (lowered.kind === 'select') reads.push(lowered);
    else {
      writes.push({ lowered, returnItemOnFailure });
      writtenBytes.push(
        lowered.kind === 'insert'
          ? itemSize(lowered.item)
          : given.reduce((size, value) => size + valueSize(value), 0),
      );
    }
  }
  if (reads.length > 0 && writes.length > 0)
    throw validationError(
      'ExecuteTransaction API does not support both read and write operations in the same request.',
    );
  return { reads, writes, writtenBytes };
}

function runReads(
  service: Service,
  reads: readonly Select[],
  capacity: ReturnConsumedCapacity | undefined,
): JsonObject {
  const found = locateReads(service, reads).map(({ table, read }) => ({ table, ...read(service) }));
  checkTransactionSize(found.map(({ stored }) => stored?.size ?? 0));
  const consumptions = new Map<string, Consumption>();
  const responses = found.map(({ table, stored, item }): JsonObject => {
    const consumption = consumptions.get(table.name) ?? new Consumption(table, 'read');
    consumptions.set(table.name, consumption.addTable(2 * readUnits(stored?.size ?? 0, true)));
    return item ? { Item: item as JsonObject } : {};
  });
  return { Responses: responses, ...consumedCapacities(capacity, () => consumptions.values()) };
}

function runWrites(service: Service, call: ApiCall, writes: readonly CheckOrWrite[]) {
  const located = locateWrites(service, writes);
  const changes = allOrCancel(located.map((write) => attempt(() => decide(service, write))));
  const written = changes.filter((change, i) => writes[i]?.lowered.kind !== 'exists' && !isIdle(change));
  const committed = service.tables.commit(written, { kind: 'call', origin: call.origin });
  return { changes, consumptions: () => consumptionsOf(changes, committed) };
}
