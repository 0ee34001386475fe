import { expect, test } from 'vitest';
import { FAULT_KINDS, type FaultKind, readFaultKinds } from '../../../src/chaos/fault-kinds.ts';
import { makePlan } from '../../../src/chaos/plan.ts';
import { checkSeed, makeSeed, roll, seedOfRun } from '../../../src/chaos/seed.ts';

test('a number depends on the seed and the name alone', () => {
  expect(roll('8f3a', '3/orders')).toBe(roll('8f3a', '3/orders'));
  expect(roll('8f3a', '3/orders')).not.toBe(roll('8f3b', '3/orders'));
  expect(roll('8f3a', '3/orders')).not.toBe(roll('8f3a', '4/orders'));
  const rolled = Array.from({ length: 1000 }, (_, at) => roll('8f3a', `name ${at}`));
  expect(Math.min(...rolled)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...rolled)).toBeLessThan(1);
  expect(rolled.reduce((sum, one) => sum + one, 0) / 1000).toBeCloseTo(0.5, 1);
});

test('the first of several runs has the seed itself, so that a printed seed is what one gives again', () => {
  expect(seedOfRun('8f3a', 0)).toBe('8f3a');
  expect(seedOfRun('8f3a', 1)).toMatch(/^[0-9a-f]{16}$/);
  expect(checkSeed(makeSeed().toUpperCase())).toMatch(/^[0-9a-f]{16}$/);
});

test('what is no seed and no fault is refused with what there is', () => {
  expect(() => checkSeed('xyz')).toThrow('"xyz" is no seed');
  expect(() => readFaultKinds('duplicate,explode')).toThrow('there is no fault "explode"');
  expect(readFaultKinds('duplicate, delay')).toEqual(['duplicate', 'delay']);
});

test('asking in another order gives the same faults', () => {
  const names = Array.from({ length: 200 }, (_, at) => `${at}/orders@worker.1`);
  const keys = (order: readonly string[]) => {
    const plan = makePlan({ seed: '8f3a', kinds: FAULT_KINDS });
    for (const name of order) for (const kind of FAULT_KINDS) plan.strikes(kind, name, name);
    return plan.struck.map(({ key }) => key).sort();
  };
  expect(keys(names).length).toBeGreaterThan(50);
  expect(keys([...names].reverse())).toEqual(keys(names));
});

test('a fault that is named strikes, whatever the seed says, and no other does', () => {
  const plan = makePlan({ seed: '8f3a', kinds: FAULT_KINDS, only: new Set(['5/orders:crash']) });
  for (let at = 0; at < 20; at++)
    for (const kind of FAULT_KINDS) plan.strikes(kind, `${at}/orders`, `message ${at}`);
  expect(plan.struck).toEqual([{ key: '5/orders:crash', kind: 'crash', what: 'message 5' }]);
});

test('few kinds strike more often than among all', () => {
  const strikes = (kinds: readonly FaultKind[]) => {
    const plan = makePlan({ seed: '8f3a', kinds });
    for (let at = 0; at < 500; at++) plan.strikes('crash', `${at}`, '');
    return plan.struck.length;
  };
  expect(strikes(['crash'])).toBeGreaterThan(2 * strikes(FAULT_KINDS));
});

test('only the kinds that are wanted strike', () => {
  const plan = makePlan({ seed: '8f3a', kinds: ['crash'] });
  for (let at = 0; at < 200; at++) for (const kind of FAULT_KINDS) plan.strikes(kind, `${at}`, '');
  expect(new Set(plan.struck.map(({ kind }) => kind))).toEqual(new Set(['crash']));
});
