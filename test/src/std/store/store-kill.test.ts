import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../../../src/std/store/store.ts';
import { buildStoreProgram, startStoreProgram } from './store-program.ts';

const ROUNDS = 40;

test('a kill at any moment of replacing the content leaves the old or the new, whole, and nothing else', async () => {
  const root = mkdtempSync(join(tmpdir(), 'sls-local-kill-'));
  const [data, copy] = [join(root, 'data'), join(root, 'copy')];
  mkdirSync(copy);
  const first = openStore(data);
  first.write(() => {
    for (let key = 0; key < 500; key++) first.map<number>('m').put(key, 0);
  });
  await first.copyTo(copy);
  await first.close();
  const program = buildStoreProgram(join(import.meta.dirname, 'store-replace.fixture.ts'), root);

  const outcomes = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const said = await killedAfter(program, [data, copy], 1 + (round % 20));
    const store = openStore(data);
    const values = new Set([...store.map<number>('m').range()].map(({ value }) => value));
    expect(store.map('m').count()).toBe(500);
    expect(values.size).toBe(1);
    const [value = -1] = values;
    // What was said last, or what came next and was not said any more.
    const last = said.at(-1) ?? 0;
    const next = last === 0 ? (said.at(-2) ?? 0) + 1 : 0;
    expect([last, next]).toContain(value);
    outcomes.add(value === last ? 'said' : 'next');
    expect(readdirSync(data).filter((name) => /^\d/.test(name)).length).toBeLessThanOrEqual(1);
    await store.close();
  }
  expect(outcomes).toContain('said');
  rmSync(root, { recursive: true, force: true });
}, 60_000);

/** The numbers the program said before it was killed, which happens as soon as it has said so many. */
async function killedAfter(program: string, args: readonly string[], lines: number): Promise<number[]> {
  const child = startStoreProgram(program, args);
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
    if (said.split('\n').length > lines) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return said.split('\n').slice(0, -1).map(Number);
}
