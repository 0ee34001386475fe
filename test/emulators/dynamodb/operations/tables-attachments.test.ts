import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { arnOf } from '../backups/backed-up.ts';
import { ordersTable, runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';
import { connect, serve } from '../serving.ts';

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
  await db.call('CreateTable', ordersTable);
});
afterEach(() => db.close());

const ResourceArn = arnOf('orders');
const policy = (action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action }],
});
const putPolicy = (action: string, more: JsonObject = {}) =>
  db.call('PutResourcePolicy', { ResourceArn, Policy: JSON.stringify(policy(action), null, 2), ...more });
const notFound = 'PolicyNotFoundException: Resource-based policy not found for the provided ResourceArn: ';

test('a policy is kept with a revision, shown, replaced and deleted, and told not to be enforced', async () => {
  expect(await db.refusal('GetResourcePolicy', { ResourceArn })).toBe(notFound + ResourceArn);
  const { RevisionId: first } = await putPolicy('dynamodb:GetItem');
  await db.world.clock.advance(1000);
  expect(await putPolicy('dynamodb:GetItem')).toEqual({ RevisionId: first });
  const { RevisionId: second } = await putPolicy('dynamodb:PutItem', { ExpectedRevisionId: first ?? '' });
  expect(second).not.toBe(first);
  expect(await db.call('GetResourcePolicy', { ResourceArn })).toEqual({
    Policy: JSON.stringify(policy('dynamodb:PutItem')),
    RevisionId: second,
  });
  expect(db.world.notices).toContain(
    'the resource policy of table orders is kept and shown; it is not enforced',
  );
  const stale = { ResourceArn, ExpectedRevisionId: first ?? '' };
  const mismatch = `${notFound}Requested update for policy with revision id ${first}, but the policy associated to target table orders has revision id ${second}.`;
  expect(await db.refusal('PutResourcePolicy', { ...stale, Policy: '{}' })).toBe(mismatch);
  expect(await db.refusal('DeleteResourcePolicy', stale)).toBe(mismatch);
  expect(
    await db.refusal('PutResourcePolicy', { ResourceArn, Policy: '{}', ExpectedRevisionId: 'NO_POLICY' }),
  ).toBe(
    `${notFound}Requested policy update expecting none to be present for table orders, but a policy exists with revision id ${second}.`,
  );
  expect(await db.call('DeleteResourcePolicy', { ResourceArn })).toEqual({ RevisionId: second });
  expect(await db.call('DeleteResourcePolicy', { ResourceArn })).toEqual({});
});

test('policies are of tables and streams, and may come with a new table', async () => {
  const refused = (arn: string) => db.refusal('GetResourcePolicy', { ResourceArn: arn });
  expect(await refused('orders')).toBe(
    "One or more parameter values were invalid: ARNs must start with 'arn:': orders",
  );
  expect(await refused(arnOf('none'))).toBe(
    'ResourceNotFoundException: Requested resource not found: Table: none not found',
  );
  expect(await refused(`${ResourceArn}/index/by-phase`)).toContain('only table or stream is accepted');
  expect(await refused(`${ResourceArn}/stream/2000-01-01T00:00:00.000`)).toContain(
    'Stream: 2000-01-01T00:00:00.000 not found',
  );
  await db.call('CreateTable', {
    ...tableInput('users', 'id:S'),
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    ResourcePolicy: JSON.stringify(policy('dynamodb:*')),
  });
  expect(await db.call('GetResourcePolicy', { ResourceArn: arnOf('users') })).toMatchObject({
    Policy: JSON.stringify(policy('dynamodb:*')),
  });
  const { Table } = await db.call('DescribeTable', { TableName: 'users' });
  const stream = String((Table as JsonObject).LatestStreamArn);
  await db.call('PutResourcePolicy', { ResourceArn: stream, Policy: '{}' });
  expect(await db.call('GetResourcePolicy', { ResourceArn: stream })).toMatchObject({ Policy: '{}' });
  expect(await db.refusal('PutResourcePolicy', { ResourceArn, Policy: 'not json' })).toContain(
    'Invalid policy document',
  );
});

const KEY_ITEM = { customer: { S: 'ann' }, id: { N: '1' } };

