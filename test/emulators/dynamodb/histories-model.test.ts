import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServiceError } from '../../../emulators/_wire/service-error.ts';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { runDynamodb, type TestDynamodb, tableInput } from './running-dynamodb.ts';
import { enabled, recordsOf } from './streams/running-streams.ts';

/** Any mix of all the ways to write leaves what a plain map of items has, in the table, its index, its sizes and its stream. */
let db: TestDynamodb;
let run = 0;
beforeAll(async () => {
  db = await runDynamodb();
});
afterAll(() => db.close());

interface Row {
  readonly n?: number;
  readonly tag?: string;
}
/** By `a` and `b`, which together may be the same letters. */
type Key = readonly [a: string, b: string];
const keys = fc.constantFrom<Key>(['x', 'yz'], ['xy', 'z'], ['x', 'y'], ['y', 'x']);
const rows: fc.Arbitrary<Row> = fc.record(
  { n: fc.integer({ min: 0, max: 3 }), tag: fc.constantFrom('p', 'q') },
  { requiredKeys: [] },
);

/** What may have to hold of the item before. */
const conditions = fc.constantFrom('none', 'exists', 'absent', 'tagged', 'positive');
type Condition = typeof conditions extends fc.Arbitrary<infer T> ? T : never;
const holds = (condition: Condition, row: Row | undefined): boolean => {
  if (condition === 'exists') return row !== undefined;
  if (condition === 'absent') return row === undefined;
  if (condition === 'tagged') return row?.tag === 'p';
  return condition === 'none' || (row?.n ?? 0) > 0;
};
const written: Readonly<Record<string, JsonObject>> = {
  none: {},
  exists: { ConditionExpression: 'attribute_exists(a)' },
  absent: { ConditionExpression: 'attribute_not_exists(a)' },
  tagged: { ConditionExpression: 'tag = :c', ExpressionAttributeValues: { ':c': { S: 'p' } } },
  positive: { ConditionExpression: 'n > :c', ExpressionAttributeValues: { ':c': { N: '0' } } },
};

type Kind = 'put' | 'add' | 'untag' | 'delete' | 'check';
interface Action {
  readonly kind: Kind;
  readonly key: Key;
  readonly row: Row;
  readonly condition: Condition;
}
const actions: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom<Kind>('put', 'add', 'untag', 'delete', 'check'),
  key: keys,
  row: rows,
  condition: conditions,
});
type Step = {
  readonly how: 'call' | 'batch' | 'transaction' | 'partiql';
  readonly actions: readonly Action[];
};
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ how: fc.constantFrom('call' as const, 'partiql' as const), actions: fc.tuple(actions) }),
  fc.record({
    how: fc.constantFrom('batch' as const, 'transaction' as const),
    actions: fc.uniqueArray(actions, {
      minLength: 1,
      maxLength: 4,
      selector: ({ key }) => key.join('/'),
    }),
  }),
);

type Model = Map<string, Row>;
const nameOf = (key: Key) => key.join('/');
const keyItem = ([a, b]: Key): JsonObject => ({ a: { S: a }, b: { S: b } });
const itemOf = (key: Key, { n, tag }: Row): JsonObject => ({
  ...keyItem(key),
  ...(n !== undefined && { n: { N: String(n) } }),
  ...(tag !== undefined && { tag: { S: tag } }),
});
const text = (item: unknown) => JSON.stringify(Object.entries(item as object).sort());

/** Undefined: there is none after it. Without a row an update that takes away makes none. */
function next({ kind, row: { n = 1, tag } }: Action, row: Row | undefined): Row | undefined {
  if (kind === 'put') return { n, ...(tag !== undefined && { tag }) };
  if (kind === 'delete') return undefined;
  if (kind === 'add') return { ...row, n: (row?.n ?? 0) + n };
  if (kind === 'check' || !row) return row;
  const { tag: _, ...rest } = row;
  return rest;
}

function request(
  TableName: string,
  action: Action,
): readonly [operation: string, member: string, input: JsonObject] {
  const { kind, key, condition } = action;
  const conditioned: JsonObject = { TableName, ...written[condition] };
  const keyed = { ...conditioned, Key: keyItem(key) };
  if (kind === 'put')
    return ['PutItem', 'Put', { ...conditioned, Item: itemOf(key, next(action, {}) ?? {}) }];
  if (kind === 'delete') return ['DeleteItem', 'Delete', keyed];
  if (kind === 'check') return ['', 'ConditionCheck', keyed];
  if (kind === 'untag') return ['UpdateItem', 'Update', { ...keyed, UpdateExpression: 'REMOVE tag' }];
  const values = {
    ...(conditioned.ExpressionAttributeValues as JsonObject),
    ':n': { N: String(action.row.n ?? 1) },
  };
  const UpdateExpression = 'SET n = if_not_exists(n, :zero) + :n';
  const ExpressionAttributeValues = { ...values, ':zero': { N: '0' } };
  return ['UpdateItem', 'Update', { ...keyed, UpdateExpression, ExpressionAttributeValues }];
}

const codeOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
    return 'done';
  } catch (failure) {
    const { code, fields, message } = failure as ServiceError;
    const reasons = fields?.CancellationReasons as { Code: string }[] | undefined;
    if (code === undefined) throw failure;
    return reasons
      ? reasons.map(({ Code }) => Code).join()
      : `${code}${code === 'ValidationException' ? `: ${message}` : ''}`;
  }
};

