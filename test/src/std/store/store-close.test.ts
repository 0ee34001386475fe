import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openStore } from '../../../../src/std/store/store.ts';

test('closing while the store is being flushed waits for the flush', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-store-'));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    for (let round = 0; round < 20; round++) {
      const store = openStore(folder);
      const map = store.map<string>('m');
      store.write(() => {
        for (let key = 0; key < 2000; key++) map.put(key, `${round}`.repeat(4000));
      });
      vi.advanceTimersByTime(1000);
      await store.close();
    }
    const again = openStore(folder);
    expect(again.map('m').count()).toBe(2000);
    await again.close();
  } finally {
    vi.useRealTimers();
    rmSync(folder, { recursive: true, force: true });
  }
});
