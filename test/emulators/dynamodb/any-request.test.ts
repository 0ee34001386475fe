import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServiceError } from '../../../emulators/_wire/service-error.ts';
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import type { JsonApi } from '../../../src/model/service-api.ts';
import { makeCall } from '../world.ts';
import { order, ordersTable, runDynamodb, type TestDynamodb } from './running-dynamodb.ts';

/** Whatever is asked, the service answers or refuses; it never fails. */
let db: TestDynamodb;
beforeAll(async () => {
  db = await runDynamodb();
  // The second has the name of what every object has.
  for (const TableName of ['orders', 'constructor']) {
    await db.call('CreateTable', { ...ordersTable, TableName });
    for (const id of [1, 2]) await db.call('PutItem', { TableName, Item: order('a', id) });
  }
});
afterAll(() => db.close());

const names = fc.constantFrom(
  'customer',
  'id',
  'day',
  'phase',
  'a',
  'b',
  '',
  'constructor',
  '__proto__',
  '#n',
  ':v',
);
const texts = fc.oneof(
  { weight: 3, arbitrary: names },
  fc.constantFrom(
    'orders',
    'by-day',
    'by-phase',
    'by-phase-day',
    'TOTAL',
    'INDEXES',
    'SIZE',
    'ALL_OLD',
    'ALL_NEW',
  ),
  fc.constantFrom(
    'EQ',
    'BETWEEN',
    'IN',
    'BEGINS_WITH',
    'CONTAINS',
    'NULL',
    'AND',
    'OR',
    'COUNT',
    'UPDATED_NEW',
  ),
  fc.constantFrom(
    'arn:aws:dynamodb:eu-west-1:000000000000:table/orders',
    'S',
    'N',
    'HASH',
    'RANGE',
    'PUT',
    'ADD',
  ),
  fc.string({ maxLength: 5 }),
);
const tokens = fc.oneof(
  texts,
  fc.constantFrom(
    '(',
    ')',
    '[',
    ']',
    '.',
    ',',
    '=',
    '<>',
    '<',
    '>=',
    '+',
    '-',
    '[0]',
    '#n',
    ':v',
    ':w',
    '1',
    "'x'",
  ),
  fc.constantFrom(
    'AND',
    'OR',
    'NOT',
    'IN',
    'BETWEEN',
    'SET',
    'REMOVE',
    'ADD',
    'DELETE',
    'size',
    'begins_with',
  ),
  fc.constantFrom(
    'SELECT',
    '*',
    'FROM',
    'WHERE',
    'UPDATE',
    'INSERT',
    'INTO',
    'VALUE',
    '"orders"',
    '?',
    '{',
    '}',
    '<<',
    '>>',
  ),
);
const expressions = fc.oneof(
  fc.array(tokens, { maxLength: 12 }).map((all) => all.join(' ')),
  fc.constantFrom(
    'customer = :v',
    'customer = :v AND id > :w',
    'SET a = :v, #n = if_not_exists(#n, :w)',
    'REMOVE a[0], b.c',
    'attribute_exists(a) AND size(b) > :v',
    'a, b[1].c, #n',
    'SELECT * FROM "orders" WHERE customer = ? AND id IN [1, ?]',
    'UPDATE "orders" SET a = list_append(a, [?]) WHERE customer = \'a\' AND id = 1 RETURNING ALL NEW *',
    "INSERT INTO \"orders\" VALUE {'customer': ?, 'id': ?}",
  ),
);
const numbers = fc.constantFrom(
  '0',
  '1',
  '-1',
  '1e400',
  '1e-130',
  '99999999999999999999999999999999999999',
  'x',
  '',
);
const { value: values } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    texts.map((S): JsonValue => ({ S })),
    numbers.map((N): JsonValue => ({ N })),
    fc.constantFrom<JsonValue>(
      { B: 'AA==' },
      { B: '?' },
      { BOOL: true },
      { NULL: true },
      { NULL: false },
      {},
      { X: 1 },
    ),
    fc.array(fc.oneof(texts, fc.constant(null)), { maxLength: 3 }).map((SS): JsonValue => ({ SS })),
    fc.array(numbers, { maxLength: 3 }).map((NS): JsonValue => ({ NS })),
    fc.array(tie('value'), { maxLength: 3 }).map((L): JsonValue => ({ L })),
    fc
      .array(fc.tuple(names, tie('value')), { maxLength: 3 })
      .map((M): JsonValue => ({ M: Object.fromEntries(M) })),
  ),
}));
const items = fc.oneof(
  fc.constantFrom<JsonValue>(order('a', 1), order('a', 2, { phase: { S: 'x' } })),
  fc.array(fc.tuple(names, values), { maxLength: 4 }).map((all): JsonValue => Object.fromEntries(all)),
);
const junk = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, 0, -1, 1.5, 1e300, '', [], {}, [null], { a: null }),
  texts,
  values,
  items,
);

