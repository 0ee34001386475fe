/** Statements against a running DynamoDB under test. */
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';

export interface TestPartiql {
  readonly db: TestDynamodb;
  /** Answers all of it. */
  run(statement: string, more?: JsonObject): Promise<JsonObject>;
  /** The items of one page. */
  items(statement: string, ...parameters: JsonObject[]): Promise<readonly JsonObject[]>;
  /** The text it is refused with, behind its code where that is not ValidationException. */
  refusal(statement: string, ...parameters: JsonObject[]): Promise<string>;
  get(table: string, key: JsonObject): Promise<JsonObject | undefined>;
  put(table: string, item: JsonObject): Promise<void>;
}

const withParameters = (parameters: readonly JsonObject[]): JsonObject =>
  parameters.length > 0 ? { Parameters: [...parameters] } : {};

/** Tables `things` (pk: S) and `pairs` (pk: S, sk: S). */
export async function runPartiql(): Promise<TestPartiql> {
  const db = await runDynamodb();
  await db.call('CreateTable', tableInput('things', 'pk:S'));
  await db.call('CreateTable', tableInput('pairs', 'pk:S', 'sk:S'));
  const run = (statement: string, more: JsonObject = {}) =>
    db.call('ExecuteStatement', { Statement: statement, ...more });
  return {
    db,
    run,
    items: async (statement, ...parameters) =>
      (await run(statement, withParameters(parameters))).Items as readonly JsonObject[],
    refusal: (statement, ...parameters) =>
      db.refusal('ExecuteStatement', { Statement: statement, ...withParameters(parameters) }),
    get: async (TableName, Key) =>
      (await db.call('GetItem', { TableName, Key, ConsistentRead: true })).Item as JsonObject | undefined,
    put: async (TableName, Item) => {
      await db.call('PutItem', { TableName, Item });
    },
  };
}
