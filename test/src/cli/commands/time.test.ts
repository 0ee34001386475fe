import { expect, test } from 'vitest';
import { spanTo } from '../../../../src/cli/commands/time.ts';

const NOW = Date.UTC(2030, 0, 1);

test.each([
  ['+10m', 600_000],
  ['+2h30m', 9_000_000],
  ['+1.5s', 1500],
  ['2030-01-01T00:01:00Z', 60_000],
])('%s is %d ms away', (text, ms) => {
  expect(spanTo(text, NOW)).toBe(ms);
});

test.each(['10m', '+', '+10', 'tomorrow', '2029-12-31T00:00:00Z'])('%s is refused', (text) => {
  expect(() => spanTo(text, NOW)).toThrow(text);
});
