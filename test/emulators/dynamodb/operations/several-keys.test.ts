import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { openTemporaryStore } from '../../../../src/std/store/store.ts';
import { runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';

/** Indexes whose keys have several hash or range attributes. What the service does is from public captures of it. */
let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
});
afterEach(() => db.close());

/** `types` such as `HHR`, for the attributes a, b, c … or those named. */
function keySchema(types: string, names: readonly string[] = [...'abcdefghij']): JsonObject[] {
  return [...types].map((type, i) => ({
    AttributeName: names[i] ?? '',
    KeyType: type === 'H' ? 'HASH' : 'RANGE',
  }));
}

function definitions(types: Readonly<Record<string, string>>): JsonObject[] {
  return Object.entries(types).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}

const games: JsonObject = {
  ...tableInput('games', 'id:S'),
  AttributeDefinitions: definitions({ id: 'S', cup: 'S', area: 'S', round: 'N', bracket: 'S', seat: 'B' }),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-cup',
      KeySchema: keySchema('HHRRR', ['cup', 'area', 'round', 'bracket', 'seat']),
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
    {
      IndexName: 'one-hash',
      KeySchema: keySchema('HRR', ['cup', 'round', 'bracket']),
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

const game = (id: string, round: number, bracket: string, more: JsonObject = {}): JsonObject => ({
  id: { S: id },
  cup: { S: 'winter' },
  area: { S: 'eu' },
  round: { N: String(round) },
  bracket: { S: bracket },
  seat: { B: 'AA==' },
  note: { S: `of ${id}` },
  ...more,
});

const put = (Item: JsonObject) => db.call('PutItem', { TableName: 'games', Item });

const VALUES: JsonObject = {
  ':cup': { S: 'winter' },
  ':eu': { S: 'eu' },
  ':two': { N: '2' },
  ':low': { S: 'low' },
  ':seat': { B: 'AA==' },
};

function queryInput(KeyConditionExpression: string, more: JsonObject = {}): JsonObject {
  const used = Object.entries(VALUES).filter(([name]) => KeyConditionExpression.includes(name));
  return {
    TableName: 'games',
    IndexName: 'by-cup',
    KeyConditionExpression,
    ExpressionAttributeValues: Object.fromEntries(used),
    ...more,
  };
}
const ids = (page: JsonObject) => (page.Items as { id: { S: string } }[]).map(({ id }) => id.S);
const query = async (condition: string, more: JsonObject = {}) =>
  ids(await db.call('Query', queryInput(condition, more)));
const refused = (condition: string, more: JsonObject = {}) =>
  db.refusal('Query', queryInput(condition, more));

const BOTH = 'cup = :cup AND area = :eu';

async function putGames() {
  await db.call('CreateTable', games);
  await put(game('final', 10, 'low'));
  await put(game('b', 2, 'low', { seat: { B: 'AAA=' } }));
  await put(game('a', 2, 'low'));
  await put(game('high', 2, 'high'));
  await put(game('first', -1, 'low'));
  await put(game('us', 2, 'low', { area: { S: 'us' } }));
  await put(game('sp', 2, 'low', { cup: { S: 'spring' } }));
  const { seat: _, ...unseated } = game('unseated', 2, 'low');
  await put(unseated as JsonObject);
}

test('entries stand in the order of the range attributes, one after the other, and need all attributes', async () => {
  await putGames();
  expect(await query(BOTH)).toEqual(['first', 'high', 'a', 'b', 'final']);
  expect(await query(BOTH, { ScanIndexForward: false })).toEqual(['final', 'b', 'a', 'high', 'first']);
  expect(ids(await db.call('Scan', { TableName: 'games', IndexName: 'by-cup' })).sort()).toEqual([
    'a',
    'b',
    'final',
    'first',
    'high',
    'sp',
    'us',
  ]);
  const { Items } = await db.call('Query', queryInput(`${BOTH} AND :two < round`));
  expect(Items).toEqual([
    {
      id: { S: 'final' },
      cup: { S: 'winter' },
      area: { S: 'eu' },
      round: { N: '10' },
      bracket: { S: 'low' },
      seat: { B: 'AA==' },
    },
  ]);
});

test('range attributes are asked for from left to right, in any order of writing, the last one by a range', async () => {
  await putGames();
  expect(await query(`${BOTH} AND round = :two`)).toEqual(['high', 'a', 'b']);
  expect(await query(`bracket = :low AND area = :eu AND round = :two AND cup = :cup`)).toEqual(['a', 'b']);
  expect(await query(`${BOTH} AND round = :two AND bracket < :low`)).toEqual(['high']);
  expect(await query(`${BOTH} AND round = :two AND begins_with(bracket, :low)`)).toEqual(['a', 'b']);
  expect(await query(`${BOTH} AND round = :two AND bracket = :low AND seat > :seat`)).toEqual(['b']);
  expect(await query(`${BOTH} AND round = :two AND bracket = :low AND seat BETWEEN :seat AND :seat`)).toEqual(
    ['a'],
  );
  const one = { IndexName: 'one-hash' };
  expect(await query('cup = :cup', one)).toHaveLength(7);
  expect(await query('cup = :cup AND round > :two', one)).toEqual(['final']);
  expect(
    await db
      .call('Query', {
        TableName: 'games',
        IndexName: 'by-cup',
        KeyConditions: {
          cup: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'winter' }] },
          area: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'eu' }] },
          round: { ComparisonOperator: 'EQ', AttributeValueList: [{ N: '2' }] },
          bracket: { ComparisonOperator: 'GE', AttributeValueList: [{ S: 'i' }] },
        },
      })
      .then(ids),
  ).toEqual(['a', 'b']);
});

