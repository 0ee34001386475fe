/** A table `orders` (key `id`) with a stream, and a function that follows it. */
import type { RunningDynamodb } from '../../../../emulators/dynamodb/index.ts';
import { startDynamodb } from '../../../../emulators/dynamodb/index.ts';
import type { DeliverRequest, JsonObject } from '../../../../src/model/emulator.ts';
import type { Store } from '../../../../src/model/platform.ts';
import type { TableStreamTrigger } from '../../../../src/model/project.ts';
import { LATEST_STREAM_LABEL, type TableResource } from '../../../../src/model/resources.ts';
import type { JsonApi } from '../../../../src/model/service-api.ts';
import { callOperation, makeCall, makeWorld, type World } from '../../world.ts';

export const STREAM_ARN = `arn:aws:dynamodb:eu-west-1:000000000000:table/orders/stream/${LATEST_STREAM_LABEL}`;
export const QUEUE_ARN = 'arn:aws:sqs:eu-west-1:000000000000:given-up';

export function makeTrigger(overrides: Partial<TableStreamTrigger> = {}): TableStreamTrigger {
  return {
    kind: 'table-stream',
    functionId: 'worker',
    streamArn: STREAM_ARN,
    batchSize: 100,
    batchWindowMs: 0,
    startingPosition: 'LATEST',
    parallelizationFactor: 1,
    bisectBatchOnFunctionError: false,
    reportBatchItemFailures: false,
    enabled: true,
    ...overrides,
  };
}

export function makeTable(overrides: Partial<TableResource> = {}): TableResource {
  return {
    kind: 'table',
    name: 'orders',
    attributes: { id: 'S' },
    key: { hash: 'id' },
    globalIndexes: [],
    localIndexes: [],
    billingMode: 'PAY_PER_REQUEST',
    streamView: 'NEW_AND_OLD_IMAGES',
    ...overrides,
  };
}

export interface Following extends World {
  readonly running: RunningDynamodb;
  /** Applies a project of this table and these triggers; without any, of one trigger. */
  start(...triggers: Partial<TableStreamTrigger>[]): Promise<void>;
  call(operation: string, input: JsonObject): Promise<JsonObject>;
  put(id: string, attributes?: JsonObject): Promise<void>;
  /** All in one transaction, so that the function sees none without the others. */
  putAll(...ids: string[]): Promise<void>;
  /** Lets everything under way come to rest without time passing. */
  rest(): Promise<void>;
  /** Ids in each batch, in the order of delivery. */
  batches(): string[][];
}

export async function follow(store?: Store, clock?: World['clock']): Promise<Following> {
  const world = makeWorld(store, clock);
  const running = await startDynamodb(world.context);
  const call = (operation: string, input: JsonObject) =>
    callOperation(running.api as JsonApi, operation, input);
  return Object.assign(world, {
    running,
    call,
    async start(...triggers: Partial<TableStreamTrigger>[]) {
      const all = triggers.length > 0 ? triggers : [{}];
      await running.apply([makeTable()], all.map(makeTrigger));
    },
    async put(id: string, attributes: JsonObject = {}) {
      await call('PutItem', { TableName: 'orders', Item: { id: { S: id }, ...attributes } });
    },
    async putAll(...ids: string[]) {
      const items = ids.map((id) => ({ Put: { TableName: 'orders', Item: { id: { S: id } } } }));
      await call('TransactWriteItems', { TransactItems: items });
    },
    rest: () => world.clock.advance(0),
    batches: () => world.delivered.map(idsOf),
  });
}

export interface SeenRecord {
  readonly eventName: string;
  readonly dynamodb: JsonObject & { readonly SequenceNumber: string; readonly Keys: { id: { S: string } } };
  readonly eventSourceARN: string;
}

export function recordsOf({ event }: Pick<DeliverRequest, 'event'>): SeenRecord[] {
  return (JSON.parse(event) as { Records: SeenRecord[] }).Records;
}

export function idsOf(request: Pick<DeliverRequest, 'event'>): string[] {
  return recordsOf(request).map(({ dynamodb }) => dynamodb.Keys.id.S);
}

/** A call with another trace than the tests' usual one. */
export const otherCall = (operation: string) =>
  makeCall(operation, {
    service: 'dynamodb',
    origin: { traceId: '1-00000000-0123456789abcdef01234567', parentId: '0123456789abcdef' },
  });
