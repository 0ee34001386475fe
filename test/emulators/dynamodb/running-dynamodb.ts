/** A running DynamoDB under test, called as the wire calls it. */

import { ServiceError } from '../../../emulators/_wire/service-error.ts';
import { type RunningDynamodb, startDynamodb } from '../../../emulators/dynamodb/index.ts';
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Store } from '../../../src/model/platform.ts';
import type { JsonApi } from '../../../src/model/service-api.ts';
import { callOperation, makeWorld, type World } from '../world.ts';

export interface TestDynamodb {
  readonly world: World;
  readonly running: RunningDynamodb;
  call(operation: string, input: JsonObject): Promise<JsonObject>;
  /** The text the service refuses the call with, behind its code where that is not ValidationException. */
  refusal(operation: string, input: JsonObject): Promise<string>;
  /** The error itself. */
  failure(operation: string, input: JsonObject): Promise<ServiceError>;
  close(): Promise<void>;
}

export async function runDynamodb(store?: Store, clock?: World['clock']): Promise<TestDynamodb> {
  const world = makeWorld(store, clock);
  const running = await startDynamodb(world.context);
  const call = (operation: string, input: JsonObject) =>
    callOperation(running.api as JsonApi, operation, input);
  const failure = async (operation: string, input: JsonObject) => {
    try {
      const answer = await call(operation, input);
      throw new Error(`${operation} was not refused but answered ${JSON.stringify(answer)}`);
    } catch (thrown) {
      if (thrown instanceof ServiceError) return thrown;
      throw thrown;
    }
  };
  return {
    world,
    running,
    call,
    failure,
    async refusal(operation, input) {
      const { code, message, fields } = await failure(operation, input);
      const text = message || String(fields.Message);
      return code === 'ValidationException' ? text : `${code}: ${text}`;
    },
    async close() {
      await running.close();
      await world.store.close();
    },
  };
}

/** `hash` and `range` are `name:type`. */
export function tableInput(name: string, hash: string, range?: string, more: JsonObject = {}): JsonObject {
  const keys = [hash, ...(range ? [range] : [])].map((key) => key.split(':') as [string, string]);
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: keys.map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: keys.map(([AttributeName], i) => ({ AttributeName, KeyType: i === 0 ? 'HASH' : 'RANGE' })),
    ...more,
  };
}

/** Table `orders`: customer (S), id (N); a local index on `day`, global ones on `state` with all or some attributes. */
export const ordersTable: JsonObject = {
  TableName: 'orders',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'customer', AttributeType: 'S' },
    { AttributeName: 'id', AttributeType: 'N' },
    { AttributeName: 'day', AttributeType: 'S' },
    { AttributeName: 'phase', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'customer', KeyType: 'HASH' },
    { AttributeName: 'id', KeyType: 'RANGE' },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: 'by-day',
      KeySchema: [
        { AttributeName: 'customer', KeyType: 'HASH' },
        { AttributeName: 'day', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-phase',
      KeySchema: [{ AttributeName: 'phase', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
    {
      IndexName: 'by-phase-day',
      KeySchema: [
        { AttributeName: 'phase', KeyType: 'HASH' },
        { AttributeName: 'day', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['total'] },
    },
  ],
};

export const order = (customer: string, id: number, more: JsonObject = {}): JsonObject => ({
  customer: { S: customer },
  id: { N: String(id) },
  ...more,
});
