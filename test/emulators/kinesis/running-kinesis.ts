/** A Kinesis emulator for tests: called as the wire calls it. */
import { kinesis } from '../../../emulators/kinesis/index.ts';
import type { JsonObject, RunningEmulator } from '../../../src/model/emulator.ts';
import type { ApiCall, JsonApi } from '../../../src/model/service-api.ts';
import { callOperation, makeWorld, type World } from '../world.ts';

export interface RunningKinesis {
  readonly world: World;
  readonly emulator: RunningEmulator;
  readonly api: JsonApi;
  call(operation: string, input?: JsonObject, overrides?: Partial<ApiCall>): Promise<JsonObject>;
  /** All records of a shard, their data as text. */
  read(stream: string, shard?: number, starting?: JsonObject): Promise<readonly string[]>;
  put(stream: string, data: string, more?: JsonObject): Promise<JsonObject>;
}

export async function runKinesis(world: World = makeWorld()): Promise<RunningKinesis> {
  const emulator = await kinesis.start(world.context);
  if (emulator.api?.protocol !== 'json') throw new Error('Kinesis has a JSON API');
  const { api } = emulator;
  const call: RunningKinesis['call'] = (operation, input = {}, overrides = {}) =>
    callOperation(api, operation, input, overrides);
  return {
    ...{ world, emulator, api, call },
    async read(StreamName, shard = 0, starting = { ShardIteratorType: 'TRIM_HORIZON' }) {
      const ShardId = shardId(shard);
      const { ShardIterator } = await call('GetShardIterator', { StreamName, ShardId, ...starting });
      const { Records: records } = await call('GetRecords', { ShardIterator: ShardIterator ?? '' });
      return (records as JsonObject[]).map(({ Data: data }) =>
        Buffer.from(String(data), 'base64').toString(),
      );
    },
    put: (StreamName, data, more = {}) =>
      call('PutRecord', { StreamName, Data: base64(data), PartitionKey: 'k', ...more }),
  };
}

export const base64 = (text: string) => Buffer.from(text).toString('base64');
export const shardId = (index: number) => `shardId-${String(index).padStart(12, '0')}`;
