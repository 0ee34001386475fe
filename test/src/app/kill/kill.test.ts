import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildProgram, type Program } from './child.ts';
import { killAndDeliver } from './rounds.ts';

let program: Program;
beforeAll(() => {
  program = buildProgram(resolve(import.meta.dirname, '../../../..'));
});
afterAll(() => program.remove());

test('what a killed session had acknowledged is delivered by the next: messages, records, objects, groups in order', async () => {
  const { acknowledged, delivered } = await killAndDeliver(program, 3, () => 50 + Math.random() * 150);
  expect(acknowledged).toBeGreaterThan(30);
  expect(delivered).toBeGreaterThan(20);
}, 30_000);
