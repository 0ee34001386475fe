import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { TableRefusal } from '../../../src/app/data-call.ts';
import { type OwnTables, openOwnTables } from '../../../src/app/data-own.ts';
import type { Item } from '../../../src/app/data-plain.ts';
import { allTables, findTable, nearestName, needTable, tableNames } from '../../../src/app/data-tables.ts';
import { emptyTable, pagesOf, putItems } from '../../../src/app/data-write.ts';
import type { Problem } from '../../../src/model/project.ts';
import { noOptions, temporaryProject } from '../loaders/temporary-project.ts';

const config = (tables: object) => JSON.stringify({ name: 'shop', functions: {}, tables });
const orders = { name: 'orders', key: { hash: 'id', range: 'at' }, attributes: { at: 'N' } };

interface Opened extends OwnTables {
  readonly problems: readonly Problem[];
  readonly notices: readonly string[];
}

async function openTables(root: string): Promise<Opened> {
  const problems: Problem[] = [];
  const notices: string[] = [];
  const own = await openOwnTables({
    root,
    load: noOptions,
    onProblem: (problem) => problems.push(problem),
    notice: (_, message) => notices.push(message),
  });
  let open = true;
  const close = async () => {
    if (open) await own.close();
    open = false;
  };
  onTestFinished(close);
  return { ...own, close, problems, notices };
}

const project = (tables: object, files: Readonly<Record<string, string>> = {}) =>
  temporaryProject({ 'sls-local.config.json': config(tables), ...files });

const itemsOf = async ({ call }: OwnTables, table: string): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const page of pagesOf(call, 'Scan', { TableName: table })) items.push(...page);
  return items.map((item) => ({ ...item })).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
};

const many = (count: number): Item[] =>
  Array.from({ length: count }, (_, i) => ({ id: { S: `o${i}` }, at: { N: String(i) } }));

describe('without a session', () => {
  test('the tables of the project are there, and what is written stays', async () => {
    const root = project({ orders: { ...orders, indexes: { byState: { key: 'state' } } } });
    const first = await openTables(root);
    expect(await allTables(first.call)).toMatchObject([
      {
        name: 'orders',
        items: 0,
        bytes: 0,
        key: { hash: 'id', range: 'at' },
        types: { id: 'S', at: 'N', state: 'S' },
        indexes: [{ name: 'byState', kind: 'global', key: { hash: 'state' } }],
      },
    ]);
    expect(await putItems(first.call, await needTable(first.call, 'orders'), many(60))).toBe(60);
    await first.close();

    const second = await openTables(root);
    expect(await findTable(second.call, 'orders')).toMatchObject({ items: 60 });
    expect(await emptyTable(second.call, await needTable(second.call, 'orders'))).toBe(60);
    expect(await itemsOf(second, 'orders')).toEqual([]);
  });

  test('nothing keeps the folder claimed when the project cannot be opened', async () => {
    const root = project({ orders });
    const first = await openTables(root);
    await first.close();
    expect(existsSync(join(root, '.sls-local/session.json'))).toBe(false);
  });

  test('tables beyond one page of names are all listed', async () => {
    const names = Array.from({ length: 103 }, (_, i) => `table-${String(i).padStart(3, '0')}`);
    const { call } = await openTables(
      project(Object.fromEntries(names.map((name) => [name, { name, key: 'id' }]))),
    );
    expect(await tableNames(call)).toEqual(names);
  });

  test('what the service refuses comes as its refusal', async () => {
    const { call } = await openTables(project({ orders }));
    const failure = await call('GetItem', { TableName: 'orders', Key: {} }).catch(
      (thrown: unknown) => thrown,
    );
    expect(failure).toBeInstanceOf(TableRefusal);
    expect(failure).toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining('key element'),
    });
  });

  test('an unknown table is refused, naming the one that was meant', async () => {
    const { call } = await openTables(project({ orders }));
    await expect(needTable(call, 'ordres')).rejects.toMatchObject({
      code: 'table-unknown',
      message: 'there is no table "ordres"; did you mean "orders"?',
      hint: 'there is: orders',
      exitCode: 2,
    });
    await expect(needTable(call, '!')).rejects.toMatchObject({ code: 'table-unknown' });
  });
});

test('the nearest name is the one that holds it, else the most alike', () => {
  expect(nearestName('orders', ['shop-dev-orders', 'shop-dev-customers'])).toBe('shop-dev-orders');
  expect(nearestName('shop-dve-orders', ['shop-dev-orders', 'shop-dev-customers'])).toBe('shop-dev-orders');
  expect(nearestName('xyz', ['shop-dev-orders'])).toBeUndefined();
  expect(nearestName('x', [])).toBeUndefined();
});

