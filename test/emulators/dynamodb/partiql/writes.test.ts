import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { runPartiql, type TestPartiql } from './running-partiql.ts';

let ql: TestPartiql;
beforeEach(async () => {
  ql = await runPartiql();
});
afterEach(() => ql.db.close());

const thing = (pk = 'a') => ql.get('things', { pk: { S: pk } });
const seed = (more: JsonObject = {}) => ql.put('things', { pk: { S: 'a' }, ...more });

test('INSERT writes an item of literals', async () => {
  expect(
    await ql.run(
      "INSERT INTO \"things\" VALUE {'pk': 'a', 'n': -1.50e1, 'q': 'it''s', 'yes': true, 'no': null, " +
        "'l': [1, [<<'b', 'a'>>]], 'm': {'x': {}}, 's': <<9.0>>, 'zero': -0, 'f': .5}",
    ),
  ).toEqual({ Items: [] });
  expect(await thing()).toEqual({
    pk: { S: 'a' },
    n: { N: '-15' },
    q: { S: "it's" },
    yes: { BOOL: true },
    no: { NULL: true },
    l: { L: [{ N: '1' }, { L: [{ SS: ['a', 'b'] }] }] },
    m: { M: { x: { M: {} } } },
    s: { NS: ['9'] },
    zero: { N: '0' },
    f: { N: '0.5' },
  });
});

test('INSERT takes parameters of every type, and the keywords in any case', async () => {
  const parameters = [{ S: 'a' }, { B: 'AQI=' }, { BS: ['AQI='] }, { M: { x: { L: [] } } }];
  await ql.run("insert Into things value {'pk': ?, 'b': ?, 'bs': ?, 'm': ?}", { Parameters: parameters });
  expect(await thing()).toEqual({ pk: parameters[0], b: parameters[1], bs: parameters[2], m: parameters[3] });
});

test('INSERT does not replace an item', async () => {
  await seed({ n: { N: '1' } });
  expect(await ql.refusal("INSERT INTO things VALUE {'pk': 'a', 'n': 2}")).toBe(
    'DuplicateItemException: Duplicate primary key exists in table',
  );
  expect(await thing()).toEqual({ pk: { S: 'a' }, n: { N: '1' } });
  await ql.run("DELETE FROM things WHERE pk = 'a'");
  await ql.run("INSERT INTO things VALUE {'pk': 'a', 'n': 2}");
  expect(await thing()).toEqual({ pk: { S: 'a' }, n: { N: '2' } });
});

test('UPDATE sets and removes by document paths, in several clauses', async () => {
  await seed({
    m: { M: { k: { S: 'old' }, gone: { S: 'x' } } },
    l: { L: [{ N: '1' }, { N: '2' }, { N: '3' }] },
    n: { N: '5' },
  });
  await ql.run(
    'UPDATE things SET m.k = ?, l[0] = n + 1 SET "odd name" = n REMOVE m.gone REMOVE l[1] SET n = n--\n-1 WHERE pk = \'a\'',
    { Parameters: [{ S: 'new' }] },
  );
  expect(await thing()).toEqual({
    pk: { S: 'a' },
    m: { M: { k: { S: 'new' } } },
    l: { L: [{ N: '6' }, { N: '3' }] },
    'odd name': { N: '5' },
    n: { N: '4' },
  });
});

test('UPDATE adds, subtracts and appends as deep as it is written', async () => {
  await seed({ n: { N: '5' }, k: { N: '2' }, l: { L: [{ S: 'b' }] } });
  await ql.run(
    "UPDATE things SET n = (n + k) - 1 + - - 4, l = list_append(['a'], LIST_APPEND(l, ?)) WHERE pk = 'a'",
    {
      Parameters: [{ L: [{ S: 'c' }] }],
    },
  );
  expect(await thing()).toMatchObject({ n: { N: '10' }, l: { L: [{ S: 'a' }, { S: 'b' }, { S: 'c' }] } });
});

test('set_add and set_delete change the members of a set', async () => {
  await seed({ ss: { SS: ['a', 'b'] }, only: { NS: ['1'] } });
  await ql.run(
    "UPDATE things SET ss = set_add(ss, <<'z', 'b'>>) SET fresh = SET_ADD(fresh, ?) SET only = set_delete(only, <<1>>) SET none = set_delete(none, <<'x'>>) WHERE pk = 'a'",
    { Parameters: [{ BS: ['AQ=='] }] },
  );
  expect(await thing()).toEqual({ pk: { S: 'a' }, ss: { SS: ['a', 'b', 'z'] }, fresh: { BS: ['AQ=='] } });
  expect(await ql.refusal("UPDATE things SET ss = set_add(ss, <<1>>) WHERE pk = 'a'")).toBe(
    'An operand in the update expression has an incorrect data type',
  );
});

