import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvKeys, csvRows, itemOfRow, rowOf, rowOfItem } from '../../../src/app/data-csv.ts';
import { BadItem, type Item } from '../../../src/app/data-plain.ts';
import { anyItem } from './item-arbitrary.ts';

const keys: CsvKeys = { key: { hash: 'id', range: 'at' }, types: { id: 'S', at: 'N', zip: 'S' } };

const cellsOf = (text: string) => [...csvRows(text)].map(({ cells }) => cells);
const sorted = (item: Item) => JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));

test('any item comes back from CSV exactly as it was, but for the order of its attributes', () => {
  fc.assert(
    fc.property(fc.array(anyItem, { minLength: 1, maxLength: 4 }), (items) => {
      const columns = [...new Set(items.flatMap((item) => Object.keys(item)))];
      const text = rowOf(columns) + items.map((item) => rowOfItem(columns, item, keys)).join('');
      const [first = [], ...rows] = cellsOf(text);
      expect(first).toEqual(columns);
      expect(rows.map((cells) => sorted(itemOfRow(first, cells, keys)))).toEqual(items.map(sorted));
    }),
    { numRuns: 300 },
  );
});

test('a key is written as it is; elsewhere text that looks like JSON is in quotes', () => {
  const item: Item = { id: { S: '12' }, at: { N: '5' }, a: { S: '12' }, b: { N: '12' }, c: { S: 'x' } };
  expect(rowOfItem(['id', 'at', 'a', 'b', 'c', 'd'], item, keys)).toBe('12,5,"""12""",12,x,\n');
});

test('cells people write are taken for what they look like', () => {
  const columns = ['id', 'at', 'n', 'zero', 'yes', 'none', 'list', 'date', 'phone', 'open'];
  const cells = ['1', '5', '1.50', '007', 'true', 'null', '[1,"a"]', '2026-01-01', '+49 1', '{oops'];
  expect({ ...itemOfRow(columns, cells, keys) }).toEqual({
    id: { S: '1' },
    at: { N: '5' },
    n: { N: '1.50' },
    zero: { S: '007' },
    yes: { BOOL: true },
    none: { NULL: true },
    list: { L: [{ N: '1' }, { S: 'a' }] },
    date: { S: '2026-01-01' },
    phone: { S: '+49 1' },
    open: { S: '{oops' },
  });
});

test("digits under an index's text key are text", () => {
  expect(itemOfRow(['zip'], ['12345'], keys).zip).toEqual({ S: '12345' });
});

test('an empty cell is an attribute that is not there; empty text is in quotes', () => {
  expect({ ...itemOfRow(['id', 'a', 'b'], ['1', '', '""'], keys) }).toEqual({ id: { S: '1' }, b: { S: '' } });
});

test('rows of any line end, with quotes, commas and line ends in cells', () => {
  expect(cellsOf('\uFEFFa,b\r\n"1,5","say ""hi"""\r\n\r\n"two\nlines",\n""\nlast')).toEqual([
    ['a', 'b'],
    ['1,5', 'say "hi"'],
    ['two\nlines', ''],
    ['last'],
  ]);
});

describe('wrong rows', () => {
  test('a quote that is never closed', () => {
    expect(() => cellsOf('a\n"b')).toThrow('a cell has no closing quote');
  });
  test('something behind a closing quote', () => {
    expect(() => cellsOf('"a"b,c')).toThrow('a cell goes on after its closing quote');
  });
  test('more cells than names', () => {
    expect(() => itemOfRow(['id'], ['1', '2'], keys)).toThrow(
      'the row has 2 cells, the first row names 1 attributes',
    );
  });
  test('a key that is no number', () => {
    expect(() => itemOfRow(['at'], ['x'], keys)).toThrow(BadItem);
    expect(() => itemOfRow(['at'], ['x'], keys)).toThrow('"at" must be a number, found "x"');
  });
});
