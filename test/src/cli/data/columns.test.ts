import { expect, test } from 'vitest';
import { layOut } from '../../../../src/cli/data/columns.ts';

const wide = 1000;

test('columns are as wide as their widest cell, numbers to the right', () => {
  const columns = [{ title: 'id' }, { title: 'n', align: 'right' as const }, { title: 'note' }];
  expect(
    layOut(
      columns,
      [
        ['long-id', '5', 'x'],
        ['b', '120', ''],
      ],
      wide,
    ).lines,
  ).toEqual(['id         n  note', 'long-id    5  x', 'b        120']);
});

test('the widest are cut until all fit', () => {
  const { lines, leftOut } = layOut([{ title: 'a' }, { title: 'b' }], [['x'.repeat(50), 'y'.repeat(12)]], 40);
  expect(lines[1]).toBe(`${'x'.repeat(25)}…  ${'y'.repeat(12)}`);
  expect(leftOut).toEqual([]);
});

test('columns that would say nothing are left out, from the end, and named', () => {
  const columns = ['one', 'two', 'three', 'four'].map((title) => ({ title }));
  const { lines, leftOut } = layOut(columns, [columns.map(() => 'z'.repeat(30))], 24);
  expect(lines).toEqual(['one          two', `${'z'.repeat(10)}…  ${'z'.repeat(10)}…`]);
  expect(leftOut).toEqual(['three', 'four']);
});

test('what people have to type is cut last', () => {
  const { lines } = layOut(
    [{ title: 'id', whole: true }, { title: 'x' }],
    [['k'.repeat(20), 'z'.repeat(60)]],
    40,
  );
  expect(lines[1]).toBe(`${'k'.repeat(20)}  ${'z'.repeat(17)}…`);
});

test('one column stays however narrow the terminal is', () => {
  expect(layOut([{ title: 'id' }], [['abcdefghijklmnop']], 3).lines[1]).toBe('abcdefghi…');
});

test('what would steer the terminal or break the line is made visible', () => {
  expect(layOut([{ title: 'a' }], [['x\u001b[31m\ny\u009b\u007f']], wide).lines[1]).toBe(
    'x\\u001b[31m\\ny\\u009b\\u007f',
  );
});

test('characters that take two columns are counted as two', () => {
  const { lines } = layOut(
    [{ title: 'a' }, { title: 'b' }],
    [
      ['日本', '1'],
      ['😀', '2'],
      ['abcd', '3'],
    ],
    wide,
  );
  expect(lines.slice(1)).toEqual(['日本  1', '😀    2', 'abcd  3']);
});
