/** Items of every kind for property tests: all types, nested, with the names and texts that are easy to get wrong. */
import fc from 'fast-check';
import type { AttributeValue, Item } from '../../../src/app/data-plain.ts';

const awkward = [
  '',
  '1',
  '007',
  '1e5',
  'true',
  'null',
  '-',
  '"quoted"',
  '{"a":1}',
  '[1]',
  '{"$binary":"AA=="}',
  'a,b',
  'line\nend',
  '\r',
  ' blank ',
  '😀',
  '__proto__',
];
const text = fc.oneof(fc.constantFrom(...awkward), fc.string(), fc.string({ unit: 'grapheme' }));
const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 0, maxLength: 36 });
/** In the service's normal form. */
const number = fc
  .tuple(fc.boolean(), fc.constantFrom(...'123456789'), digits)
  .map(([negative, first, rest]) => `${negative ? '-' : ''}${first}${rest}`);
const base64 = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const name = fc.oneof(
  fc.constantFrom('$binary', '$stringSet', '$map', '$number', '__proto__', 'a', 'b', 'constructor'),
  fc.string({ minLength: 1, maxLength: 8 }),
);
const set = (member: fc.Arbitrary<string>) => fc.uniqueArray(member, { minLength: 1, maxLength: 4 });

export const anyValue: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue; map: Item }>(
  (tie) => ({
    map: fc
      .uniqueArray(fc.tuple(name, tie('value')), { maxLength: 4, selector: ([each]) => each })
      .map((entries) => mapOf(entries)),
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 4 },
      text.map((S) => ({ S })),
      number.map((N) => ({ N })),
      base64.map((B) => ({ B })),
      fc.boolean().map((BOOL) => ({ BOOL })),
      fc.constant<AttributeValue>({ NULL: true }),
      set(text).map((SS) => ({ SS })),
      set(number).map((NS) => ({ NS })),
      set(base64).map((BS) => ({ BS })),
      fc.array(tie('value'), { maxLength: 4 }).map((L) => ({ L })),
      tie('map').map((M) => ({ M })),
    ),
  }),
).value;

/** Items with the key `id` (text) and `at` (number). */
export const anyItem: fc.Arbitrary<Item> = fc
  .tuple(
    fc.oneof(fc.constantFrom(...awkward.slice(1)), fc.string({ minLength: 1 })),
    number,
    fc.uniqueArray(fc.tuple(name, anyValue), { maxLength: 5, selector: ([each]) => each }),
  )
  .map(([id, at, others]) =>
    mapOf([
      ['id', { S: id }],
      ['at', { N: at }],
      ...others.filter(([each]) => each !== 'id' && each !== 'at'),
    ]),
  );

function mapOf(entries: readonly (readonly [string, AttributeValue])[]): Item {
  const map: Record<string, AttributeValue> = Object.create(null);
  for (const [each, value] of entries) map[each] = value;
  return map;
}
