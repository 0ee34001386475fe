import { expect, test } from 'vitest';
import { lowerResources } from '../../../../src/loaders/cloudformation/resources.ts';
import { loadProject } from '../../../../src/loaders/load.ts';
import { folderWith, linesOf, noOptions, parsed } from './project-on-disk.ts';

function lowered(text: string, importValue?: (name: string) => unknown) {
  const { template, intrinsics, report, problems } = parsed(text, {}, importValue);
  return { resources: lowerResources(template, intrinsics, report), problems, lines: linesOf(problems) };
}

/** `more` begins at line 8. */
const table = (more: string, definitions = ['id'], type = 'AWS::DynamoDB::Table') => `
Resources:
  Orders:
    Type: ${type}
    Properties:
      AttributeDefinitions: [${definitions.map((name) => `{ AttributeName: ${name}, AttributeType: S }`).join(', ')}]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
${more.replaceAll(/^(?=.)/gm, '      ')}
`;

const index = (name: string, hash: string, more = 'Projection: { ProjectionType: ALL }') =>
  `{ IndexName: ${name}, KeySchema: [{ AttributeName: ${hash}, KeyType: HASH }], ${more} }`;

test('a table keeps what it has besides keys and indexes', () => {
  const { resources, lines } = lowered(
    table(
      `ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: '6' }
WarmThroughput: { ReadUnitsPerSecond: 100 }
DeletionProtectionEnabled: true
Tags: [{ Key: team, Value: !Ref AWS::StackName }]
TableClass: STANDARD_INFREQUENT_ACCESS
KinesisStreamSpecification: { StreamArn: !GetAtt Changes.Arn, ApproximateCreationDateTimePrecision: MICROSECOND }
SSESpecification: { SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: alias/mine }
PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }
ContributorInsightsSpecification: { Enabled: true }
ResourcePolicy: { PolicyDocument: { Statement: [{ Resource: !Sub 'x-\${AWS::Region}' }] } }
GlobalSecondaryIndexes:
  - IndexName: byOwner
    KeySchema: [{ AttributeName: owner, KeyType: HASH }]
    Projection: { ProjectionType: ALL }
    ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 3 }
    ContributorInsightsSpecification: { Enabled: true, Mode: THROTTLED_KEYS }`,
      ['id', 'owner'],
    ).concat('  Changes: { Type: AWS::Kinesis::Stream, Properties: { Name: changes } }\n'),
  );
  expect(lines).toEqual([]);
  expect(resources[0]).toMatchObject({
    billingMode: 'PROVISIONED',
    provisioned: { read: 5, write: 6 },
    warm: { read: 100 },
    deletionProtection: true,
    tags: { team: 'shop' },
    tableClass: 'STANDARD_INFREQUENT_ACCESS',
    kinesis: { streamArn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/changes', precision: 'MICROSECOND' },
    encryption: { keyId: 'alias/mine' },
    recoveryDays: 35,
    insights: 'ACCESSED_AND_THROTTLED_KEYS',
    policy: '{"Statement":[{"Resource":"x-eu-west-1"}]}',
    globalIndexes: [{ provisioned: { read: 2, write: 3 }, insights: 'THROTTLED_KEYS' }],
  });
});

test('what of a table is off or of its billing mode counts as that', () => {
  const { resources, lines } = lowered(
    table(`BillingMode: PAY_PER_REQUEST
OnDemandThroughput: { MaxWriteRequestUnits: 9 }
DeletionProtectionEnabled: 'false'
SSESpecification: { SSEEnabled: false }
PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false }
ContributorInsightsSpecification: { Enabled: false }
Tags: []`),
  );
  expect(lines).toEqual([]);
  expect(resources).toEqual([
    {
      ...{ kind: 'table', id: 'Orders', name: 'shop-Orders', attributes: { id: 'S' }, key: { hash: 'id' } },
      ...{ globalIndexes: [], localIndexes: [], billingMode: 'PAY_PER_REQUEST' },
      onDemandLimits: { write: 9 },
      place: expect.objectContaining({ line: 3 }),
    },
  ]);
});

test('a property that is not taken over is a warning at its place', () => {
  const { lines } = lowered(
    table(
      `BillingMode: PAY_PER_REQUEST
ImportSourceSpecification: { S3BucketSource: { S3Bucket: !ImportValue b }, InputFormat: CSV }
StreamSpecification: { StreamViewType: NEW_IMAGE, ResourcePolicy: { PolicyDocument: {} } }
GlobalSecondaryIndexes:
  - IndexName: byOwner
    KeySchema: [{ AttributeName: owner, KeyType: HASH }]
    Projection: { ProjectionType: ALL }
    Sparse: true
TableNme: x`,
      ['id', 'owner'],
    ),
  );
  expect(lines).toEqual([
    'warning not-emulated @9: ImportSourceSpecification of table "Orders" is not emulated',
    'warning not-emulated @16: TableNme of table "Orders" is not emulated',
    'warning not-emulated @15: Sparse of index "byOwner" of table "Orders" is not emulated',
    'warning not-emulated @10: ResourcePolicy of the stream of table "Orders" is not emulated',
  ]);
});

test('a setting made with what another stack exports is a warning; that stack may be of the project', () => {
  const text = table(`BillingMode: PAY_PER_REQUEST
SSESpecification: { SSEEnabled: true, KMSMasterKeyId: !ImportValue key }
TableClass: STANDARD`);
  const { resources, lines } = lowered(text);
  expect(lines).toEqual(['warning not-emulated @9: SSESpecification of table "Orders" is not emulated']);
  expect(resources).toMatchObject([{ tableClass: 'STANDARD' }]);
  const known = lowered(text, (name) => `arn-of-${name}`);
  expect(known.lines).toEqual([]);
  expect(known.resources).toMatchObject([{ encryption: { keyId: 'arn-of-key' } }]);
});

test('a global table has the settings of its replica in this region', () => {
  const { resources, lines } = lowered(
    table(
      `BillingMode: PROVISIONED
WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: { MinCapacity: 7, MaxCapacity: 9 } }
SSESpecification: { SSEEnabled: true, SSEType: KMS }
GlobalSecondaryIndexes:
  - IndexName: byOwner
    KeySchema: [{ AttributeName: owner, KeyType: HASH }]
    Projection: { ProjectionType: ALL }
    WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: { MinCapacity: 3, MaxCapacity: 9 } }
MultiRegionConsistency: STRONG
Replicas:
  - Region: us-east-1
  - Region: eu-west-1
    DeletionProtectionEnabled: true
    TableClass: STANDARD
    Tags: [{ Key: team, Value: shop }]
    SSESpecification: { KMSMasterKeyId: abc }
    ReadProvisionedThroughputSettings: { ReadCapacityUnits: 5 }
    GlobalSecondaryIndexes:
      - { IndexName: byOwner, ReadProvisionedThroughputSettings: { ReadCapacityUnits: 2 } }
    ReplicaStreamSpecification: { ResourcePolicy: { PolicyDocument: {} } }`,
      ['id', 'owner'],
      'AWS::DynamoDB::GlobalTable',
    ),
  );
  expect(lines).toEqual([
    'warning not-emulated @16: MultiRegionConsistency of table "Orders" is not emulated',
    'warning not-emulated @27: ReplicaStreamSpecification of the replica of table "Orders" is not emulated',
    'warning not-emulated @17: the replicas of table "Orders" are one table here: there is one region',
  ]);
  expect(resources).toMatchObject([
    {
      provisioned: { read: 5, write: 7 },
      deletionProtection: true,
      tableClass: 'STANDARD',
      tags: { team: 'shop' },
      encryption: { keyId: 'abc' },
      globalIndexes: [{ provisioned: { read: 2, write: 3 } }],
    },
  ]);
});

test('a SimpleTable keeps its tags, which are a map, and its capacity', () => {
  const { resources, lines } = lowered(`
Resources:
  Plain:
    Type: AWS::Serverless::SimpleTable
    Properties:
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 6 }
      Tags: { team: shop }
      SSESpecification: { SSEEnabled: true }
      Colour: red
`);
  expect(lines).toEqual(['warning not-emulated @9: Colour of table "Plain" is not emulated']);
  expect(resources).toMatchObject([
    {
      billingMode: 'PROVISIONED',
      provisioned: { read: 5, write: 6 },
      tags: { team: 'shop' },
      encryption: {},
    },
  ]);
});

test('a Kinesis stream that is not in the project is a warning; one that is, is none', async () => {
  const project = (arn: string) =>
    folderWith({
      'template.yaml': table(
        `BillingMode: PAY_PER_REQUEST\nKinesisStreamSpecification: { StreamArn: ${arn} }`,
      ).concat('  Changes: { Type: AWS::Kinesis::Stream }\n'),
    });
  const said = async (arn: string) =>
    linesOf((await loadProject({ root: project(arn), options: noOptions })).problems);
  expect(await said('!GetAtt Changes.Arn')).toEqual([]);
  expect(await said('arn:aws:kinesis:us-east-1:000000000000:stream/far')).toEqual([
    expect.stringMatching(/^warning undeclared-stream @3: the stream "far", which the changes of table/),
  ]);
});

const onDemand = 'BillingMode: PAY_PER_REQUEST';
const indexed = (indexes: string, property = 'GlobalSecondaryIndexes') =>
  `${onDemand}\n${property}:\n${indexes}`;
const units = '{ ReadCapacityUnits: 1, WriteCapacityUnits: 1 }';
const local = (range: string, hash = 'id') =>
  indexed(
    `  - IndexName: loc\n    KeySchema: [{ AttributeName: ${hash}, KeyType: HASH }${range}]\n    Projection: { ProjectionType: ALL }`,
    'LocalSecondaryIndexes',
  );
const many = (count: number, keys: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => `  - ${keys(n)}`).join('\n');

test.each([
  [
    'an unused definition',
    onDemand,
    6,
    'defines the attribute "more", which is no part of a key',
    ['id', 'more'],
  ],
  ['no capacity by default', 'TableName: orders', 5, 'is billed as PROVISIONED, the default, without Read'],
  ['no capacity', 'BillingMode: PROVISIONED', 8, 'is billed as PROVISIONED without Read'],
  [
    'half a capacity',
    'BillingMode: PROVISIONED\nProvisionedThroughput: { ReadCapacityUnits: 1 }',
    8,
    'without Read',
  ],
  [
    'an index without capacity',
    `ProvisionedThroughput: ${units}\nGlobalSecondaryIndexes:\n  - ${index('all', 'id')}`,
    10,
    'WriteCapacityUnits for its index "all"',
  ],
  [
    'capacity on demand',
    `${onDemand}\nProvisionedThroughput: ${units}`,
    8,
    'is billed as PAY_PER_REQUEST and has',
  ],
  [
    'an index with capacity on demand',
    indexed(
      `  - ${index('all', 'id', `ProvisionedThroughput: ${units}, Projection: { ProjectionType: ALL }`)}`,
    ),
    10,
    'throughput for its index "all"',
  ],
  [
    'limits of what is provisioned',
    `ProvisionedThroughput: ${units}\nOnDemandThroughput: { MaxReadRequestUnits: 1 }`,
    5,
    'and has on-demand limits',
  ],
  ['an unknown billing mode', 'BillingMode: FREE', 8, 'has BillingMode "FREE"'],
  [
    'a local index on a table with a hash key',
    local(', { AttributeName: at, KeyType: RANGE }'),
    11,
    'has no RANGE key, but the local index "loc"',
    ['id', 'at'],
  ],
  [
    'two indexes of one name',
    indexed(`  - ${index('all', 'id')}\n  - ${index('all', 'id')}`),
    11,
    'has two indexes named "all"',
  ],
  ['an index named too shortly', indexed(`  - ${index('x', 'id')}`), 10, 'has an index named "x"'],
  ['no projection', indexed(`  - ${index('all', 'id', '')}`), 10, 'the index "all" without a ProjectionType'],
  [
    'an unknown projection',
    indexed(`  - ${index('all', 'id', 'Projection: { ProjectionType: SOME }')}`),
    10,
    'with the ProjectionType "SOME"',
  ],
  [
    'nothing to include',
    indexed(`  - ${index('all', 'id', 'Projection: { ProjectionType: INCLUDE }')}`),
    10,
    'no NonKeyAttributes',
  ],
  [
    'too much to include',
    indexed(`  - ${index('all', 'id', 'Projection: { ProjectionType: ALL, NonKeyAttributes: [a] }')}`),
    10,
    'with NonKeyAttributes, but ProjectionType ALL',
  ],
  [
    'an unknown view',
    `${onDemand}\nStreamSpecification: { StreamViewType: BOTH }`,
    9,
    'with StreamViewType "BOTH", which the cloud refuses: there is no stream here',
  ],
  ['a stream without a view', `${onDemand}\nStreamSpecification: {}`, 9, 'without StreamViewType'],
  [
    'expiry of nothing',
    `${onDemand}\nTimeToLiveSpecification: { Enabled: true }`,
    9,
    'TimeToLiveSpecification enabled without AttributeName',
  ],
  [
    'too many global indexes',
    indexed(many(21, (n) => index(`gsi-${n}`, 'id'))),
    9,
    'has 21 global indexes: the cloud takes 20',
  ],
  ['an unknown class', `${onDemand}\nTableClass: CHEAP`, 9, 'has TableClass "CHEAP"'],
  ['tags of another form', `${onDemand}\nTags: { team: shop }`, 9, 'has Tags that are no list'],
])('%s is a warning at its place, and the table is made', (_, more, line, said, definitions?: string[]) => {
  const { resources, lines } = lowered(table(more, definitions));
  expect(lines).toEqual([expect.stringContaining(`warning invalid-table @${line}: table "Orders" `)]);
  expect(lines[0]).toContain(said);
  expect(resources).toHaveLength(1);
});

test('a local index must share the hash key of the table and have a range key', () => {
  const { lines } = lowered(
    table(local('', 'other'), ['id', 'other']).replace(
      'KeyType: HASH }]',
      'KeyType: HASH }, { AttributeName: other, KeyType: RANGE }]',
    ),
  );
  expect(lines).toEqual([
    'warning invalid-table @11: table "Orders" has the local index "loc" without a RANGE key: the cloud refuses that',
    'warning invalid-table @11: table "Orders" has the local index "loc" with the HASH key "other": the cloud takes only that of the table, "id"',
  ]);
});

test('the first of two indexes of one name counts', () => {
  const { resources } = lowered(
    table(indexed(`  - ${index('all', 'a')}\n  - ${index('all', 'b')}`), ['id', 'a', 'b']),
  );
  expect(resources).toMatchObject([{ globalIndexes: [{ name: 'all', key: { hash: 'a' } }] }]);
});

test('a table whose name no call can name is an error, and left out', () => {
  const { resources, lines } = lowered(table(`${onDemand}\nTableName: a b`));
  expect(lines).toEqual(['error invalid-table @9: table "Orders" is named "a b", which the cloud refuses']);
  expect(resources).toEqual([]);
});

test('what is not known here is no reason to refuse a table', () => {
  const { resources, lines } = lowered(
    table(
      `TableName: !Sub '{{resolve:ssm:/name}}'
BillingMode: !Ref Mode
StreamSpecification: { StreamViewType: !ImportValue view }
GlobalSecondaryIndexes:
  - { IndexName: !ImportValue index, KeySchema: [{ AttributeName: !ImportValue hash, KeyType: HASH }], Projection: { ProjectionType: !Ref Mode } }`,
      ['id', 'owner'],
    ).concat('Parameters: { Mode: { Type: String } }\n'),
  );
  expect(resources).toHaveLength(1);
  expect(lines.filter((line) => !/missing-parameter|unresolved-import|not-emulated/.test(line))).toEqual([
    expect.stringMatching(/^error invalid-table .* which AttributeDefinitions gives no type/),
  ]);
});
