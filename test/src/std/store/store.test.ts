import { afterAll, afterEach, expect, test } from 'vitest';
import { openTemporaryStore } from '../../../../src/std/store/store.ts';

const store = openTemporaryStore();
afterEach(() => store.map('m').clear());
afterAll(() => store.close());

test('a range runs from its lower end inclusive to its upper end exclusive, in both directions', () => {
  const map = store.map<number>('m');
  for (const n of [1, 2, 3, 4]) map.put(['k', n], n);
  const values = (options: object) => [...map.range(options)].map((e) => e.value);
  expect(values({ from: ['k', 2], to: ['k', 4] })).toEqual([2, 3]);
  expect(values({ from: ['k', 2], to: ['k', 4], reverse: true })).toEqual([3, 2]);
  expect(values({ reverse: true, limit: 1 })).toEqual([4]);
  expect(map.count()).toBe(4);
});

test('a throw inside write undoes everything it wrote, nested writes included', () => {
  const map = store.map<number>('m');
  map.put('a', 1);
  expect(() =>
    store.write(() => {
      map.put('a', 2);
      store.write(() => map.put('b', 3));
      expect(map.get('a')).toBe(2);
      expect(map.get('b')).toBe(3);
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(map.get('a')).toBe(1);
  expect(map.get('b')).toBeUndefined();
});

test('a throw inside write undoes that a map was cleared', () => {
  const map = store.map<number>('cleared');
  map.put('a', 1);
  const clearAndFail = () =>
    store.write(() => {
      map.clear();
      map.put('b', 2);
      throw new Error('no');
    });
  expect(clearAndFail).toThrow('no');
  expect([...map.range()]).toEqual([{ key: 'a', value: 1 }]);
});

test('a nested write that fails and is caught leaves the outer one usable', () => {
  const map = store.map<number>('m');
  store.write(() => {
    map.put('a', 5);
  });
  expect(map.get('a')).toBe(5);
});

test('works that share a transaction see what those before them wrote, and each ends by itself', () => {
  const map = store.map<number>('m');
  const add = (name: string, n: number) => () => {
    store.write(() => map.put(name, (map.get(name) ?? 0) + n));
    return map.get(name);
  };
  const refuse = () => {
    throw new Error('refused');
  };
  expect(store.writeAll([add('a', 1), refuse, add('a', 2), add('b', 5)])).toEqual([
    { value: 1 },
    { failure: new Error('refused') },
    { value: 3 },
    { value: 5 },
  ]);
  expect([map.get('a'), map.get('b')]).toEqual([3, 5]);
  expect(store.writeAll([])).toEqual([]);
  expect(store.writeAll([refuse])).toEqual([{ failure: new Error('refused') }]);
});

test('one that fails in the middle of its write undoes that alone', () => {
  const map = store.map<number>('m');
  const put = (name: string) => () => store.write(() => map.put(name, 1));
  const halfWay = () =>
    store.write(() => {
      map.put('half', 1);
      throw new Error('half-way');
    });
  expect(store.writeAll([put('a'), halfWay, put('b')])).toEqual([
    { value: undefined },
    { failure: new Error('half-way') },
    { value: undefined },
  ]);
  expect([...map.keys()]).toEqual(['a', 'b']);
  // The next write is one of its own again.
  expect(halfWay).toThrow('half-way');
  expect([...map.keys()]).toEqual(['a', 'b']);
});

test('a shared transaction that is undone from outside takes all of its works with it', () => {
  const map = store.map<number>('m');
  expect(() =>
    store.write(() => {
      expect(store.writeAll([() => map.put('a', 1), () => map.put('b', 1)])).toHaveLength(2);
      throw new Error('no');
    }),
  ).toThrow('no');
  expect([...map.keys()]).toEqual([]);
});

test('byte keys up to 3,100 bytes are kept in byte order and values come back as they were', () => {
  const map = store.map<Uint8Array>('bytes', { keys: 'bytes', values: 'bytes' });
  const long = Buffer.alloc(3100, 7);
  map.put(Buffer.from([2]), Buffer.from('two'));
  map.put(Buffer.from([1, 0]), Buffer.from('one-zero'));
  map.put(Buffer.from([1]), Buffer.from('one'));
  map.put(long, Buffer.from('long'));
  expect([...map.range()].map((e) => Buffer.from(e.value).toString())).toEqual([
    'one',
    'one-zero',
    'two',
    'long',
  ]);
  expect(
    Buffer.from(
      [...map.range({ from: Buffer.from([1]), to: Buffer.from([2]), reverse: true })][0]?.key as Uint8Array,
    ),
  ).toEqual(Buffer.from([1, 0]));
});

test('reads while iterating inside a write see what the write did before', () => {
  const map = store.map<number>('m');
  store.write(() => {
    map.put('x', 1);
    expect([...map.range()].length).toBe(1);
    map.remove('x');
    expect([...map.range()].length).toBe(0);
  });
});

test('names lists maps, drop removes one', () => {
  store.map('gone').put('a', 1);
  expect(store.names()).toContain('gone');
  store.drop('gone');
  expect(store.names()).not.toContain('gone');
  expect(store.map('gone').get('a')).toBeUndefined();
});
