import { expect, test } from 'vitest';
import type { StateDiff, TableDiff } from '../../../../src/app/state-diff.ts';
import { diffLines } from '../../../../src/cli/state/diff-lines.ts';

const table = (more: Partial<TableDiff>): TableDiff => ({
  table: 'orders',
  status: 'changed',
  items: { before: 1, after: 1 },
  definition: [],
  added: [],
  removed: [],
  changed: [],
  ...more,
});
const side = (id: number) => ({ key: { id: { N: String(id) } }, item: { id: { N: String(id) } } });
const diff = (more: Partial<StateDiff>): StateDiff => ({ tables: [], queues: [], ...more });

test('equal states give no line', () => {
  expect(diffLines(diff({}), 20)).toEqual([]);
});

test('no more items are shown than asked for, and how many are left out', () => {
  const tables = [table({ removed: [1, 2, 3].map(side), added: [side(4)] })];
  expect(diffLines(diff({ tables }), 2)).toEqual([
    'orders (1 added, 3 removed)',
    '  - id=1',
    '  - id=2',
    '  … and 2 more (--limit 0 shows all)',
  ]);
  expect(diffLines(diff({ tables }), 0)).toHaveLength(5);
});

test('new and gone tables and queues, definitions and waiting events are told in words', () => {
  const tables = [
    table({ table: 'a', status: 'added', items: { before: 0, after: 2000 }, added: [] }),
    table({ table: 'b', status: 'removed', items: { before: 1, after: 0 }, removed: [side(1)] }),
    table({ table: 'c', definition: ['globalIndexes'] }),
  ];
  const queues = [
    { queue: 'new', status: 'added', messages: { before: 0, after: 2 }, added: 2, removed: 0 },
    { queue: 'old', status: 'removed', messages: { before: 1, after: 0 }, added: 0, removed: 1 },
  ] as const;
  expect(diffLines(diff({ tables, queues, events: { before: 3, after: 1 } }), 20)).toEqual([
    'a (new table, 2,000 items)',
    'b (table is gone, 1 item)',
    '  - id=1',
    'c (same items)',
    '  ~ definition: globalIndexes',
    'new (new queue, 2 messages)',
    'old (queue is gone, 1 message)',
    'events waiting: 3 → 1',
  ]);
});

test('values are shown as plain JSON, and what is not there as such', () => {
  const tables = [
    table({
      changed: [
        {
          key: { id: { S: 'x' } },
          attributes: [
            { name: 'tags', before: { SS: ['a'] } },
            { name: 'total', after: { N: '1.5' } },
          ],
        },
      ],
    }),
  ];
  expect(diffLines(diff({ tables }), 20)[1]).toBe(
    '  ~ id="x"  tags: {"$stringSet":["a"]} → (none)  total: (none) → 1.5',
  );
});

test('topics, parameters and secrets are told by what of them changed', () => {
  const topics = [{ name: 'news', status: 'added', changes: [] }] as const;
  const parameters = [
    { name: '/a', status: 'changed', changes: [{ name: 'value', before: '1', after: '2' }] },
  ] as const;
  const secrets = [{ name: 'db', status: 'removed', changes: [] }] as const;
  expect(diffLines(diff({ topics, parameters, secrets }), 20)).toEqual([
    'news (new topic)',
    '/a (parameter changed)',
    '  ~ value: 1 → 2',
    'db (secret is gone)',
  ]);
});

test('a stream is told of with its shards, a bus with its rules', () => {
  const streams: StateDiff['streams'] = [
    {
      ...{ stream: 'clicks', status: 'changed', records: { before: 1, after: 3 } },
      changes: [{ name: 'retention', before: '24 h', after: '48 h' }],
      shards: [{ shard: 'shardId-000000000001', before: 0, after: 2, added: 2, removed: 0 }],
    },
    { stream: 'new', status: 'added', records: { before: 0, after: 1 }, changes: [], shards: [] },
  ];
  const buses: StateDiff['buses'] = [
    { name: 'orders', status: 'changed', changes: [{ name: 'rule placed', after: 'rate(1 day) → nobody' }] },
  ];
  expect(diffLines(diff({ streams, buses }), 20)).toEqual([
    'clicks (records 1 → 3)',
    '  ~ retention: 24 h → 48 h',
    '  shardId-000000000001 0 → 2: 2 added, 0 removed',
    'new (new stream, 1 record)',
    'orders (event bus changed)',
    '  ~ rule placed: (none) → rate(1 day) → nobody',
  ]);
});
