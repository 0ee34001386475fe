import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
  await db.call('CreateTable', tableInput('users', 'id:S'));
  for (let i = 0; i < 40; i++)
    await db.call('PutItem', { TableName: 'users', Item: { id: { S: `u${i}` }, n: { N: String(i) } } });
});
afterEach(() => db.close());

const idsOf = (answer: JsonObject) => (answer.Items as { id: { S: string } }[]).map(({ id }) => id.S);
const scan = (more: JsonObject = {}) => db.call('Scan', { TableName: 'users', ...more });

test('pages of a scan put together are the whole scan', async () => {
  const whole = idsOf(await scan());
  const collected: string[] = [];
  let start: JsonObject | undefined;
  do {
    const page = await scan({ Limit: 7, ...(start && { ExclusiveStartKey: start }) });
    collected.push(...idsOf(page));
    start = page.LastEvaluatedKey as JsonObject | undefined;
  } while (start);
  expect(collected).toEqual(whole);
  expect(new Set(whole).size).toBe(40);
});

test('segments put together are the whole scan, in its order', async () => {
  const whole = idsOf(await scan());
  for (const TotalSegments of [1, 2, 3, 16]) {
    const parts = [];
    for (let Segment = 0; Segment < TotalSegments; Segment++)
      parts.push(...idsOf(await scan({ Segment, TotalSegments })));
    expect(parts).toEqual(whole);
  }
});

test('a filter, a projection and a count work as in a query', async () => {
  const filter = { FilterExpression: 'n >= :n', ExpressionAttributeValues: { ':n': { N: '38' } } };
  expect(await scan({ ...filter, Select: 'COUNT' })).toEqual({ Count: 2, ScannedCount: 40 });
  const projected = await scan({ ...filter, ProjectionExpression: 'n' });
  expect(projected.Items).toEqual(expect.arrayContaining([{ n: { N: '38' } }, { n: { N: '39' } }]));
  const legacy = { ScanFilter: { n: { ComparisonOperator: 'GE', AttributeValueList: [{ N: '38' }] } } };
  expect(await scan({ ...legacy, Select: 'COUNT' })).toEqual({ Count: 2, ScannedCount: 40 });
});

test('scans that cannot be are refused in the words of the service', async () => {
  const refusals: [JsonObject, string][] = [
    [
      { Segment: 0 },
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    ],
    [
      { Segment: 2, TotalSegments: 2 },
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2',
    ],
    [
      { ExclusiveStartKey: { id: { N: '1' } } },
      'The provided starting key is invalid: The provided key element does not match the schema',
    ],
    [{ IndexName: 'none' }, 'The table does not have the specified index: none'],
    [
      { Limit: 0 },
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      { Select: 'SPECIFIC_ATTRIBUTES' },
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    ],
  ];
  for (const [input, message] of refusals)
    expect(await db.refusal('Scan', { TableName: 'users', ...input })).toBe(message);
});

test('a start key of another segment is refused', async () => {
  const page = await scan({ Segment: 1, TotalSegments: 2, Limit: 1 });
  const start = { ExclusiveStartKey: page.LastEvaluatedKey as JsonObject };
  await scan({ Segment: 1, TotalSegments: 2, ...start });
  expect(await db.refusal('Scan', { TableName: 'users', Segment: 0, TotalSegments: 2, ...start })).toBe(
    'The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: 2 Segment: 0',
  );
});