describe('writing many items', () => {
  test('large items go in several requests, the same key twice leaves the later', async () => {
    const { call, ...own } = await openTables(project({ orders }));
    const table = await needTable(call, 'orders');
    const large = many(30).map((item) => ({ ...item, text: { S: 'x'.repeat(300_000) } }));
    expect(await putItems(call, table, large)).toBe(30);
    const twice: Item[] = [
      { id: { S: 'a' }, at: { N: '1' }, n: { N: '1' } },
      { id: { S: 'a' }, at: { N: '1' }, n: { N: '2' } },
    ];
    expect(await putItems(call, table, twice)).toBe(2);
    expect(await itemsOf({ call, ...own }, 'orders')).toContainEqual(twice[1]);
    expect(await emptyTable(call, table)).toBe(31);
  });

  test('an item the service refuses is named with how many were written before it', async () => {
    const { call } = await openTables(project({ orders }));
    const table = await needTable(call, 'orders');
    const wrong: Item = { id: { S: 'bad' }, at: { S: 'no number' } };
    await expect(putItems(call, table, [...many(30), wrong])).rejects.toMatchObject({
      code: 'item-refused',
      message: expect.stringContaining('id="bad", at="no number"'),
      hint: '30 items before it were written',
    });
    expect(await findTable(call, 'orders')).toMatchObject({ items: 30 });
  });
});

describe('seeds', () => {
  const seeded = { ...orders, seed: ['seeds.jsonl', { id: 'inline', at: 1 }] };
  const seeds = {
    'seeds.jsonl': '{"id":"a","at":12345678901234567890123456789012345678}\n{"id":"b","at":2}\n',
  };
  const three = [
    { id: { S: 'a' }, at: { N: '12345678901234567890123456789012345678' } },
    { id: { S: 'b' }, at: { N: '2' } },
    { id: { S: 'inline' }, at: { N: '1' } },
  ];

  test('a new table gets them once: what is removed later stays removed', async () => {
    const root = project({ orders: seeded }, seeds);
    const first = await openTables(root);
    expect(await itemsOf(first, 'orders')).toEqual(three);
    expect(first.notices).toEqual(['seeded orders with 3 items']);
    await emptyTable(first.call, await needTable(first.call, 'orders'));
    await first.close();
    const second = await openTables(root);
    expect(second.notices).toEqual([]);
    expect(await itemsOf(second, 'orders')).toEqual([]);
  });

  test('a table that has items is left alone, one that is empty and was never seeded is not', async () => {
    const root = project({ orders, others: { name: 'others', key: 'id' } });
    const first = await openTables(root);
    await putItems(first.call, await needTable(first.call, 'orders'), many(1));
    await first.close();
    writeFileSync(join(root, 'seeds.jsonl'), seeds['seeds.jsonl']);
    writeFileSync(
      join(root, 'sls-local.config.json'),
      config({ orders: seeded, others: { name: 'others', key: 'id', seed: [{ id: 'x' }] } }),
    );
    const second = await openTables(root);
    expect(second.notices).toEqual(['seeded others with 1 item']);
    expect(await itemsOf(second, 'orders')).toEqual(many(1));
  });

  test('where one seed is wrong none of its table is written, until it is mended', async () => {
    const others = { name: 'others', key: 'id', seed: [{ id: 'x' }] };
    const root = project(
      { orders: seeded, others },
      { 'seeds.jsonl': '{"id":"a","at":1}\n{"id":"b","at":"2"}\n' },
    );
    const first = await openTables(root);
    expect(first.notices).toEqual(['seeded others with 1 item']);
    expect(first.problems).toMatchObject([
      {
        severity: 'error',
        code: 'bad-seed',
        subject: 'tables.orders.seed[0]',
        message:
          'table orders is not seeded: "at" must be a number, found "2"; the key of orders is id (text), at (number)',
        place: { file: join(root, 'seeds.jsonl'), line: 2, column: 1 },
      },
    ]);
    expect(await itemsOf(first, 'orders')).toEqual([]);
    await first.close();
    writeFileSync(join(root, 'seeds.jsonl'), seeds['seeds.jsonl']);
    const second = await openTables(root);
    expect(await itemsOf(second, 'orders')).toEqual(three);
  });

  test('a wrong item in the project file is told with its place there', async () => {
    const root = project({ orders: { ...orders, seed: [{ id: 'x' }] } });
    const { problems } = await openTables(root);
    expect(problems).toMatchObject([
      {
        code: 'bad-seed',
        subject: 'tables.orders.seed[0]',
        place: { file: join(root, 'sls-local.config.json'), line: 1 },
      },
    ]);
  });

  test('writing that was cut short begins anew', async () => {
    const root = project({ orders: seeded }, seeds);
    const first = await openTables(root);
    const { id } = await needTable(first.call, 'orders');
    await first.close();
    const { openStore } = await import('../../../src/std/store/store.ts');
    const store = openStore(join(root, '.sls-local/data'));
    store.map('seeds').put(id, 'begun');
    await store.close();
    const second = await openTables(root);
    expect(second.notices).toEqual(['seeded orders with 3 items']);
  });
});
