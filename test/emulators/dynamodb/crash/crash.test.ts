import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildChild, type ChildProgram } from './child.ts';
import { killAndCheck } from './rounds.ts';

let program: ChildProgram;
beforeAll(() => {
  program = buildChild();
});
afterAll(() => program.remove());

test('whatever a killed process had acknowledged is there, whole, and everything kept about it agrees', async () => {
  let acknowledged = 0;
  await killAndCheck(
    program,
    5,
    (sides) => Math.floor(Math.random() * sides),
    (round) => {
      acknowledged += round.acknowledged;
    },
  );
  expect(acknowledged).toBeGreaterThan(20);
}, 30_000);