async function take(table: string, { how, actions: all }: Step, model: Model): Promise<void> {
  const effect = (action: Action) => {
    const after = next(action, model.get(nameOf(action.key)));
    if (after) model.set(nameOf(action.key), after);
    else model.delete(nameOf(action.key));
  };
  const meets = (action: Action) => holds(action.condition, model.get(nameOf(action.key)));
  const [first] = all;
  if (how === 'call' && first && first.kind !== 'check') {
    const [operation, , input] = request(table, first);
    const met = meets(first);
    expect(await codeOf(db.call(operation, input))).toBe(met ? 'done' : 'ConditionalCheckFailedException');
    if (met) effect(first);
  } else if (how === 'batch') {
    const plain = all.filter(({ kind }) => kind === 'put' || kind === 'delete');
    if (plain.length === 0) return;
    const requests = plain.map(
      (action): JsonObject =>
        action.kind === 'put'
          ? { PutRequest: { Item: itemOf(action.key, next(action, {}) ?? {}) } }
          : { DeleteRequest: { Key: keyItem(action.key) } },
    );
    await db.call('BatchWriteItem', { RequestItems: { [table]: requests } });
    for (const action of plain) effect(action);
  } else if (how === 'transaction') {
    const able = all.filter(({ kind, condition }) => kind !== 'check' || condition !== 'none');
    if (able.length === 0) return;
    const TransactItems = able.map((action): JsonObject => {
      const [, member, input] = request(table, action);
      return { [member]: input };
    });
    const met = able.map(meets);
    const expected = met.every(Boolean)
      ? 'done'
      : met.map((is) => (is ? 'None' : 'ConditionalCheckFailed')).join();
    expect(await codeOf(db.call('TransactWriteItems', { TransactItems }))).toBe(expected);
    if (expected === 'done') for (const action of able) effect(action);
  } else if (how === 'partiql' && first) await takeStatement(table, first, model, effect);
}

/** Inserts make only what is not there, updates change only what is. */
async function takeStatement(table: string, action: Action, model: Model, effect: (action: Action) => void) {
  const { kind, key } = action;
  const isThere = model.has(nameOf(key));
  const where = `WHERE a = '${key[0]}' AND b = '${key[1]}'`;
  const execute = (Statement: string, Parameters?: JsonObject[]) =>
    codeOf(db.call('ExecuteStatement', { Statement, ...(Parameters && { Parameters }) }));
  if (kind === 'put') {
    const done = execute(`INSERT INTO "${table}" VALUE ?`, [{ M: itemOf(key, next(action, {}) ?? {}) }]);
    expect(await done).toBe(isThere ? 'DuplicateItemException' : 'done');
    if (!isThere) effect(action);
  } else if (kind === 'delete') {
    expect(await execute(`DELETE FROM "${table}" ${where}`)).toBe('done');
    effect(action);
  } else if (kind === 'untag') {
    const done = await execute(`UPDATE "${table}" REMOVE tag ${where}`);
    expect(done).toBe(isThere ? 'done' : 'ConditionalCheckFailedException');
    if (isThere) effect(action);
  }
}

test('any mix of writes leaves what a map has, in the table, its index, its sizes and its stream', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 25 }), async (all) => {
      const TableName = `histories-${run++}`;
      const input = tableInput(TableName, 'a:S', 'b:S');
      const created = await db.call('CreateTable', {
        ...input,
        AttributeDefinitions: ['a', 'b', 'tag'].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-tag',
            KeySchema: [{ AttributeName: 'tag', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
        ...enabled(),
      });
      const model: Model = new Map();
      for (const step of all) await take(TableName, step, model);

      const expected = [...model].map(([name, row]) => itemOf(name.split('/') as unknown as Key, row));
      const { Items } = await db.call('Scan', { TableName });
      expect((Items as JsonObject[]).map(text).sort()).toEqual(expected.map(text).sort());

      const entries = (await db.call('Scan', { TableName, IndexName: 'by-tag' })).Items as JsonObject[];
      const tagged = expected.filter(({ tag }) => tag).map(({ n: _, ...entry }) => entry);
      expect(entries.map(text).sort()).toEqual(tagged.map(text).sort());

      const { Table } = await db.call('DescribeTable', { TableName });
      const sizeOf = (item: JsonObject) =>
        Object.entries(item).reduce((sum, [name, value]) => {
          const { S, N } = value as { S?: string; N?: string };
          return sum + name.length + (S?.length ?? (N === '0' ? 1 : 2));
        }, 0);
      expect(Table).toMatchObject({
        ItemCount: expected.length,
        TableSizeBytes: expected.reduce((sum, item) => sum + sizeOf(item), 0),
        GlobalSecondaryIndexes: [{ ItemCount: tagged.length }],
      });

      const streamArn = String((created.TableDescription as JsonObject).LatestStreamArn);
      const replayed = new Map<string, string>();
      for (const { eventName, dynamodb } of await recordsOf(db, streamArn)) {
        const name = text(dynamodb.Keys);
        const { OldImage, NewImage } = dynamodb;
        expect(OldImage && text(OldImage)).toBe(replayed.get(name));
        expect(eventName).toBe(!OldImage ? 'INSERT' : NewImage ? 'MODIFY' : 'REMOVE');
        if (NewImage) expect(text(NewImage)).not.toBe(replayed.get(name));
        if (NewImage) replayed.set(name, text(NewImage));
        else replayed.delete(name);
      }
      expect([...replayed.values()].sort()).toEqual(expected.map(text).sort());
      await db.call('DeleteTable', { TableName });
    }),
    { numRuns: 40 },
  );
});
