import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../../src/std/store/store.ts';
import { runDynamodb } from './running-dynamodb.ts';

let folder: string;
let child: string;

/** Writes items one after the other, says so, and is killed in the midst of it by its own hand. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sls-local-dynamodb-'));
  const root = resolve(import.meta.dirname, '../../..');
  child = join(root, 'node_modules/.cache', `dynamodb-writer-${process.pid}.mjs`);
  buildSync({
    stdin: {
      contents: `
        import { openStore } from './src/std/store/store.ts';
        import { runDynamodb, ordersTable, order } from './test/emulators/dynamodb/running-dynamodb.ts';
        const db = await runDynamodb(openStore(process.argv[2]));
        if (process.argv[3] === '0') await db.call('CreateTable', ordersTable);
        const first = Number(process.argv[3]);
        for (let i = first; i < first + 25; i++) {
          await db.call('PutItem', { TableName: 'orders', Item: order('a', i, { phase: { S: 'new' } }) });
          process.stdout.write(i + '\\n');
        }
        process.kill(process.pid, 'SIGKILL');`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile: child,
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(child, { force: true });
});

const runUntilKilled = (first: number) =>
  new Promise<string>((done) => {
    execFile(process.execPath, [child, folder, String(first)], (failure, stdout) => {
      expect(failure?.signal).toBe('SIGKILL');
      done(stdout);
    });
  });

test('whatever was answered is there after a kill, in the table and in its indexes', async () => {
  for (const first of [0, 25, 50]) expect((await runUntilKilled(first)).trim().split('\n')).toHaveLength(25);
  const db = await runDynamodb(openStore(folder));
  const count = async (more = {}) =>
    (await db.call('Scan', { TableName: 'orders', Select: 'COUNT', ...more })).Count;
  expect(await count()).toBe(75);
  expect(await count({ IndexName: 'by-phase' })).toBe(75);
  expect((await db.call('DescribeTable', { TableName: 'orders' })).Table).toMatchObject({
    ItemCount: 75,
    GlobalSecondaryIndexes: [{ ItemCount: 75 }, { ItemCount: 0 }],
  });
  await db.close();
});
