import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFakeClock } from '../../../../src/std/clock.ts';
import { openStore } from '../../../../src/std/store/store.ts';
import { runDynamodb } from '../running-dynamodb.ts';

let folder: string;
let child: string;

/** Writes and deletes until it is killed by its own hand, with a transaction as its last act. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sls-local-streams-'));
  const root = resolve(import.meta.dirname, '../../../..');
  child = join(root, 'node_modules/.cache', `streams-writer-${process.pid}.mjs`);
  buildSync({
    stdin: {
      contents: `
        import { openStore } from './src/std/store/store.ts';
        import { runDynamodb } from './test/emulators/dynamodb/running-dynamodb.ts';
        import { createStream, put, remove } from './test/emulators/dynamodb/streams/running-streams.ts';
        const db = await runDynamodb(openStore(process.argv[2]));
        const first = Number(process.argv[3]);
        if (first === 0) await createStream(db, 'KEYS_ONLY');
        for (let i = first; i < first + 20; i++) await put(db, String(i));
        await remove(db, String(first));
        const Put = (id) => ({ Put: { TableName: 'users', Item: { id: { S: id } } } });
        await db.call('TransactWriteItems', { TransactItems: [Put(first + '/a'), Put(first + '/b')] });
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
  new Promise<void>((done) => {
    execFile(process.execPath, [child, folder, String(first)], (failure) => {
      expect(failure?.signal).toBe('SIGKILL');
      done();
    });
  });

test('after a kill there is a record for every change that was answered, and each has a number of its own', async () => {
  for (const first of [0, 20]) await runUntilKilled(first);
  const db = await runDynamodb(openStore(folder), makeFakeClock());
  const arn = db.running.streams.streamOf('users') ?? '';
  const records = db.running.streams.read(arn, 0, 1000);
  expect(records.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 46 }, (_, i) => i + 1));
  const left = new Set<string>();
  for (const { record } of records) {
    const { id } = (record.dynamodb as { Keys: { id: { S: string } } }).Keys;
    if (record.eventName === 'REMOVE') left.delete(id.S);
    else left.add(id.S);
  }
  const { Items } = await db.call('Scan', { TableName: 'users' });
  expect(new Set((Items as { id: { S: string } }[]).map(({ id }) => id.S))).toEqual(left);
  expect(left.size).toBe(42);
  await db.close();
});
