/** Compiled code does not fill the disk. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepCacheBudget } from '../../../src/build/cache-budget.ts';

test('above the budget the files written longest ago go, whichever function they are of', async () => {
  const outDir = mkdtempSync(join(tmpdir(), 'sls-budget-'));
  const write = (home: string, name: string, sizeBytes: number, second: number) => {
    const folder = join(outDir, home, 'code-cache');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), Buffer.alloc(sizeBytes));
    utimesSync(join(folder, name), second, second);
  };
  write('a', 'old.code', 600, 1);
  write('a', 'newest.code', 500, 4);
  write('b', 'older.code', 100, 2);
  write('b', 'new.code', 400, 3);
  mkdirSync(join(outDir, 'without'));
  await keepCacheBudget(outDir, 1000);
  expect(readdirSync(join(outDir, 'a', 'code-cache'))).toEqual(['newest.code']);
  expect(readdirSync(join(outDir, 'b', 'code-cache'))).toEqual(['new.code', 'older.code']);
  rmSync(outDir, { recursive: true });
});
