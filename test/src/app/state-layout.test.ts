import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dropOlderLayout } from '../../../src/app/state-layout.ts';
import { openStore } from '../../../src/std/store/store.ts';
import { openJournal } from '../../../src/trace/journal.ts';
import { rowOf } from '../trace/records.ts';

test('of a store that held the journal too, only the emulated state stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-layout-'));
  const store = openStore(folder);
  store.map('dynamodb.tables').put('orders', { name: 'orders' });
  const journal = openJournal(store);
  journal.put(rowOf('1', 0));
  journal.flush();
  journal.close();
  writeFileSync(join(folder, 'journal.log'), 'rows');
  dropOlderLayout(store, folder);
  expect(store.names()).toEqual(['dynamodb.tables']);
  expect(existsSync(join(folder, 'journal.log'))).toBe(false);
  await store.close();
  rmSync(folder, { recursive: true });
});