test('conditions no index can serve are refused with the attributes that need an equality', async () => {
  await putGames();
  const ranged = (missing: string, on: string) =>
    `RANGE key attributes ${missing} must have equality conditions specified in the query because a condition is present on key attribute ${on}`;
  expect(await refused(`${BOTH} AND bracket = :low`)).toBe(ranged('round', 'bracket'));
  expect(await refused(`${BOTH} AND round = :two AND seat = :seat`)).toBe(ranged('bracket', 'seat'));
  expect(await refused(`${BOTH} AND round > :two AND bracket = :low`)).toBe(ranged('round', 'bracket'));
  expect(await refused(`${BOTH} AND seat > :seat`)).toBe(ranged('round, bracket', 'seat'));
  expect(await refused('cup = :cup')).toBe(
    'HASH key attributes area must have equality conditions specified in the query',
  );
  expect(await refused('cup = :cup AND area > :eu')).toBe(
    'HASH key attributes area must have equality conditions specified in the query',
  );
  expect(await refused('round = :two', { IndexName: 'one-hash' })).toBe(
    'Query condition missed key schema element: cup',
  );
  expect(await refused(`${BOTH} AND note = :low`)).toBe('Query condition missed key schema element: round');
  expect(await refused('cup = :eu AND area = :two')).toBe(
    'One or more parameter values were invalid: Condition parameter type does not match schema type',
  );
  expect(await refused(`${BOTH} AND note = :low`, { IndexName: undefined as never })).toBe(
    'The number of query conditions (3) exceeds the number of key attributes defined in the schema (1)',
  );
  expect(
    await refused(BOTH, {
      FilterExpression: 'seat = :seat',
      ExpressionAttributeValues: { ':cup': { S: 'x' }, ':eu': { S: 'x' }, ':seat': { B: 'AA==' } },
    }),
  ).toBe('Filter Expression can only contain non-primary key attributes: Primary key attribute: seat');
  expect(await refused(BOTH, { ConsistentRead: true })).toBe(
    'Consistent reads are not supported on global secondary indexes',
  );
});

test('a page ends at the table’s key and every attribute of the index’s, and the next begins there', async () => {
  await putGames();
  const first = await db.call('Query', queryInput(BOTH, { Limit: 2 }));
  expect(ids(first)).toEqual(['first', 'high']);
  const start = first.LastEvaluatedKey as JsonObject;
  expect(Object.keys(start).sort()).toEqual(['area', 'bracket', 'cup', 'id', 'round', 'seat']);
  expect(await query(BOTH, { ExclusiveStartKey: start })).toEqual(['a', 'b', 'final']);
  expect(await query(`${BOTH} AND round = :two`, { ExclusiveStartKey: start })).toEqual(['a', 'b']);

  const { area: _, ...incomplete } = start;
  expect(await refused(BOTH, { ExclusiveStartKey: incomplete })).toBe('The provided starting key is invalid');
  const mistyped = { ...start, seat: { S: 'x' } };
  expect(await refused(BOTH, { ExclusiveStartKey: mistyped })).toBe(
    'The provided key element does not match the schema',
  );
  const outside = 'The provided starting key is outside query boundaries based on provided conditions';
  expect(await refused(BOTH, { ExclusiveStartKey: { ...start, area: { S: 'us' } } })).toBe(outside);
  expect(
    await refused(`${BOTH} AND round = :two AND bracket = :low`, {
      ExclusiveStartKey: { ...start, round: { N: '3' } },
    }),
  ).toBe(outside);
  expect(await refused(`${BOTH} AND round > :two`, { ExclusiveStartKey: start })).toBe(
    'The provided starting key does not match the range key predicate',
  );
});

