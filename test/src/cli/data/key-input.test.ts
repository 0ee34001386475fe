import { describe, expect, test } from 'vitest';
import { keyValue, parseKey } from '../../../../src/cli/data/key-input.ts';
import { parseRange } from '../../../../src/cli/data/range-input.ts';

const events = {
  name: 'events',
  key: { hash: 'customer', range: 'at' },
  types: { customer: 'S', at: 'N' },
} as const;
const files = { name: 'files', key: { hash: 'digest' }, types: { digest: 'B' } } as const;

describe('a key can be written as', () => {
  const key = { customer: { S: 'ann' }, at: { N: '5' } };
  test.each([
    ['names and values', ['customer=ann', 'at=5']],
    ['in any order', ['at=5', 'customer=ann']],
    ["values in the key's order", ['ann', '5']],
    ['both mixed', ['at=5', 'ann']],
    ['JSON', ['{"at":5,"customer":"ann"}']],
  ])('%s', (_, words) => {
    expect(parseKey(words, events)).toEqual(key);
  });

  test('a value with an equals sign in it', () => {
    expect(parseKey(['a=b', '5'], events)).toEqual({ customer: { S: 'a=b' }, at: { N: '5' } });
    expect(parseKey(['customer=a=b', '5'], events)).toEqual({ customer: { S: 'a=b' }, at: { N: '5' } });
  });

  test('bytes in base64', () => {
    expect(parseKey(['AQID'], files)).toEqual({ digest: { B: 'AQID' } });
    expect(parseKey(['{"digest":{"$binary":"AQID"}}'], files)).toEqual({ digest: { B: 'AQID' } });
  });

  test('a number with all its digits', () => {
    const digits = '12345678901234567890123456789012345678';
    expect(parseKey(['ann', digits], events).at).toEqual({ N: digits });
    expect(parseKey([`{"customer":"ann","at":${digits}}`], events).at).toEqual({ N: digits });
  });
});

describe('a wrong key is refused, naming what the key is', () => {
  test.each([
    [[], 'no key is given'],
    [['ann'], '"at" is not given'],
    [['ann', 'soon'], '"at" must be a number, found "soon"'],
    [['ann', '5', '6'], '"6" is no part of the key'],
    [['at=5', 'at=6'], '"at" is given twice'],
    [['{"customer":"ann"}'], '"at" is not given'],
    [['{"customer":"ann","at":"5"}'], '"at" must be a number, found "5"'],
    [['{"customer":"ann","at":5,"x":1}'], '"x" is no part of the key'],
    [
      ['{"customer":"ann",}'],
      'the key is not JSON: expected a key in double quotes, found "}" at character 19',
    ],
  ])('%j', (words, reason) => {
    expect(() => parseKey(words, events)).toThrow(
      `${reason}; the key of events is customer (text), at (number)`,
    );
  });

  test('bytes that are no base64', () => {
    expect(() => parseKey(['?'], files)).toThrow('"digest" must be a binary value, found "?"');
  });
});

describe('--range', () => {
  const range = (text: string) => parseRange(text, (word) => keyValue('at', word, events));
  test.each([
    ['5', '#r = :r', { ':r': { N: '5' } }],
    ['eq:5', '#r = :r', { ':r': { N: '5' } }],
    ['>=:5', '#r >= :r', { ':r': { N: '5' } }],
    ['>=5', '#r >= :r', { ':r': { N: '5' } }],
    ['<-5', '#r < :r', { ':r': { N: '-5' } }],
    ['le:5', '#r <= :r', { ':r': { N: '5' } }],
    ['between:1, 5', '#r BETWEEN :r AND :to', { ':r': { N: '1' }, ':to': { N: '5' } }],
  ])('%s', (text, expression, values) => {
    expect(range(text)).toEqual({ expression, values });
  });

  test('text with a colon is a value unless a form stands before it', () => {
    const text = (word: string) => parseRange(word, (value) => ({ S: value }));
    expect(text('12:30').values).toEqual({ ':r': { S: '12:30' } });
    expect(text('begins_with:12:30')).toEqual({
      expression: 'begins_with(#r, :r)',
      values: { ':r': { S: '12:30' } },
    });
    expect(text('eq:begins_with:x').values).toEqual({ ':r': { S: 'begins_with:x' } });
  });

  test('between without two ends is refused', () => {
    expect(() => range('between:1')).toThrow('--range between takes two values with a comma, found "1"');
  });
});
