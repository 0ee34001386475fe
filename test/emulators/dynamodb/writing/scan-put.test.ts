/** A put that is read without parsing is the one that parsing gives. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attributeMap } from '../../../../emulators/dynamodb/input/attribute-shapes.ts';
import { attributeOf } from '../../../../emulators/dynamodb/values/attribute-value.ts';
import { itemSizes } from '../../../../emulators/dynamodb/values/item-size.ts';
import { validateItem } from '../../../../emulators/dynamodb/values/validate-value.ts';
import { scanPut } from '../../../../emulators/dynamodb/writing/scan-put.ts';
import type { JsonObject } from '../../../../src/model/emulator.ts';

const parsed = (text: string) => {
  const input = JSON.parse(text) as { TableName: string; Item: JsonObject };
  const item = validateItem(attributeMap.decode(input.Item, 'field'));
  return { input, item };
};

/** Whether it was scanned; what was is compared with what the parser, the checks and the writer make of it. */
function isScannedRightly(text: string): boolean {
  const scanned = scanPut(text);
  if (!scanned) return false;
  const { input, item } = parsed(text);
  expect(Object.keys(input).sort()).toEqual(['Item', 'TableName']);
  expect(scanned.TableName).toBe(input.TableName);
  expect(scanned.item.json).toBe(JSON.stringify(item));
  expect(scanned.item.sizes).toEqual(itemSizes(item));
  for (const name of [...Object.keys(item), 'no such name', 'hasOwnProperty'])
    expect(scanned.item.attribute(name)).toEqual(attributeOf(item, name));
  return true;
}

const put = (item: unknown) => JSON.stringify({ TableName: 'orders', Item: item });

const plainName = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_.:# -]{0,8}$/);
const plainText = fc.stringMatching(/^[ !#-[\]-~]{0,20}$/);
const plainNumber = fc.oneof(
  fc.integer().map(String),
  fc.tuple(fc.integer(), fc.nat(99)).map(([whole, part]) => `${whole}.${part}1`),
);
const { plain } = fc.letrec<{ plain: unknown }>((tie) => ({
  plain: fc.oneof(
    { depthSize: 'small' },
    plainText.map((S) => ({ S })),
    plainNumber.map((N) => ({ N })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant({ NULL: true }),
    fc.array(tie('plain'), { maxLength: 3 }).map((L) => ({ L })),
    fc.dictionary(plainName, tie('plain'), { maxKeys: 3 }).map((M) => ({ M })),
  ),
}));
const plainItem = fc.dictionary(plainName, plain, { minKeys: 1, maxKeys: 6 });

const { odd } = fc.letrec<{ odd: unknown }>((tie) => ({
  odd: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }).map((S) => ({ S })),
    fc
      .oneof(fc.double().map(String), fc.stringMatching(/^-?[0-9]{1,20}(\.[0-9]{0,20})?(e-?[0-9]{1,3})?$/))
      .map((N) => ({ N })),
    fc.constantFrom(
      { NULL: false },
      { BOOL: 'true' },
      {},
      null,
      [],
      'S',
      1,
      { S: null },
      { S: 'a', N: '1' },
      { B: 'YQ==' },
      { SS: ['b', 'a'] },
      { X: 1 },
    ),
    fc.array(tie('odd'), { maxLength: 3 }).map((L) => ({ L })),
    fc
      .dictionary(fc.oneof(plainName, fc.string(), fc.constantFrom('__proto__', '1', '')), tie('odd'), {
        maxKeys: 3,
      })
      .map((M) => ({ M })),
  ),
}));

test('items as SDKs send them are scanned', () => {
  fc.assert(
    fc.property(plainItem, (item) => isScannedRightly(put(item))),
    { numRuns: 400 },
  );
});

test('what is scanned of any item is what parsing gives', () => {
  const name = fc.oneof(plainName, fc.string());
  const item = fc.dictionary(name, fc.oneof(plain, odd), { maxKeys: 4 });
  fc.assert(
    fc.property(item, (one) => void isScannedRightly(put(one))),
    { numRuns: 1000 },
  );
});

