import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LoggedMap, loggedIn, openWriteLog } from '../../../../src/std/store/write-log.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sls-local-log-'));
  path = join(folder, 'store.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const things: LoggedMap = { name: Buffer.from('thïngs'), keys: 'bytes' };
const others: LoggedMap = { name: Buffer.from('others'), keys: 'ordered' };
const bytes = (text: string) => Buffer.from(text);

const foundIn = (generation: number) =>
  loggedIn(path, generation).map(
    ({ kind, map, keys, key, value }) => `${kind} ${map} ${keys} ${key} ${value}`,
  );

test('what was written is found by the next process, in order, with what it is of', () => {
  const log = openWriteLog(path, 1);
  log.put(things, bytes('a'), 'täxt');
  log.put(others, bytes('b'), bytes('bytes'));
  log.write();
  log.remove(things, bytes('a'));
  log.clear(others);
  log.put(things, bytes('c'), '');
  log.write();
  log.put(things, bytes('d'), 'not written');
  log.close();
  expect(foundIn(1)).toEqual([
    'put thïngs bytes a täxt',
    'put others ordered b bytes',
    'remove thïngs bytes a ',
    'clear others ordered  ',
    'put thïngs bytes c ',
  ]);
});

test('what is discarded is not written, what was added before stays', () => {
  const log = openWriteLog(path, 1);
  const start = log.mark();
  log.write();
  expect(log.bytes()).toBe(0);
  log.put(things, bytes('a'), '1');
  const mark = log.mark();
  expect(mark).toBeGreaterThan(start);
  log.put(things, bytes('b'), '2');
  log.discard(mark);
  log.write();
  expect(log.mark()).toBe(start);
  log.close();
  expect(foundIn(1)).toEqual(['put thïngs bytes a 1']);
});

test('text of any length comes back, whatever its bytes', () => {
  const long = 'ü€🎉x'.repeat(100_000);
  const log = openWriteLog(path, 1);
  log.put(things, bytes('long'), long);
  log.put(things, bytes('bytes'), Buffer.from(long));
  log.write();
  log.put(things, bytes('short'), 'after');
  log.write();
  log.close();
  expect(foundIn(1)).toEqual([
    `put thïngs bytes long ${long}`,
    `put thïngs bytes bytes ${long}`,
    'put thïngs bytes short after',
  ]);
});

test('a generation counts by itself: neither what is left of an older one behind it, nor one that is over', () => {
  const log = openWriteLog(path, 7);
  for (const key of ['a', 'b', 'c']) {
    log.put(things, bytes(key), 'old');
    log.write();
  }
  log.restart();
  expect([...log.changes()]).toEqual([]);
  expect([log.generation(), log.bytes()]).toEqual([8, 0]);
  log.put(things, bytes('a'), 'new');
  log.write();
  log.close();
  expect(foundIn(8)).toEqual(['put thïngs bytes a new']);
  expect(foundIn(7)).toEqual([]);
  expect(foundIn(9)).toEqual([]);
});

test('a record that a kill cut short, and one whose bytes were turned, end what is found', () => {
  const log = openWriteLog(path, 1);
  log.put(things, bytes('a'), '1');
  log.write();
  const first = log.bytes();
  log.put(things, bytes('b'), '2');
  log.put(things, bytes('c'), '3');
  log.write();
  log.close();
  const whole = readFileSync(path);
  for (let length = whole.length - 1; length >= first; length--) {
    truncateSync(path, length);
    expect(foundIn(1)).toEqual(['put thïngs bytes a 1']);
    writeFileSync(path, whole.subarray(0, length));
  }
  for (let at = first; at < whole.length; at++) {
    const turned = Buffer.from(whole);
    turned[at] = (turned[at] ?? 0) ^ 1;
    writeFileSync(path, turned);
    expect(foundIn(1)).toEqual(['put thïngs bytes a 1']);
  }
  writeFileSync(path, 'no log at all');
  expect(foundIn(1)).toEqual([]);
});

test('closing leaves a file only where something in it counts', () => {
  const log = openWriteLog(path, 1);
  log.put(things, bytes('a'), '1');
  log.write();
  log.restart();
  log.close();
  expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  log.close();
  expect(() => log.write()).toThrow('closed');
});
