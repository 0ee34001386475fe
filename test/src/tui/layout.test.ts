import { expect, test } from 'vitest';
import { functionsShown, helpFor, layoutFor, rowWidths } from '../../../src/tui/layout.ts';
import { fitted, foldedLines, logRowLines } from '../../../src/tui/rows.ts';
import type { FunctionRow } from '../../../src/tui/state.ts';

const idle = (id: string): FunctionRow => ({ id, instances: {}, build: 'ok' });

test.each([10, 12, 24, 60])('all parts fit in a terminal of %i rows, with one to spare', (rows) => {
  for (const count of [1, 8, 40]) {
    const { functionRows, paneRows } = layoutFor({ columns: 80, rows }, count);
    // Title, a blank line on either side of the functions, help and message.
    expect(1 + 2 + functionRows + paneRows + 2).toBeLessThan(rows);
    expect(paneRows).toBeGreaterThanOrEqual(3);
  }
});

test('of many functions those with an instance or a failed build are shown, in their order', () => {
  const rows = ['a', 'b', 'c', 'd', 'e', 'f'].map(idle);
  rows[3] = { ...idle('d'), instances: { one: 'idle' } };
  rows[5] = { ...idle('f'), build: 'failed' };
  expect(functionsShown(rows, 4).map(({ id }) => id)).toEqual(['a', 'd', 'f']);
  expect(functionsShown(rows, 6)).toEqual(rows);
});

test.each([20, 40, 80, 120])('the help fits in %i columns and tells how to quit', (columns) => {
  expect(helpFor(columns).length).toBeLessThanOrEqual(columns);
  expect(helpFor(columns)).toContain('q quit');
});

test.each([40, 60, 80, 200])(
  'the columns of an invocation leave room for its duration in %i columns',
  (columns) => {
    const { functionId, cause } = rowWidths(columns);
    expect(8 + 3 + functionId + 1 + (cause > 0 ? cause + 1 : 0) + 9).toBeLessThanOrEqual(columns);
    expect(functionId).toBeGreaterThanOrEqual(8);
  },
);

test('a text that is too long for its column is cut, a short one filled up', () => {
  expect(fitted('CreateOrder', 6)).toBe('Creat…');
  expect(fitted('Get', 6)).toBe('Get   ');
  expect(logRowLines({ functionId: 'CreateOrder', at: 0, text: 'a\nb', bad: false }, 6)).toEqual([
    'Creat… │ a',
    '       │ b',
  ]);
});

test('a line that is too long goes on in the next one; one that only has colours stays', () => {
  const red = '\u001b[31mred\u001b[39m';
  expect(foldedLines(['abcdefgh', red, ''], 5)).toEqual(['abcde', 'fgh', red, '']);
  expect(foldedLines([`${red}dish`], 5)).toEqual(['reddi', 'sh']);
});