test('what is scanned of a text that was damaged is what parsing gives', () => {
  const damage = fc.tuple(
    fc.nat(),
    fc.nat(3),
    fc.oneof(
      fc.constantFrom('', '"', '{', '}', ',', ':', '[', ']', '\\', '0', '-', '.', ' ', '\n', 'é'),
      fc.string({ maxLength: 2 }),
    ),
  );
  let scanned = 0;
  fc.assert(
    fc.property(plainItem, fc.array(damage, { minLength: 1, maxLength: 2 }), (item, damages) => {
      let text = put(item);
      for (const [place, length, other] of damages) {
        const at = place % text.length;
        text = text.slice(0, at) + other + text.slice(at + length);
      }
      if (isScannedRightly(text)) scanned++;
    }),
    { numRuns: 3000 },
  );
  expect(scanned).toBeGreaterThan(100);
});

test.each([
  '{"Item":{"pk":{"S":"a"}},"TableName":"orders"}',
  '{"TableName":"orders","Item":{"pk":{"S":"a"},"n":{"N":"-12.5"}}}',
])('the two members come in either order: %s', (text) => {
  expect(isScannedRightly(text)).toBe(true);
});

test.each([
  ['a further member', '{"TableName":"orders","Item":{"pk":{"S":"a"}},"ReturnValues":"NONE"}'],
  ['a further member in front', '{"ReturnValues":"NONE","TableName":"orders","Item":{"pk":{"S":"a"}}}'],
  ['a table’s ARN', '{"TableName":"arn:aws:dynamodb:a:1:table/orders","Item":{"pk":{"S":"a"}}}'],
  ['a table name of two letters', '{"TableName":"ab","Item":{"pk":{"S":"a"}}}'],
  ['blanks', '{"TableName": "orders","Item":{"pk":{"S":"a"}}}'],
  ['a name twice', '{"TableName":"orders","Item":{"pk":{"S":"a"},"pk":{"S":"b"}}}'],
  [
    'a name twice in a map',
    '{"TableName":"orders","Item":{"m":{"M":{"a":{"S":""},"b":{"S":""},"a":{"S":""}}}}}',
  ],
  ['names of digits', '{"TableName":"orders","Item":{"b":{"S":"a"},"1":{"S":"b"}}}'],
  ['a number in another form', '{"TableName":"orders","Item":{"n":{"N":"1.50"}}}'],
  ['a negative zero', '{"TableName":"orders","Item":{"n":{"N":"-0"}}}'],
  ['two types', '{"TableName":"orders","Item":{"n":{"S":"a","N":"1"}}}'],
  ['a character that takes two bytes', '{"TableName":"orders","Item":{"n":{"S":"é"}}}'],
  ['an escape', '{"TableName":"orders","Item":{"n":{"S":"\\n"}}}'],
  ['no attribute', '{"TableName":"orders","Item":{}}'],
  ['no end', '{"TableName":"orders","Item":{"n":{"S":"a"}}'],
  ['more than an end', '{"TableName":"orders","Item":{"n":{"S":"a"}}}}'],
])('%s is left to the parser', (_what, text) => {
  expect(scanPut(text)).toBeUndefined();
});

test.each([127, 128, 16383, 16384])('a text of %i characters counts as much as when parsed', (length) => {
  expect(isScannedRightly(put({ a: { S: 'x'.repeat(length) } }))).toBe(true);
});

test('lists are scanned as deep as the service goes', () => {
  const nested = (depth: number): unknown => (depth === 0 ? { S: 'x' } : { L: [nested(depth - 1)] });
  expect(isScannedRightly(put({ a: nested(31) }))).toBe(true);
  expect(scanPut(put({ a: nested(32) }))).toBeUndefined();
});

test('maps with many names are left to the parser', () => {
  const names = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, { S: '' }]));
  expect(isScannedRightly(put({ a: { M: names(64) }, ...names(63) }))).toBe(true);
  expect(scanPut(put(names(65)))).toBeUndefined();
});
