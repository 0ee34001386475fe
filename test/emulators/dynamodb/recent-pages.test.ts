/** Pages that are kept are never other than what the map holds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeRecentPages } from '../../../emulators/dynamodb/recent-pages.ts';
import { StoredItem } from '../../../emulators/dynamodb/stored-item.ts';
import type { Entry, PageOptions } from '../../../emulators/dynamodb/table-store.ts';

/** A plain sorted map with a shelf before it, as items lie in the store. */
function makeMap(makeShelf = makeRecentPages()) {
  const rows = new Map<string, Entry>();
  const shelf = makeShelf();
  let reads = 0;
  const isWithin = (key: Uint8Array, { from, to }: PageOptions) =>
    Buffer.compare(key, from) >= 0 && (!to || Buffer.compare(key, to) < 0);
  function* read(options: PageOptions): Iterable<Entry> {
    reads++;
    const all = [...rows.values()].sort((a, b) => Buffer.compare(a.key, b.key));
    for (const row of options.reverse ? all.reverse() : all) if (isWithin(row.key, options)) yield row;
  }
  return {
    read,
    reads: () => reads,
    range: (options: PageOptions) => shelf.range(options, read),
    put(key: Uint8Array, text: string) {
      shelf.changes(key);
      const stored = StoredItem.of({ text: { S: text } }, undefined);
      rows.set(Buffer.from(key).toString('hex'), { key, stored });
    },
    remove(key: Uint8Array) {
      shelf.changes(key);
      rows.delete(Buffer.from(key).toString('hex'));
    },
    clear() {
      shelf.clear();
      rows.clear();
    },
  };
}

function keyOf(partition: number, place: number): Uint8Array {
  return Uint8Array.of(0, 0, 0, partition, place);
}

function texts(entries: Iterable<Entry>, most = Number.POSITIVE_INFINITY): string[] {
  const taken: string[] = [];
  for (const { key, stored } of entries) {
    taken.push(`${key.join('.')}=${stored.json}`);
    if (taken.length >= most) break;
  }
  return taken;
}

const partition = fc.nat({ max: 2 });
const place = fc.nat({ max: 9 });
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('put' as const), partition, place, text: fc.string() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), partition, place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('range' as const),
      partition,
      other: partition,
      from: place,
      to: place,
      isOpen: fc.boolean(),
      reverse: fc.boolean(),
      most: fc.integer({ min: 1, max: 12 }),
    }),
  },
);

test('whatever is written in between, a range is what the map holds', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 6000 }), (steps, most) => {
      const map = makeMap(makeRecentPages(most));
      for (const one of steps) {
        if (one.kind === 'put') map.put(keyOf(one.partition, one.place), one.text);
        else if (one.kind === 'remove') map.remove(keyOf(one.partition, one.place));
        else if (one.kind === 'clear') map.clear();
        else {
          const [from, to] = [keyOf(one.partition, one.from), keyOf(one.other, one.to)];
          const options = { from, reverse: one.reverse, ...(!one.isOpen && { to }) };
          expect(texts(map.range(options), one.most)).toEqual(texts(map.read(options), one.most));
        }
      }
    }),
    { numRuns: 500 },
  );
});

function filled(makeShelf = makeRecentPages()) {
  const map = makeMap(makeShelf);
  for (let at = 0; at < 5; at++) map.put(keyOf(1, at), `item ${at}`);
  return map;
}

const all = { from: keyOf(1, 0), to: keyOf(1, 9) };

test('a page that is read again is not read from the map, until something in its partition changes', () => {
  const map = filled();
  texts(map.range(all));
  expect(texts(map.range(all))).toHaveLength(5);
  expect(map.reads()).toBe(1);
  map.put(keyOf(2, 0), 'of another partition');
  texts(map.range(all));
  expect(map.reads()).toBe(1);
  map.remove(keyOf(1, 3));
  expect(texts(map.range(all))).toHaveLength(4);
  expect(map.reads()).toBe(2);
});

test('of a page that was left early, what is behind it is read when it is wanted, and kept too', () => {
  const map = filled();
  texts(map.range(all), 2);
  expect(texts(map.range(all), 2)).toHaveLength(2);
  expect(map.reads()).toBe(1);
  expect(texts(map.range(all))).toHaveLength(5);
  expect(texts(map.range(all))).toHaveLength(5);
  expect(map.reads()).toBe(2);
});

test('what is read while the map changes is not kept', () => {
  const map = filled();
  const [first] = map.range(all);
  expect(first).toBeDefined();
  const reading = map.range({ ...all, reverse: true })[Symbol.iterator]();
  reading.next();
  map.put(keyOf(1, 0), 'changed');
  while (!reading.next().done);
  expect(texts(map.range({ ...all, reverse: true })).at(-1)).toContain('changed');
});

test('of one partition few pages are kept, however many are asked for', () => {
  const map = filled();
  const until = (to: number) => texts(map.range({ from: keyOf(1, 0), to: Uint8Array.of(0, 0, 0, 1, 9, to) }));
  for (let to = 0; to < 20; to++) until(to);
  expect(map.reads()).toBe(20);
  for (let to = 12; to < 20; to++) until(to);
  expect(map.reads()).toBe(20);
  until(11);
  expect(map.reads()).toBe(21);
});

test('the pages asked for longest ago go first', () => {
  const makeShelf = makeRecentPages(1500);
  const map = filled(makeShelf);
  const page = (from: number) => texts(map.range({ from: keyOf(1, from), to: keyOf(1, from + 1) }));
  page(0);
  page(1);
  page(0);
  page(2);
  expect(map.reads()).toBe(3);
  page(0);
  expect(map.reads()).toBe(3);
  page(1);
  expect(map.reads()).toBe(4);
});