test('changes of a table with a Kinesis destination are sent to its stream', async () => {
  const StreamArn = 'arn:aws:kinesis:eu-west-1:000000000000:stream/changes';
  const put = (n: string) => db.call('PutItem', { TableName: 'orders', Item: { ...KEY_ITEM, n: { N: n } } });
  await db.call('EnableKinesisStreamingDestination', { TableName: 'orders', StreamArn });
  await put('1');
  expect(db.world.notices.at(-1)).toContain(`not sent to ${StreamArn}: there is no such stream`);
  db.world.peers.add(StreamArn);
  await put('2');
  await put('2');
  expect(db.world.sent).toHaveLength(1);
  expect(JSON.parse(db.world.sent[0]?.body ?? '')).toMatchObject({
    eventName: 'MODIFY',
    recordFormat: 'application/json',
    tableName: 'orders',
    userIdentity: null,
    dynamodb: {
      ApproximateCreationDateTime: db.world.clock.now(),
      Keys: KEY_ITEM,
      NewImage: { ...KEY_ITEM, n: { N: '2' } },
      OldImage: { ...KEY_ITEM, n: { N: '1' } },
    },
  });
  await db.call('DisableKinesisStreamingDestination', { TableName: 'orders', StreamArn });
  await put('3');
  expect(db.world.sent).toHaveLength(1);
});

test('a Kinesis destination is kept and shown', async () => {
  const StreamArn = 'arn:aws:kinesis:eu-west-1:000000000000:stream/changes';
  const destination = { TableName: 'orders', StreamArn };
  expect(await db.call('EnableKinesisStreamingDestination', destination)).toEqual({
    ...destination,
    DestinationStatus: 'ENABLING',
    EnableKinesisStreamingConfiguration: {},
  });
  const state = 'Table is not in a valid state to enable Kinesis Streaming Destination: ';
  expect(await db.refusal('EnableKinesisStreamingDestination', destination)).toContain(state);
  const precision = (ApproximateCreationDateTimePrecision: string) => ({
    UpdateKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision },
  });
  const micro = precision('MICROSECOND');
  expect(await db.call('UpdateKinesisStreamingDestination', { ...destination, ...micro })).toMatchObject({
    DestinationStatus: 'UPDATING',
  });
  expect(await db.refusal('UpdateKinesisStreamingDestination', { ...destination, ...micro })).toContain(
    'Invalid Request: Precision is already set to the desired value of MICROSECOND for tableId:',
  );
  expect(await db.call('DescribeKinesisStreamingDestination', { TableName: 'orders' })).toEqual({
    TableName: 'orders',
    KinesisDataStreamDestinations: [
      { StreamArn, DestinationStatus: 'ACTIVE', ApproximateCreationDateTimePrecision: 'MICROSECOND' },
    ],
  });
  expect(await db.call('DisableKinesisStreamingDestination', destination)).toMatchObject({
    DestinationStatus: 'DISABLING',
  });
  expect(await db.refusal('DisableKinesisStreamingDestination', destination)).toBe(
    `${state}KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.`,
  );
  expect(
    await db.refusal('UpdateKinesisStreamingDestination', { ...destination, ...precision('MILLISECOND') }),
  ).toBe(
    `${state}No streaming destination with streamArn: ${StreamArn} found for table with tableName: orders`,
  );
});

test('contributor insights are kept for the table and each global index', async () => {
  const act = (ContributorInsightsAction: string, more: JsonObject = {}) =>
    db.call('UpdateContributorInsights', { TableName: 'orders', ContributorInsightsAction, ...more });
  expect(await db.call('DescribeContributorInsights', { TableName: 'orders' })).toEqual({
    TableName: 'orders',
    ContributorInsightsStatus: 'DISABLED',
  });
  const mode = 'ACCESSED_AND_THROTTLED_KEYS';
  expect(await act('ENABLE')).toEqual({
    TableName: 'orders',
    ContributorInsightsStatus: 'ENABLING',
    ContributorInsightsMode: mode,
  });
  expect(await act('ENABLE')).toMatchObject({ ContributorInsightsStatus: 'ENABLED' });
  await act('ENABLE', { IndexName: 'by-phase', ContributorInsightsMode: 'THROTTLED_KEYS' });
  expect(await db.call('ListContributorInsights', { TableName: 'orders', MaxResults: 1 })).toEqual({
    ContributorInsightsSummaries: [
      { TableName: 'orders', ContributorInsightsStatus: 'ENABLED', ContributorInsightsMode: mode },
    ],
    NextToken: '1',
  });
  expect(
    await db.call('DescribeContributorInsights', { TableName: 'orders', IndexName: 'by-phase' }),
  ).toEqual({
    TableName: 'orders',
    IndexName: 'by-phase',
    ContributorInsightsStatus: 'ENABLED',
    ContributorInsightsMode: 'THROTTLED_KEYS',
    LastUpdateDateTime: db.world.clock.now() / 1000,
  });
  await act('DISABLE');
  expect((await db.call('ListContributorInsights', {})).ContributorInsightsSummaries).toHaveLength(1);
  expect(await db.refusal('DescribeContributorInsights', { TableName: 'orders', IndexName: 'by-day' })).toBe(
    'ResourceNotFoundException: Requested resource not found: Index: by-day not found for table: orders',
  );
});