test('a change of one attribute moves the entry, taking one away takes it out', async () => {
  await putGames();
  const update = (UpdateExpression: string, values?: JsonObject) =>
    db.call('UpdateItem', {
      TableName: 'games',
      Key: { id: { S: 'high' } },
      UpdateExpression,
      ...(values && { ExpressionAttributeValues: values }),
    });
  await update('SET bracket = :b', { ':b': { S: 'z' } });
  expect(await query(BOTH)).toEqual(['first', 'a', 'b', 'high', 'final']);
  await update('SET area = :r', { ':r': { S: 'us' } });
  expect(await query(BOTH)).toEqual(['first', 'a', 'b', 'final']);
  await update('REMOVE seat');
  expect(ids(await db.call('Scan', { TableName: 'games', IndexName: 'by-cup' }))).not.toContain('high');
  await db.call('DeleteItem', { TableName: 'games', Key: { id: { S: 'a' } } });
  expect(await query(BOTH)).toEqual(['first', 'b', 'final']);
});

test('an index key attribute of the wrong type, empty or too long together with the others is refused', async () => {
  await putGames();
  const refusedPut = (more: JsonObject) =>
    db.refusal('PutItem', { TableName: 'games', Item: game('x', 1, 'low', more) });
  expect(await refusedPut({ area: { N: '1' } })).toBe(
    'One or more parameter values were invalid: Type mismatch for Index Key area Expected: S Actual: N IndexName: by-cup',
  );
  expect(await refusedPut({ bracket: { S: '' } })).toContain(
    'empty string value. IndexName: by-cup, IndexKey: bracket',
  );
  await put(game('long', 1, 'x'.repeat(1000)));
  expect(await refusedPut({ bracket: { S: 'x'.repeat(1022) } })).toBe(
    'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
  );
  expect(await refusedPut({ cup: { S: 'x'.repeat(1025) }, area: { S: 'x'.repeat(1024) } })).toBe(
    'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
  );
  // The longest there can be, with the most bytes that need an escape.
  const zeros = Buffer.alloc(1024 - 3 - 2).toString('base64');
  await put(
    game('zeros', 1, 'aa', {
      seat: { B: zeros },
      cup: { S: 'x'.repeat(1024) },
      area: { S: 'x'.repeat(1024) },
    }),
  );
  expect(ids(await db.call('Scan', { TableName: 'games', IndexName: 'by-cup' }))).toContain('zeros');
});

test('the parts of a key are told apart, wherever their bytes are cut', async () => {
  await putGames();
  await put(game('left', 1, 'x', { cup: { S: 'ab' }, area: { S: 'c' } }));
  await put(game('right', 1, 'x', { cup: { S: 'a' }, area: { S: 'bc' } }));
  const at = (cup: string, area: string) =>
    query(BOTH, { ExpressionAttributeValues: { ':cup': { S: cup }, ':eu': { S: area } } });
  expect(await at('ab', 'c')).toEqual(['left']);
  expect(await at('a', 'bc')).toEqual(['right']);
});

test('PartiQL does not read such an index, in the words of the service; the rest of the table it does', async () => {
  await putGames();
  const said =
    'PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys.';
  const refusal = (Statement: string) => db.refusal('ExecuteStatement', { Statement });
  expect(await refusal(`SELECT * FROM "games"."by-cup" WHERE cup = 'winter'`)).toBe(said);
  expect(await refusal(`SELECT id FROM "games"."one-hash" WHERE cup = 'winter' ORDER BY round DESC`)).toBe(
    said,
  );
  expect(await refusal(`SELECT * FROM "games"."by-cup" WHERE cup = 5`)).toBe(said);
  expect(await refusal('SELECT * FROM "games"."by-cup"')).toBe(said);
  const Statements = [
    { Statement: `SELECT * FROM "games"."by-cup" WHERE cup = 'winter' AND area = 'eu'` },
    { Statement: `SELECT id FROM "games" WHERE id = 'a'` },
  ];
  const { Responses } = await db.call('BatchExecuteStatement', { Statements });
  expect(Responses).toEqual([
    { Error: { Code: 'ValidationError', Message: said } },
    { TableName: 'games', Item: { id: { S: 'a' } } },
  ]);
  await db.call('ExecuteStatement', { Statement: `INSERT INTO "games" VALUE {'id': 'n'}` });
  await db.call('ExecuteStatement', { Statement: `UPDATE "games" SET area = 'us' WHERE id = 'a'` });
  expect(await query(BOTH)).not.toContain('a');
});

