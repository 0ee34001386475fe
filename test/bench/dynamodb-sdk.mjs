// @ts-check
/** The same operations through the AWS SDK v3 client. */
import {
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { ITEMS_PER_PARTITION, inputs } from './dynamodb-operations.mjs';
import { figuresOf } from './load.mjs';

/** @type {Record<string, new (input: any) => any>} */
const commands = {
  BatchWriteItem: BatchWriteItemCommand,
  GetItem: GetItemCommand,
  PutItem: PutItemCommand,
  Query: QueryCommand,
  TransactWriteItems: TransactWriteItemsCommand,
  UpdateItem: UpdateItemCommand,
};

/**
 * `callers` calls at a time. The client does most of the work, so this tells how little of it the server is.
 * @param {{ url: string, operation: string, callers: number, seconds: number, partitions: number }} options
 * @returns {Promise<import('./load.mjs').Figures>}
 */
export async function loadWithSdk({ url, operation, callers, seconds, partitions }) {
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const Command = commands[operation];
  const input = inputs[operation];
  if (!Command || !input) throw new Error(`no such operation: ${operation}`);
  /** @type {number[]} */
  const times = [];
  let failures = 0;
  let turn = 0;
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  const caller = async () => {
    while (performance.now() < until) {
      const i = turn++;
      const sentAt = performance.now();
      await client.send(new Command(input((i * 7919) % partitions, i % ITEMS_PER_PARTITION))).catch(() => {
        failures++;
      });
      times.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const elapsed = (performance.now() - startedAt) / 1000;
  client.destroy();
  return figuresOf(times, elapsed, failures);
}
