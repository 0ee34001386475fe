/** BatchExecuteStatement: up to 25 PartiQL statements, each with its own success or error. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { ApiCall } from '../../../src/model/service-api.ts';
import { ServiceError } from '../../_wire/service-error.ts';
import { Consumption, readUnits } from '../capacity.ts';
import { validationError } from '../errors.ts';
import { list, required, structure } from '../input/collections.ts';
import { returnConsumedCapacity } from '../input/members.ts';
import { boolean } from '../input/scalars.ts';
import type { TypeOf } from '../input/shape.ts';
import { statementMembers } from '../partiql/request-members.ts';
import { keyedRead, runWrite } from '../partiql/single-statement.ts';
import { type Lowered, readStatement, type Select, type Write } from '../partiql/statement.ts';
import { readParameters } from '../partiql/values.ts';
import { defineOperation, type Service, tableNameOf, tableOf } from '../service.ts';
import type { Item } from '../values/attribute-value.ts';

const MAX_STATEMENTS = 25;

const batchStatement = structure('BatchStatementRequest', { ...statementMembers, ConsistentRead: boolean });
type BatchStatement = TypeOf<typeof batchStatement>;

interface Result {
  readonly response: JsonObject;
  readonly consumption?: Consumption;
}

export const batchExecuteStatement = defineOperation({
  name: 'BatchExecuteStatement',
  input: structure('BatchExecuteStatementInput', {
    Statements: required(list(batchStatement, { minLength: 1, maxLength: MAX_STATEMENTS })),
    ReturnConsumedCapacity: returnConsumedCapacity,
  }),
  run(input, service, call) {
    const statements = input.Statements.map((request) => attempt(() => read(request)));
    checkOneKind(statements);
    const results = statements.map((statement, i): Result => {
      const request = input.Statements[i];
      if (!('done' in statement) || !request) return { response: errorOf(statement) };
      return run(service, call, statement.done, request);
    });
    const mode = input.ReturnConsumedCapacity;
    const reports = results.flatMap(({ consumption }) =>
      consumption && mode !== undefined && mode !== 'NONE' ? [consumption.report(mode)] : [],
    );
    return {
      Responses: results.map(({ response }) => response),
      ...(mode !== undefined && mode !== 'NONE' && { ConsumedCapacity: reports }),
    };
  },
});

function read(request: BatchStatement): Select | Write {
  const lowered = readStatement(request.Statement, readParameters(request.Parameters));
  if (lowered.kind !== 'exists') return lowered;
  throw validationError('EXISTS can only be used in ExecuteTransaction write requests.');
}

function checkOneKind(statements: readonly Attempt<Lowered>[]): void {
  const kinds = statements.flatMap((each) => ('done' in each ? [each.done.kind === 'select'] : []));
  if (new Set(kinds).size > 1)
    throw validationError(
      'BatchExecuteStatement API does not support both read and write operations in the same request.',
    );
}

function run(service: Service, call: ApiCall, lowered: Select | Write, request: BatchStatement): Result {
  const { table: name } = lowered.source;
  return lowered.kind === 'select'
    ? runRead(service, lowered, request.ConsistentRead === true)
    : runOneWrite(service, call, lowered, name, request);
}

function runRead(service: Service, select: Select, consistent: boolean): Result {
  const found = attempt(() =>
    keyedRead(tableOf(service, select.source.table), select, 'BatchExecuteStatement').locate(),
  );
  if (!('done' in found)) return { response: errorOf(found) };
  const { table } = found.done;
  const { stored, item } = found.done.read(service);
  const consumption = new Consumption(table).addTable(readUnits(stored?.size ?? 0, consistent));
  return { response: responseOf(table.name, item), consumption };
}

/** The table is named once the statement reached it. */
function runOneWrite(
  service: Service,
  call: ApiCall,
  write: Write,
  tableName: string,
  request: BatchStatement,
): Result {
  const returnItemOnFailure = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  const tried = attempt(() => runWrite(service, call, write, returnItemOnFailure));
  if (!('done' in tried)) {
    const reached = service.tables.find(tableNameOf(tableName)) !== undefined;
    return { response: { ...errorOf(tried), ...(reached && { TableName: tableName }) } };
  }
  const { table, items, committed } = tried.done;
  const consumption = new Consumption(table);
  if (committed) consumption.addChange(committed);
  return { response: responseOf(table.name, items[0]), consumption };
}

function responseOf(tableName: string, item: Item | undefined): JsonObject {
  return { TableName: tableName, ...(item && { Item: item as JsonObject }) };
}

type Attempt<T> = { readonly done: T } | { readonly failure: ServiceError };

function attempt<T>(action: () => T): Attempt<T> {
  try {
    return { done: action() };
  } catch (failure) {
    if (failure instanceof ServiceError) return { failure };
    throw failure;
  }
}

/** Codes have no `Exception` at their end here, and validation has a word of its own. */
function errorOf(attempted: Attempt<unknown>): JsonObject {
  if (!('failure' in attempted)) return {};
  const { code, message, fields } = attempted.failure;
  const short = code.replace(/Exception$/, '');
  const { Item: item } = fields;
  return {
    Error: {
      Code: short === 'Validation' ? 'ValidationError' : short,
      Message: message,
      ...(item !== undefined && { Item: item }),
    },
  };
}
