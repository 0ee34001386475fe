/** How many prepared instances there should be. */
import { expect, test } from 'vitest';
import { PreparedShelf } from '../../../src/runtime/prepared-shelf.ts';
import { functionNamed } from './preparing-pool.ts';

const fn = functionNamed('a');
const entry = () => ({ fn, coming: Promise.resolve(undefined) });

test('starts that find none have more of them kept, up to eight, and quiet times fewer', () => {
  const shelf = new PreparedShelf();
  shelf.want('node', 'runtime', fn);
  const wanted = [2, 4, 8, 8].map(() => {
    shelf.grow('node');
    return shelf.lacking?.wanted;
  });
  expect(wanted).toEqual([2, 4, 8, 8]);
  for (let i = 0; i < 8; i++) shelf.put('node', 'runtime', entry());
  expect(shelf.lacking).toBeUndefined();
  expect([4, 2, 1].map(() => shelf.shrink().length)).toEqual([4, 2, 1]);
  expect(shelf.isGrown).toBe(false);
  expect(shelf.count).toBe(1);
});

test('what one function alone can take does not grow', () => {
  const shelf = new PreparedShelf();
  shelf.want('a', 'function', fn);
  expect(shelf.grow('a')).toBe(false);
  expect(shelf.grow('never wanted')).toBe(false);
});

test('the settings that were wanted least recently make room', () => {
  const shelf = new PreparedShelf();
  const first = entry();
  shelf.put('1', 'runtime', first);
  for (const key of ['2', '3', '4']) expect(shelf.put(key, 'runtime', entry())).toEqual([]);
  expect(shelf.put('5', 'runtime', entry())).toEqual([first]);
});

test('a function’s own are dropped with it, those of its runtime are not', () => {
  const shelf = new PreparedShelf();
  const own = entry();
  shelf.put('a', 'function', own);
  shelf.put('node', 'runtime', entry());
  expect(shelf.dropFunction(fn.id)).toEqual([own]);
  expect(shelf.has('node')).toBe(true);
});