const listOf = (member: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> =>
  fc.array(member, { maxLength: 3 });
const mapOf = (keys: fc.Arbitrary<string>, member: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> =>
  fc.array(fc.tuple(keys, member), { maxLength: 3 }).map((all) => Object.fromEntries(all));
const tables = fc.constantFrom('orders', 'orders', 'absent', 'a');
const partOf = (members: Record<string, fc.Arbitrary<JsonValue>>): fc.Arbitrary<JsonValue> =>
  fc.record(members, { requiredKeys: [] }) as fc.Arbitrary<JsonValue>;

const conditions = mapOf(
  names,
  partOf({
    ComparisonOperator: texts,
    AttributeValueList: listOf(values),
    Value: values,
    Exists: fc.boolean(),
    Action: texts,
  }),
);
const written: Record<string, fc.Arbitrary<JsonValue>> = {
  TableName: tables,
  Item: items,
  Key: items,
  ConditionExpression: expressions,
  UpdateExpression: expressions,
  ExpressionAttributeNames: mapOf(fc.constantFrom('#n', '#m', 'x'), texts),
  ExpressionAttributeValues: mapOf(fc.constantFrom(':v', ':w', 'x'), values),
  ReturnValuesOnConditionCheckFailure: texts,
};
const keySchema = listOf(partOf({ AttributeName: names, KeyType: fc.constantFrom('HASH', 'RANGE', 'X') }));
const index = partOf({
  IndexName: texts,
  KeySchema: keySchema,
  Projection: partOf({
    ProjectionType: fc.constantFrom('ALL', 'INCLUDE', 'X'),
    NonKeyAttributes: listOf(names),
  }),
});
const members: Record<string, fc.Arbitrary<JsonValue>> = {
  ...written,
  IndexName: texts,
  KeyConditionExpression: expressions,
  FilterExpression: expressions,
  ProjectionExpression: expressions,
  AttributesToGet: listOf(names),
  KeyConditions: conditions,
  QueryFilter: conditions,
  ScanFilter: conditions,
  Expected: conditions,
  AttributeUpdates: conditions,
  ConditionalOperator: texts,
  Select: texts,
  ReturnValues: texts,
  ReturnConsumedCapacity: texts,
  ReturnItemCollectionMetrics: texts,
  ExclusiveStartKey: items,
  Limit: fc.integer({ min: -1, max: 3 }),
  Segment: fc.integer({ min: -1, max: 3 }),
  TotalSegments: fc.integer({ min: -1, max: 3 }),
  ScanIndexForward: fc.boolean(),
  ConsistentRead: fc.boolean(),
  RequestItems: mapOf(
    tables,
    fc.oneof(
      partOf({ Keys: listOf(items), ProjectionExpression: expressions }),
      listOf(partOf({ PutRequest: partOf({ Item: items }), DeleteRequest: partOf({ Key: items }) })),
    ),
  ),
  TransactItems: listOf(
    mapOf(fc.constantFrom('Put', 'Update', 'Delete', 'ConditionCheck', 'Get'), partOf(written)),
  ),
  Statement: expressions,
  Parameters: listOf(values),
  Statements: listOf(partOf({ Statement: expressions, Parameters: listOf(values) })),
  TransactStatements: listOf(partOf({ Statement: expressions, Parameters: listOf(values) })),
  NextToken: texts,
  AttributeDefinitions: listOf(
    partOf({ AttributeName: names, AttributeType: fc.constantFrom('S', 'N', 'X') }),
  ),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: listOf(index),
  LocalSecondaryIndexes: listOf(index),
  GlobalSecondaryIndexUpdates: listOf(
    partOf({ Create: index, Delete: partOf({ IndexName: texts }), Update: index }),
  ),
  BillingMode: fc.constantFrom('PAY_PER_REQUEST', 'PROVISIONED', 'X'),
  StreamSpecification: partOf({ StreamEnabled: fc.boolean(), StreamViewType: texts }),
  TimeToLiveSpecification: partOf({ Enabled: fc.boolean(), AttributeName: names }),
  ResourceArn: texts,
  Tags: listOf(partOf({ Key: texts, Value: texts })),
};

/** Deleting the table would leave nothing to ask about; jobs would go on behind the test. */
const left = ['DeleteTable', 'ImportTable', 'ExportTableToPointInTime', 'RestoreTableToPointInTime'];
const requests = fc.record({
  at: fc.nat(),
  input: fc.oneof(
    { weight: 5, arbitrary: partOf(members) },
    fc
      .tuple(partOf(members), fc.constantFrom(...Object.keys(members)), junk)
      .map(([input, member, value]): JsonValue => ({ ...(input as JsonObject), [member]: value })),
  ),
});

test('any request is answered or refused', async () => {
  const { operations } = db.running.api as JsonApi;
  const asked = Object.keys(operations).filter((name) => !left.includes(name));
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(requests, async ({ at, input }) => {
      const name = asked[at % asked.length] ?? '';
      try {
        await operations[name]?.(input as JsonObject, makeCall(name));
        answered++;
      } catch (thrown) {
        if (!(thrown instanceof ServiceError)) throw new Error(`${name} failed`, { cause: thrown });
        expect(thrown.status).toBe(400);
      }
    }),
    { numRuns: 1500 },
  );
  expect(answered).toBeGreaterThan(0);
});