test('replicas are kept and shown, one at a time, and a notice says that nothing is replicated', async () => {
  const update = (action: JsonObject) => ({ TableName: 'orders', ReplicaUpdates: [action] });
  const change = (action: JsonObject) => db.call('UpdateTable', update(action));
  const refused = (action: JsonObject) => db.refusal('UpdateTable', update(action));
  const replicas = async () =>
    ((await db.call('DescribeTable', { TableName: 'orders' })).Table as JsonObject).Replicas;
  const west = { RegionName: 'us-west-2' };
  await change({ Create: west });
  expect(await replicas()).toEqual([{ RegionName: 'us-west-2', ReplicaStatus: 'ACTIVE' }]);
  expect(db.world.notices).toEqual([expect.stringMatching(/orders in us-west-2 .* nothing is replicated/)]);
  await db.call('UpdateTable', { TableName: 'orders', DeletionProtectionEnabled: true });
  expect(await replicas()).toHaveLength(1);
  expect(await refused({ Create: west })).toBe('The table has a replica in the region already: us-west-2');
  expect(await refused({ Create: { RegionName: 'eu-west-1' } })).toContain(
    'Cannot add, delete, or update the local region',
  );
  expect(await refused({ Delete: { RegionName: 'us-east-1' } })).toBe(
    'Replica specified in the Replica Update or Replica Delete action of the request was not found.',
  );
  expect(await refused({ Create: { RegionName: 'mars' } })).toBe('Invalid region name: mars');
  expect(await refused({})).toContain('must be specified for a replica');
  expect(
    await db.refusal('UpdateTable', {
      ...update({ Delete: west }),
      TableClass: 'STANDARD_INFREQUENT_ACCESS',
    }),
  ).toContain('must be the only operation in the request');
  expect(await db.refusal('UpdateTable', { TableName: 'orders', ReplicaUpdates: [] })).toContain(
    'replicaUpdates',
  );
  expect(await db.refusal('UpdateTable', { TableName: 'orders', ReplicaUpdates: ['x'] })).toContain(
    'SerializationException',
  );
  expect(
    await db.refusal('UpdateTable', { TableName: 'orders', MultiRegionConsistency: 'STRONG' }),
  ).toContain('is not emulated by sls-local');
  await change({ Delete: west });
  expect(await replicas()).toBeUndefined();
});

test('older global tables are refused by name, whatever is sent', async () => {
  const served = await serve(db);
  const client = connect(served.url, 1);
  const inputs: JsonObject[] = [
    {},
    { GlobalTableName: 'orders', ReplicationGroup: [{ RegionName: 'us-west-2' }] },
    { GlobalTableName: 5, TableName: null, ReplicaUpdates: 'x' },
  ];
  for (const operation of [
    'CreateGlobalTable',
    'UpdateGlobalTable',
    'UpdateGlobalTableSettings',
    'UpdateTableReplicaAutoScaling',
  ])
    for (const input of inputs)
      expect(await client.call(operation, input)).toMatchObject({
        status: 400,
        code: 'UnsupportedOperationException',
        body: { message: `DynamoDB ${operation} is not emulated by sls-local` },
      });
  client.close();
  await served.close();
  expect(served.bugs).toEqual([]);
});

test('there are no global tables', async () => {
  expect(await db.call('ListGlobalTables', {})).toEqual({ GlobalTables: [] });
  for (const operation of ['DescribeGlobalTable', 'DescribeGlobalTableSettings'])
    expect(await db.refusal(operation, { GlobalTableName: 'orders' })).toContain(
      'GlobalTableNotFoundException',
    );
  expect(await db.call('DescribeTableReplicaAutoScaling', { TableName: 'orders' })).toMatchObject({
    TableAutoScalingDescription: {
      Replicas: [
        {
          RegionName: 'eu-west-1',
          ReplicaProvisionedReadCapacityAutoScalingSettings: { AutoScalingDisabled: true },
        },
      ],
    },
  });
});
