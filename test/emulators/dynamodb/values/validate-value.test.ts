import { expect, test } from 'vitest';
import { attributeOf } from '../../../../emulators/dynamodb/values/attribute-value.ts';
import { validateItem, validateValue } from '../../../../emulators/dynamodb/values/validate-value.ts';
import type { JsonObject, JsonValue } from '../../../../src/model/emulator.ts';

test('numbers are put into normal form wherever they stand', () => {
  const raw = { n: { N: '01.50' }, l: { L: [{ N: '1e2' }, { M: { x: { NS: ['+1', '2.0'] } } }] } };
  expect(validateItem(raw)).toEqual({
    n: { N: '1.5' },
    l: { L: [{ N: '100' }, { M: { x: { NS: ['1', '2'] } } }] },
  });
});

test('empty texts, binaries, lists and maps are values; members that are no type are dropped', () => {
  expect(validateItem({ s: { S: '' }, b: { B: '' }, l: { L: [] }, m: { M: {} } })).toEqual({
    s: { S: '' },
    b: { B: '' },
    l: { L: [] },
    m: { M: {} },
  });
  expect(validateValue({ S: 'a', other: 1, N: null })).toEqual({ S: 'a' });
});

test('attributes may be called like members of every object', () => {
  const raw = JSON.parse('{"__proto__":{"S":"a"},"constructor":{"S":"b"}}') as JsonObject;
  const item = validateItem(raw);
  expect(JSON.stringify(item)).toBe('{"__proto__":{"S":"a"},"constructor":{"S":"b"}}');
  expect(attributeOf(item, 'constructor')).toEqual({ S: 'b' });
  expect(attributeOf(item, 'toString')).toBeUndefined();
});

test('values that cannot be are refused in the words of the service', () => {
  const invalid = 'One or more parameter values were invalid: ';
  const refusals: [JsonValue, string][] = [
    [{}, 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
    [
      { S: 'a', N: '1' },
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
    [{ NULL: false }, `${invalid}Null attribute value types must have the value of true`],
    [{ SS: [] }, `${invalid}An string set  may not be empty`],
    [{ NS: [] }, `${invalid}An number set  may not be empty`],
    [{ BS: [] }, `${invalid}Binary sets should not be empty`],
    [{ SS: ['a', 'a'] }, `${invalid}Input collection [a, a] contains duplicates.`],
    [{ BS: ['Yg==', 'Yg=='] }, `${invalid}Input collection [Yg==, Yg==]of type BS contains duplicates.`],
    [{ NS: ['1', '1.0'] }, 'Input collection contains duplicates'],
    [{ L: [{ M: { a: { N: 'x' } } }] }, 'The parameter cannot be converted to a numeric value: x'],
  ];
  for (const [raw, message] of refusals) expect(() => validateValue(raw)).toThrow(message);
});

test('values nest 32 levels deep and no deeper', () => {
  const nested = (levels: number): JsonValue => (levels === 0 ? { S: 'leaf' } : { L: [nested(levels - 1)] });
  expect(() => validateValue(nested(31))).not.toThrow();
  expect(() => validateValue(nested(32))).toThrow('Nesting Levels have exceeded supported limits');
});
