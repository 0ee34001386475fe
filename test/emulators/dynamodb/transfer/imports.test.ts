import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { arnOf, itemsOf } from '../backups/backed-up.ts';
import { runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
});
afterEach(async () => {
  await db.close();
  rmSync(db.world.context.folder, { recursive: true, force: true });
});

function writeObject(key: string, content: string | Uint8Array): void {
  const path = join(db.world.context.folder, 'exports', 'my-bucket', key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
const lines = (items: readonly JsonObject[]) => items.map((Item) => `${JSON.stringify({ Item })}\n`).join('');
const request = (more: JsonObject = {}, table: JsonObject = tableInput('users', 'id:S')): JsonObject => ({
  S3BucketSource: { S3Bucket: 'my-bucket', S3KeyPrefix: 'in/' },
  InputFormat: 'DYNAMODB_JSON',
  TableCreationParameters: table,
  ...more,
});
async function importUsers(more: JsonObject = {}, table?: JsonObject): Promise<JsonObject> {
  const { ImportTableDescription } = await db.call('ImportTable', request(more, table));
  await db.running.settled();
  const { ImportArn } = ImportTableDescription as JsonObject;
  return (await db.call('DescribeImport', { ImportArn: ImportArn ?? '' }))
    .ImportTableDescription as JsonObject;
}
const user = (id: string, more: JsonObject = {}): JsonObject => ({ id: { S: id }, ...more });

test('all objects under the prefix become items of a new table', async () => {
  writeObject('in/a.json', lines([user('1', { n: { N: '1.0' } }), user('2')]));
  writeObject('in/deeper/b.json', lines([user('3')]));
  writeObject('other/c.json', lines([user('4')]));
  const { ImportTableDescription } = await db.call('ImportTable', request());
  expect((await db.call('DescribeTable', { TableName: 'users' })).Table).toMatchObject({
    TableStatus: 'CREATING',
  });
  expect(await db.refusal('Scan', { TableName: 'users' })).toContain('ResourceNotFoundException');
  expect(ImportTableDescription).toMatchObject({
    ImportArn: expect.stringMatching(/:table\/users\/import\/\d{14}-[0-9a-f]{8}$/),
    ImportStatus: 'IN_PROGRESS',
    TableArn: arnOf('users'),
    InputCompressionType: 'NONE',
    S3BucketSource: { S3Bucket: 'my-bucket', S3KeyPrefix: 'in/', S3BucketOwner: '000000000000' },
  });
  await db.running.settled();
  const { ImportArn: arn = '' } = ImportTableDescription as JsonObject;
  expect((await db.call('DescribeImport', { ImportArn: arn })).ImportTableDescription).toMatchObject({
    ImportStatus: 'COMPLETED',
    ProcessedItemCount: 3,
    ImportedItemCount: 3,
    ErrorCount: 0,
    EndTime: db.world.clock.now() / 1000,
  });
  const items = await itemsOf(db, 'users');
  expect(items).toHaveLength(3);
  expect(items).toContainEqual(user('1', { n: { N: '1' } }));
});

test('items that do not fit are left out, counted, and the first is told of', async () => {
  writeObject('in/a.json', lines([user('1'), { n: { N: '1' } }, user('2', { x: { N: 'abc' } }), user('3')]));
  expect(await importUsers()).toMatchObject({
    ImportStatus: 'FAILED',
    FailureCode: 'ItemValidationError',
    ProcessedItemCount: 4,
    ImportedItemCount: 2,
    ErrorCount: 2,
  });
  expect(await itemsOf(db, 'users')).toHaveLength(2);
  expect(db.world.notices).toEqual([
    'import into table users: 2 of 4 items were left out; the first: in/a.json line 2: ' +
      'One or more parameter values were invalid: Missing the key id in the item',
  ]);
});

test('a line that is not JSON ends the reading of its object, not of the others', async () => {
  writeObject('in/a.json', `${lines([user('1')])}not json\n${lines([user('2')])}`);
  writeObject('in/b.json', lines([user('3')]));
  expect(await importUsers()).toMatchObject({ ImportedItemCount: 2, ErrorCount: 1 });
  expect(db.world.notices[0]).toContain('in/a.json line 2: it is not JSON');
});

test('compressed objects are unpacked, those that only say so are errors', async () => {
  writeObject('in/a.json.gz', gzipSync(lines([user('1'), user('2')])));
  writeObject('in/plain.json', lines([user('3')]));
  expect(await importUsers({ InputCompressionType: 'GZIP' })).toMatchObject({
    ImportedItemCount: 2,
    ErrorCount: 1,
    ProcessedSizeBytes: Buffer.byteLength(lines([user('1'), user('2')])),
  });
});

test('comma-separated values are texts, but for the keys of the table and its indexes', async () => {
  writeObject('in/a.csv', 'id,age,note\r\n"1",30,"said ""hi"", left"\r\n2,31,"two\nlines"\r\n\r\n');
  const table = tableInput('users', 'id:S', undefined, {
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'age', AttributeType: 'N' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-age',
        KeySchema: [{ AttributeName: 'age', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  expect(await importUsers({ InputFormat: 'CSV' }, table)).toMatchObject({ ImportStatus: 'COMPLETED' });
  expect(await itemsOf(db, 'users', { IndexName: 'by-age' })).toEqual(
    expect.arrayContaining([
      { id: { S: '1' }, age: { N: '30' }, note: { S: 'said "hi", left' } },
      { id: { S: '2' }, age: { N: '31' }, note: { S: 'two\nlines' } },
    ]),
  );
});

test('a header of its own and another delimiter make the first line data', async () => {
  writeObject('in/a.csv', '1;x\n2;y;z\n3;"open\n');
  const options = { Csv: { Delimiter: ';', HeaderList: ['id', 'constructor'] } };
  expect(await importUsers({ InputFormat: 'CSV', InputFormatOptions: options })).toMatchObject({
    ImportedItemCount: 1,
    ErrorCount: 2,
    InputFormatOptions: options,
  });
  expect(await itemsOf(db, 'users')).toEqual([user('1', { constructor: { S: 'x' } })]);
  expect(db.world.notices[0]).toContain('in/a.csv line 2: there are 3 fields, the header has 2');
});

test('a bucket that is not there fails the import and leaves no table, an empty prefix an empty one', async () => {
  expect(await importUsers()).toMatchObject({ ImportStatus: 'FAILED', FailureCode: 'S3NoSuchBucket' });
  expect((await db.call('ListTables', {})).TableNames).toEqual([]);
  writeObject('other/a.json', '');
  expect(await importUsers()).toMatchObject({ ImportStatus: 'COMPLETED', ProcessedItemCount: 0 });
  expect(await itemsOf(db, 'users')).toEqual([]);
});

test('the same token gives the import under way, for another table a conflict', async () => {
  writeObject('in/a.json', lines([user('1')]));
  const begin = async (table = 'users') => {
    const answer = await db.call('ImportTable', request({ ClientToken: 'abc' }, tableInput(table, 'id:S')));
    return (answer.ImportTableDescription as JsonObject).ImportArn;
  };
  const arn = await begin();
  expect(await begin()).toBe(arn);
  expect(await db.refusal('ImportTable', request({ ClientToken: 'abc' }, tableInput('others', 'id:S')))).toBe(
    'ImportConflictException: Import conflict: Duplicate request detected with conflicting parameters',
  );
  await db.running.settled();
  expect(await db.refusal('ImportTable', request({ ClientToken: 'abc' }))).toBe(
    'ResourceInUseException: Table already exists: users',
  );
});

test('imports are listed newest first, also when their table is gone', async () => {
  writeObject('in/a.json', lines([user('1')]));
  const arns: unknown[] = [];
  for (let i = 0; i < 3; i++) {
    arns.unshift((await importUsers()).ImportArn);
    await db.call('DeleteTable', { TableName: 'users' });
    await db.world.clock.advance(1000);
  }
  const list = async (input: JsonObject) => {
    const { ImportSummaryList, NextToken } = await db.call('ListImports', input);
    return { arns: (ImportSummaryList as JsonObject[]).map(({ ImportArn }) => ImportArn), NextToken };
  };
  const first = await list({ TableArn: arnOf('users'), PageSize: 2 });
  expect(first.arns).toEqual(arns.slice(0, 2));
  expect(await list({ NextToken: first.NextToken ?? '' })).toEqual({
    arns: arns.slice(2),
    NextToken: undefined,
  });
  expect(await list({ TableArn: arnOf('others') })).toEqual({ arns: [], NextToken: undefined });
});

test('imports that cannot be are refused', async () => {
  const refused = (more: JsonObject, table?: JsonObject) => db.refusal('ImportTable', request(more, table));
  expect(await refused({ InputFormat: 'ION' })).toContain('the format ION is not emulated by sls-local');
  expect(await refused({ InputCompressionType: 'ZSTD' })).toContain('the compression ZSTD is not emulated');
  expect(await refused({ InputFormatOptions: { Csv: {} } })).toBe(
    'Invalid Request: Unsupported InputFormatOptions for the given input format: DYNAMODB_JSON.',
  );
  const { BillingMode: _, ...unbilled } = tableInput('users', 'id:S');
  expect(await refused({}, unbilled)).toContain(
    'ReadCapacityUnits and WriteCapacityUnits must both be specified',
  );
  await db.call('CreateTable', tableInput('users', 'id:S'));
  expect(await refused({})).toBe('ResourceInUseException: Table already exists: users');
  expect(await db.refusal('DescribeImport', { ImportArn: `${arnOf('users')}/import/01-00` })).toContain(
    'ImportNotFoundException: Import not found',
  );
});
