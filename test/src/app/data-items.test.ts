import { describe, expect, test } from 'vitest';
import { countItems, type ItemText, readItems } from '../../../src/app/data-items.ts';
import type { Item } from '../../../src/app/data-plain.ts';
import { SlsError } from '../../../src/std/errors.ts';

const rules = {
  name: 'orders',
  key: { hash: 'id', range: 'at' },
  types: { id: 'S', at: 'N', zip: 'S' },
  indexes: [{ name: 'byZip', key: { hash: 'zip' } }],
} as const;

const read = (text: string, others: Partial<ItemText> = {}): Item[] => [
  ...readItems({ text, from: 'standard input', ...others }, rules),
];
const failing = (text: string, others: Partial<ItemText> = {}): SlsError => {
  try {
    read(text, others);
  } catch (failure) {
    if (failure instanceof SlsError) return failure;
    throw failure;
  }
  throw new Error('it was read');
};

const one = { id: { S: '1' }, at: { N: '5' }, ok: { BOOL: true } };
const two = { id: { S: '2' }, at: { N: '6' }, ok: { BOOL: true } };
const plain = (id: number) => `{"id":"${id}","at":${id + 4},"ok":true}`;

describe('the form is seen by looking', () => {
  test.each([
    ['JSON lines', `${plain(1)}\n${plain(2)}\n`],
    ['a list', `[${plain(1)},\n ${plain(2)}]`],
    ['lines over several lines', plain(1).replaceAll(',', ',\n') + plain(2)],
    ['CSV', 'id,at,ok\n1,5,true\n2,6,true\n'],
    ['items with types', [one, two].map((item) => JSON.stringify(item)).join('\n')],
    ["DynamoDB's export", [one, two].map((item) => JSON.stringify({ Item: item })).join('\n')],
    ['what a scan answered', JSON.stringify({ Items: [one, two], Count: 2, ScannedCount: 2 }, null, 4)],
    [
      'a BatchWriteItem request',
      JSON.stringify({ orders: [one, two].map((item) => ({ PutRequest: { Item: item } })) }),
    ],
  ])('%s', (_, text) => {
    expect(read(text).map((item) => ({ ...item }))).toEqual([one, two]);
  });
});

test('a file is CSV by its name, and JSON by its name though it begins with something else', () => {
  expect(read('id,at,ok\n1,5,true\n', { file: '/x/orders.csv' })).toHaveLength(1);
  expect(failing('id,at\n', { file: '/x/orders.jsonl' }).message).toContain('this is not JSON');
});

test('a form that is asked for is not guessed at', () => {
  expect(failing(JSON.stringify(one), { format: 'jsonl' }).message).toContain('"id" must be a text');
  expect(failing(plain(1), { format: 'dynamodb-json' }).message).toContain('Unexpected');
});

test('an attribute that looks like a type does not make a plain item one with types', () => {
  expect(read('{"id":"1","at":5,"S":{"S":"x"}}')[0]).toMatchObject({ S: { M: { S: { S: 'x' } } } });
});

test('numbers of 38 digits come through every form', () => {
  const digits = '12345678901234567890123456789012345678';
  const forms = [
    `{"id":"1","at":5,"n":${digits}}`,
    `id,at,n\n1,5,${digits}\n`,
    `{"Item":{"id":{"S":"1"},"at":{"N":"5"},"n":{"N":"${digits}"}}}`,
  ];
  for (const text of forms) expect(read(text)[0]).toMatchObject({ n: { N: digits } });
});

test('nothing is no items, and blank lines count for nothing', () => {
  expect(read('')).toEqual([]);
  expect(read('\n\n')).toEqual([]);
  expect(countItems({ text: `\n${plain(1)}\n\n${plain(2)}`, from: 'x' }, rules)).toBe(2);
});

describe('the first that is wrong is told with file, line and column', () => {
  test.each([
    ['{"id":"1","at":5}\n{"id":"2",}', 2, 11, 'this is not JSON: expected a key in double quotes, found "}"'],
    [
      '{"id":"1","at":5}\n  {"id":2,"at":5}',
      2,
      3,
      '"id" must be a text, found 2; the key of orders is id (text), at (number)',
    ],
    ['{"id":"1"}', 1, 1, 'the item has no "at"; the key of orders is id (text), at (number)'],
    ['{"id":"","at":5}', 1, 1, 'cannot contain an empty string value. Key: id'],
    [
      '{"id":"1","at":5,"zip":12345}',
      1,
      1,
      'Type mismatch for Index Key zip Expected: S Actual: N IndexName: byZip',
    ],
    ['{"id":"1","at":123456789012345678901234567890123456789}', 1, 1, 'more than 38 significant digits'],
    ['{"id":"1","at":5,"s":{"$stringSet":["a","a"]}}', 1, 1, 'contains duplicates'],
    ['{"id":"1","at":5,"b":{"$binary":"x"}}', 1, 1, 'b: $binary takes base64, found "x"'],
    [
      `{"id":"1","at":5,"t":"${'x'.repeat(410_000)}"}`,
      1,
      1,
      'Item size has exceeded the maximum allowed size',
    ],
    ['id,at\n1,5\n2,x\n', 3, 1, '"at" must be a number, found "x"'],
    ['id,at\n"1\n', 2, 1, 'a cell has no closing quote'],
    ['id,id\n', 1, 1, 'the attribute "id" is named twice in the first row'],
    ['[{"id":"1","at":5},\n5]', 2, 1, 'an item is a map such as {"id":"1"}, found 5'],
  ])('%.40s', (text, line, column, reason) => {
    const failure = failing(text, { file: '/x/items' });
    expect(failure).toMatchObject({ code: 'bad-item', file: '/x/items', line, column });
    expect(failure.message).toContain(reason);
  });

  test('and without a file, with where it came from', () => {
    expect(failing('{"id":"1","at":5}\n5').message).toBe(
      'standard input, line 2, column 1: an item is a map such as {"id":"1"}, found 5',
    );
  });
});
