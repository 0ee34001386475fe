import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../emulators/_wire/endpoint.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { TRACE_ID } from '../world.ts';
import { runDynamodb, type TestDynamodb, tableInput } from './running-dynamodb.ts';

/** A database on a port of its own, for as long as `work` takes. */
async function withEndpoint(work: (db: TestDynamodb, endpoint: Endpoint) => Promise<void>): Promise<void> {
  const db = await runDynamodb();
  const { api, furtherApis = [] } = db.running;
  const apis = [...(api ? [api] : []), ...furtherApis];
  const endpoint = await startEndpoint({
    apis: () => apis,
    tracer: { begin: () => ({ origin: { traceId: TRACE_ID }, end() {} }) },
    ids: randomIds,
    region: 'eu-west-1',
    accountId: '000000000000',
    port: 0,
  });
  try {
    await work(db, endpoint);
  } finally {
    await endpoint.close();
    await db.close();
  }
}

await describeWithTool('awscli', 'aws dynamodbstreams', (aws) => {
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: 'eu-west-1',
  };
  const run = async ({ listening: { url } }: Endpoint, service: string, ...args: string[]) => {
    const line = [service, ...args, '--endpoint-url', url, '--output', 'json'];
    const { stdout } = await promisify(execFile)(aws, line, { env });
    return stdout === '' ? undefined : JSON.parse(stdout);
  };

  test('finds a table’s stream, its shard and the records in it', async () => {
    await withEndpoint(async (db, endpoint) => {
      await db.call('CreateTable', tableInput('orders', 'id:S'));
      const streams = (...args: string[]) => run(endpoint, 'dynamodbstreams', ...args);
      const tables = (...args: string[]) => run(endpoint, 'dynamodb', ...args, '--table-name', 'orders');
      const view = 'StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES';
      const { TableDescription } = await tables('update-table', '--stream-specification', view);
      // Not by the client: its first version takes bytes as they are, the second one base64.
      const image = { id: { S: 'a' }, bytes: { B: 'AQI=' }, n: { N: '1.5' } };
      await db.call('PutItem', { TableName: 'orders', Item: image });
      await tables('delete-item', '--key', '{"id":{"S":"a"}}');

      const { Streams } = await streams('list-streams', '--table-name', 'orders');
      expect(Streams).toMatchObject([{ TableName: 'orders', StreamArn: TableDescription.LatestStreamArn }]);
      const { StreamArn } = Streams[0];
      const { StreamDescription } = await streams('describe-stream', '--stream-arn', StreamArn);
      expect(StreamDescription).toMatchObject({ StreamStatus: 'ENABLED', TableName: 'orders' });
      // The first version of the client prints epoch seconds, the second one dates.
      const made = StreamDescription.CreationRequestDateTime;
      expect(new Date(typeof made === 'number' ? made * 1000 : made).getUTCFullYear()).toBe(2026);
      const shard = ['--shard-id', StreamDescription.Shards[0].ShardId];
      const oldest = [...shard, '--shard-iterator-type', 'TRIM_HORIZON'];
      const { ShardIterator } = await streams('get-shard-iterator', '--stream-arn', StreamArn, ...oldest);
      const { Records, NextShardIterator } = await streams('get-records', '--shard-iterator', ShardIterator);
      expect(Records).toMatchObject([
        { eventName: 'INSERT', dynamodb: { NewImage: image, SizeBytes: 17 } },
        { eventName: 'REMOVE', dynamodb: { OldImage: image, Keys: { id: { S: 'a' } } } },
      ]);
      expect(await streams('get-records', '--shard-iterator', NextShardIterator)).toMatchObject({
        Records: [],
      });
      const nothing = streams('get-records', '--shard-iterator', 'nothing');
      await expect(nothing).rejects.toThrow(
        'An error occurred (ValidationException) when calling the GetRecords operation: Invalid ShardIterator',
      );
      const gone = `${StreamArn.slice(0, -1)}x`;
      await expect(streams('describe-stream', '--stream-arn', gone)).rejects.toThrow(
        `(ResourceNotFoundException) when calling the DescribeStream operation: Requested resource not found: Stream: ${gone} not found`,
      );
    });
  }, 60_000);
});
