/** How many instances are started for those who wait. */
import { expect, test } from 'vitest';
import {
  type Load,
  lineUpDepth,
  lineUpDepthBesideIdle,
  startsWanted,
} from '../../../src/runtime/scale-policy.ts';

const load = (given: Partial<Load>): Load => ({
  waiting: 1,
  overdue: 0,
  starting: 0,
  busy: 0,
  averageMs: undefined,
  room: 50,
  ...given,
});

test('the first event gets an instance', () => {
  expect(startsWanted(load({}))).toBe(1);
});

test('nobody needs one while as many start as wait', () => {
  expect(startsWanted(load({ waiting: 2, starting: 2 }))).toBe(0);
});

test('a queue of very short events waits for the instance that is busy', () => {
  expect(startsWanted(load({ waiting: 15, busy: 1, averageMs: 0.1 }))).toBe(0);
});

test('long events each get an instance', () => {
  expect(startsWanted(load({ waiting: 15, busy: 1, averageMs: 200 }))).toBe(15);
});

test('in between, those who will be served soon wait', () => {
  expect(startsWanted(load({ waiting: 15, busy: 2, averageMs: 2 }))).toBe(5);
});

test('who has waited too long gets one whatever was expected', () => {
  expect(startsWanted(load({ waiting: 3, overdue: 2, busy: 1, averageMs: 0.1 }))).toBe(2);
});

test('never more than there is room for', () => {
  expect(startsWanted(load({ waiting: 15, averageMs: 200, busy: 1, room: 4 }))).toBe(4);
});

test('the quicker the events, the more wait behind each other', () => {
  expect([undefined, 10, 2, 0.5, 0.01].map(lineUpDepth)).toEqual([1, 1, 2, 10, 16]);
});

test('beside an idle instance only those wait who would be over before it woke up', () => {
  expect([undefined, 2, 0.5, 0.1, 0.01].map(lineUpDepthBesideIdle)).toEqual([1, 1, 1, 5, 16]);
});
