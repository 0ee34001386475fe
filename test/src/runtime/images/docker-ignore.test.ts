import { expect, test } from 'vitest';
import { makeIgnore } from '../../../../src/runtime/images/docker-ignore.ts';

test.each([
  ['node_modules', 'node_modules/a/b.js', true],
  ['node_modules', 'src/node_modules/a.js', false],
  ['**/node_modules', 'src/node_modules/a.js', true],
  ['**/node_modules', 'node_modules/a.js', true],
  ['*.md', 'README.md', true],
  ['*.md', 'docs/README.md', false],
  ['/dist/', 'dist/a.js', true],
  ['a?c', 'abc', true],
  ['# a.js', 'a.js', false],
  ['*\n!keep.js', 'keep.js', false],
  ['*\n!keep.js', 'other.js', true],
  ['a.js', 'axjs', false],
])('%j and %s: %s', (text, path, ignored) => {
  expect(makeIgnore(text)(path)).toBe(ignored);
});
