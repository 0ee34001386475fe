/** The capacity mode of streams: on-demand ones grow, and modes are switched. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { base64, type RunningKinesis, runKinesis, shardId } from './running-kinesis.ts';

const ON_DEMAND = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } };
const PROVISIONED = { StreamModeDetails: { StreamMode: 'PROVISIONED' } };
const StreamName = 'clicks';
const StreamARN = 'arn:aws:kinesis:eu-west-1:000000000000:stream/clicks';
const MEBIBYTE = 1024 * 1024;

let running: RunningKinesis;
const call: RunningKinesis['call'] = (...given) => running.call(...given);
beforeEach(async () => {
  running = await runKinesis();
});
afterEach(async () => {
  await running.emulator.close();
  await running.world.store.close();
});

const describe = async () =>
  (await call('DescribeStreamSummary', { StreamName })).StreamDescriptionSummary as JsonObject;
const shards = async () => (await call('ListShards', { StreamName })).Shards as JsonObject[];
/** Records of a mebibyte into the shard that has the hash key 0. */
async function putMebibytes(count: number) {
  const record = { Data: base64('x'.repeat(MEBIBYTE - 1)), PartitionKey: 'k', ExplicitHashKey: '0' };
  for (let left = count; left > 0; left -= 9)
    await call('PutRecords', { StreamName, Records: Array(Math.min(left, 9)).fill(record) });
  await new Promise((resolve) => setImmediate(resolve));
}

test('a shard that is half used for a minute is split in two, the others stay', async () => {
  await call('CreateStream', { StreamName, ...ON_DEMAND });
  await putMebibytes(29);
  expect(await describe()).toMatchObject({ OpenShardCount: 4, ...ON_DEMAND });
  await putMebibytes(1);
  expect(await describe()).toMatchObject({ OpenShardCount: 5 });
  expect(running.world.notices).toEqual(['the on-demand stream clicks has grown to 5 shards']);
  const [first, ...others] = await shards();
  expect(first?.SequenceNumberRange).toHaveProperty('EndingSequenceNumber');
  expect(others.slice(3)).toMatchObject([
    { ShardId: shardId(4), ParentShardId: shardId(0), HashKeyRange: { StartingHashKey: '0' } },
    { ShardId: shardId(5), ParentShardId: shardId(0) },
  ]);
  const Records = [{ Data: base64('after'), PartitionKey: 'k', ExplicitHashKey: '0' }];
  expect(await call('PutRecords', { StreamName, Records })).toMatchObject({
    Records: [{ ShardId: shardId(4) }],
  });
});

test('what comes in another minute does not count, and provisioned streams do not grow', async () => {
  await call('CreateStream', { StreamName, ...ON_DEMAND });
  await putMebibytes(20);
  await running.world.clock.advance(60_000);
  await putMebibytes(20);
  expect(await describe()).toMatchObject({ OpenShardCount: 4 });
  await call('UpdateStreamMode', { StreamARN, ...PROVISIONED });
  await putMebibytes(20);
  expect(await describe()).toMatchObject({ OpenShardCount: 4, ...PROVISIONED });
});

test('the mode is switched twice a day at most, and the shards stay', async () => {
  await call('CreateStream', { StreamName, ShardCount: 3 });
  const update = async (mode: JsonObject) => call('UpdateStreamMode', { StreamARN, ...mode });
  await update(PROVISIONED);
  await update(ON_DEMAND);
  expect(await describe()).toMatchObject({ OpenShardCount: 3, ...ON_DEMAND });
  await expect(
    (async () =>
      call('UpdateShardCount', {
        ...{ StreamName, TargetShardCount: 6, ScalingType: 'UNIFORM_SCALING' },
      }))(),
  ).rejects.toMatchObject({ code: 'InvalidArgumentException', message: /On-Demand mode/ });
  await update(PROVISIONED);
  await expect(update(ON_DEMAND)).rejects.toMatchObject({ code: 'LimitExceededException' });
  await running.world.clock.advance(24 * 3_600_000);
  await update(ON_DEMAND);
  expect(await describe()).toMatchObject(ON_DEMAND);
});