test('a key is described as it was asked for, up to four of each', async () => {
  const letters = [...'abcdefghij'];
  const create = (types: string, names?: readonly string[]) => ({
    ...tableInput('keyed', 'id:S'),
    AttributeDefinitions: definitions(
      Object.fromEntries(['id', ...(names ?? letters.slice(0, types.length))].map((name) => [name, 'S'])),
    ),
    GlobalSecondaryIndexes: [
      { IndexName: 'gsi', KeySchema: keySchema(types, names), Projection: { ProjectionType: 'ALL' } },
    ],
  });
  const keys = keySchema('HHHHRRRR');
  const { TableDescription } = await db.call('CreateTable', create('HHHHRRRR'));
  expect(TableDescription).toMatchObject({ GlobalSecondaryIndexes: [{ KeySchema: keys }] });
  await db.call('DeleteTable', { TableName: 'keyed' });
  const said = (types: string, names?: readonly string[]) => db.refusal('CreateTable', create(types, names));
  const invalid = 'One or more parameter values were invalid: ';
  expect(await said('HHHHH')).toBe(
    `${invalid}The KeySchema exceeds the maximum allowed number of HASH key attributes`,
  );
  expect(await said('HRRRRR')).toBe(
    `${invalid}The KeySchema exceeds the maximum allowed number of RANGE key attributes`,
  );
  expect(await said('HRH')).toBe(
    `${invalid}All HASH key attributes must precede RANGE key attributes in the KeySchema`,
  );
  expect(await said('HHR', ['a', 'b', 'a'])).toBe(
    'The KeySchema contains multiple key attributes with the same name',
  );
  expect(await said('RR')).toBe('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  expect(
    await db.refusal('CreateTable', {
      ...create('HH'),
      KeySchema: keySchema('HRR', ['id', 'a', 'b']),
    }),
  ).toContain('Member must have length less than or equal to 2');
});

test('a new index is filled with what is there, without items it cannot hold', async () => {
  await db.call('CreateTable', tableInput('games', 'id:S'));
  await put(game('b', 2, 'low'));
  await put(game('a', 1, 'low'));
  await put(game('odd', 1, 'low', { area: { N: '1' } }));
  await put(game('long', 1, 'x'.repeat(1022)));
  await db.call('UpdateTable', {
    TableName: 'games',
    AttributeDefinitions: games.AttributeDefinitions as JsonObject[],
    GlobalSecondaryIndexUpdates: [
      { Create: (games.GlobalSecondaryIndexes as JsonObject[])[0] as JsonObject },
    ],
  });
  await db.running.settled();
  expect(await query(BOTH)).toEqual(['a', 'b']);
  await db.call('UpdateTable', {
    TableName: 'games',
    GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-cup' } }],
  });
  const { Table } = await db.call('DescribeTable', { TableName: 'games' });
  expect(Table).toMatchObject({ AttributeDefinitions: [{ AttributeName: 'id' }] });
});

test('a backup and a restart keep such an index', async () => {
  const store = openTemporaryStore();
  const other = await runDynamodb(store);
  await other.call('CreateTable', games);
  for (const id of ['a', 'b']) await other.call('PutItem', { TableName: 'games', Item: game(id, 2, id) });
  const { BackupDetails } = await other.call('CreateBackup', { TableName: 'games', BackupName: 'kept' });
  const { BackupArn } = BackupDetails as JsonObject;
  const restore = (TargetTableName: string, more: JsonObject = {}) =>
    other.call('RestoreTableFromBackup', { TargetTableName, BackupArn: BackupArn as string, ...more });
  const { TableDescription } = await restore('again', {
    GlobalSecondaryIndexOverride: [(games.GlobalSecondaryIndexes as JsonObject[])[0] as JsonObject],
  });
  expect(TableDescription).toMatchObject({
    GlobalSecondaryIndexes: [
      { IndexName: 'by-cup', KeySchema: keySchema('HHRRR', ['cup', 'area', 'round', 'bracket', 'seat']) },
    ],
  });
  await other.running.settled();
  const from = (TableName: string) => other.call('Query', queryInput(BOTH, { TableName })).then(ids);
  expect(await from('again')).toEqual(['a', 'b']);
  await other.running.close();
  const reopened = await runDynamodb(store);
  expect(await reopened.call('Query', queryInput(`${BOTH} AND round = :two`)).then(ids)).toEqual(['a', 'b']);
  await reopened.close();
});