test('UPDATE of what is not there fails and creates nothing', async () => {
  const failed = 'ConditionalCheckFailedException: The conditional request failed';
  expect(await ql.refusal("UPDATE things SET n = 1 WHERE pk = 'a'")).toBe(failed);
  expect(await ql.refusal("UPDATE things REMOVE n WHERE pk = 'a' AND attribute_not_exists(pk)")).toBe(failed);
  expect(await thing()).toBeUndefined();
});

test('further conditions of a write must hold', async () => {
  await seed({ n: { N: '5' }, name: { S: 'alpha' } });
  const failed = 'ConditionalCheckFailedException: The conditional request failed';
  expect(await ql.refusal("UPDATE things SET n = 9 WHERE pk = 'a' AND \"name\" = 'beta'")).toBe(failed);
  expect(await ql.refusal("DELETE FROM things WHERE pk = 'a' AND NOT begins_with(\"name\", 'al')")).toBe(
    failed,
  );
  await ql.run("UPDATE things SET n = 9 WHERE (pk = 'a' AND n BETWEEN 1 AND 5) AND pk = 'a'");
  expect(await thing()).toMatchObject({ n: { N: '9' } });
  await ql.run("DELETE FROM things WHERE 'a' = pk AND n > 5");
  expect(await thing()).toBeUndefined();
  expect(await ql.run("DELETE FROM things WHERE pk = 'a' AND n > 5 RETURNING ALL OLD *")).toEqual({
    Items: [],
  });
});

test('the item that fails a condition is given back where it is asked for', async () => {
  await seed({ n: { N: '5' } });
  const failure = await ql.db.failure('ExecuteStatement', {
    Statement: "DELETE FROM things WHERE pk = 'a' AND n = 6",
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  expect(failure.fields).toEqual({ Item: { pk: { S: 'a' }, n: { N: '5' } } });
});

test('RETURNING gives the item or its changed parts, before or after', async () => {
  const returning = async (kind: string, clauses = 'SET n = n + 1, l[1] = 0') => {
    await seed({ n: { N: '1' }, l: { L: [{ S: 'a' }, { S: 'b' }] }, keep: { S: 'x' } });
    return ql.items(`UPDATE things ${clauses} WHERE pk = 'a' RETURNING ${kind} *`);
  };
  const rest = { pk: { S: 'a' }, keep: { S: 'x' } };
  expect(await returning('ALL OLD')).toEqual([
    { ...rest, n: { N: '1' }, l: { L: [{ S: 'a' }, { S: 'b' }] } },
  ]);
  expect(await returning('all new')).toEqual([
    { ...rest, n: { N: '2' }, l: { L: [{ S: 'a' }, { N: '0' }] } },
  ]);
  expect(await returning('MODIFIED OLD')).toEqual([{ n: { N: '1' }, l: { L: [{ S: 'b' }] } }]);
  expect(await returning('MODIFIED NEW')).toEqual([{ n: { N: '2' }, l: { L: [{ N: '0' }] } }]);
  expect(await returning('MODIFIED NEW', 'REMOVE keep')).toEqual([]);
  expect(await returning('MODIFIED OLD', 'SET fresh = 1')).toEqual([]);
  expect(await ql.items("DELETE FROM things WHERE pk = 'a' RETURNING ALL OLD *")).toHaveLength(1);
});

test('the older form of UPDATE begins with FROM', async () => {
  await seed({ a: { N: '1' }, b: { S: 'x' } });
  expect(
    await ql.items(
      'from things where pk = ? and a = 1 set c = ? remove b returning all new *',
      { S: 'a' },
      { N: '7' },
    ),
  ).toEqual([{ pk: { S: 'a' }, a: { N: '1' }, c: { N: '7' } }]);
});

test('an update does not make an item deeper than it may be', async () => {
  await seed({ m: { M: {} } });
  let deep: JsonObject = { S: 'x' };
  for (let i = 0; i < 31; i++) deep = { M: { a: deep } };
  expect(await ql.refusal("UPDATE things SET m.deep = ? WHERE pk = 'a'", deep)).toBe(
    'Nesting Levels have exceeded supported limits',
  );
  await ql.run("UPDATE things SET deep = ? WHERE pk = 'a'", { Parameters: [deep] });
});

test('a write tells what it consumed', async () => {
  const { ConsumedCapacity } = await ql.run("INSERT INTO things VALUE {'pk': 'a'}", {
    ReturnConsumedCapacity: 'INDEXES',
  });
  expect(ConsumedCapacity).toEqual({ TableName: 'things', CapacityUnits: 1, Table: { CapacityUnits: 1 } });
});
