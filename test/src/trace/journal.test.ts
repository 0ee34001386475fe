import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { InvocationRecord } from '../../../src/model/invocation.ts';
import type { Store } from '../../../src/model/platform.ts';
import { openStore, openTemporaryStore } from '../../../src/std/store/store.ts';
import { type Journal, type JournalOptions, openJournal } from '../../../src/trace/journal.ts';
import { buildStoreProgram, startStoreProgram } from '../std/store/store-program.ts';
import { callOf, rowOf, runningRow, T0 } from './records.ts';

let store: Store;
const opened: Journal[] = [];
beforeEach(() => {
  store = openTemporaryStore();
});
afterEach(async () => {
  for (const journal of opened.splice(0)) journal.close();
  await store.close();
});

function journalOf(options: JournalOptions = {}, within = store): Journal {
  const journal = openJournal(within, options);
  opened.push(journal);
  return journal;
}

const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id.slice(-4).replace(/^0+/, ''));

describe('putting and getting', () => {
  test('a row comes back as it was put, calls and logs included', () => {
    const journal = journalOf();
    const row = rowOf('a1', 0, {
      calls: [callOf('c1', 1, 2, { input: '{"x":1}' })],
      logs: [{ at: T0, stream: 'stderr', level: 'ERROR', text: 'bad\nworse' }],
      links: [{ traceId: '1-69571a25-00000000000000000000000f', parentId: '00000000000000ff' }],
    });
    journal.put(row);
    expect(journal.get(row.id)).toEqual(row);
  });

  test('a second put of the same id replaces the row', () => {
    const journal = journalOf();
    journal.put(runningRow('a1', 0));
    journal.flush();
    journal.put(rowOf('a1', 0));
    expect(journal.list()).toEqual([rowOf('a1', 0)]);
    expect(journal.count()).toBe(1);
    expect(journal.byTrace(rowOf('a1', 0).traceId)).toHaveLength(1);
  });

  test('rows of one turn are written together at its end', async () => {
    let writes = 0;
    const counting: Store = {
      ...store,
      write(work) {
        writes++;
        return store.write(work);
      },
    };
    const journal = journalOf({}, counting);
    for (let i = 0; i < 10; i++) journal.put(rowOf(String(i), i));
    expect(writes).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(writes).toBe(1);
    expect(journal.count()).toBe(10);
    expect(writes).toBe(1);
  });

  test('an id is found by its beginning, its end, its request id and its trace id', () => {
    const journal = journalOf();
    const [first, second] = [
      rowOf('aaaa1111', 0),
      rowOf('aaaa2222', 100_000, { traceId: '1-69571a25-000000000000000000000002' }),
    ];
    journal.put(first);
    journal.put(second);
    expect(journal.get('2222')?.id).toBe(second.id);
    expect(journal.get(second.id.slice(0, 12))?.id).toBe(second.id);
    expect(journal.get(second.requestId)?.id).toBe(second.id);
    expect(journal.get(second.traceId)?.id).toBe(second.id);
    expect(journal.get('nothere')).toBeUndefined();
    expect(journal.get('222')).toBeUndefined();
    expect(journal.get('')).toBeUndefined();
  });

  test('a part that fits several ids is refused, naming some', () => {
    const journal = journalOf();
    for (const name of ['1abcd', '2abcd', '3abcd', '4abcd']) journal.put(rowOf(name, 0));
    expect(() => journal.get('abcd')).toThrow(
      expect.objectContaining({
        code: 'ambiguous-id',
        message: expect.stringContaining('"abcd" is part of 4 invocation ids'),
      }),
    );
  });

  test('large events and payloads are kept whole, also beyond what usually waits together', () => {
    const journal = journalOf();
    const large = rowOf('a1', 0, {
      event: JSON.stringify('é'.repeat(3_000_000)),
      outcome: { status: 'ok', payload: JSON.stringify('p'.repeat(2_000_000)) },
    });
    journal.put(rowOf('a0', 0));
    journal.put(large);
    journal.put(rowOf('a2', 0));
    expect(journal.get(large.id)).toEqual(large);
    expect(journal.list()).toEqual([rowOf('a2', 0), large, rowOf('a0', 0)]);
  });

  test('logs over the limit keep their beginning and end, and say what went', () => {
    const journal = journalOf({ logLimitBytes: 100 });
    const logs = Array.from({ length: 50 }, (_, i) => ({
      at: T0 + i,
      stream: 'stdout' as const,
      text: `line ${String(i).padStart(5, '0')}`,
    }));
    journal.put(rowOf('a1', 0, { logs }));
    const kept = journal.list()[0]?.logs.map((line) => line.text) ?? [];
    expect(kept).toEqual([
      'line 00000',
      'line 00001',
      'line 00002',
      'line 00003',
      'line 00004',
      '… 40 lines (400 bytes) not kept in the journal',
      'line 00045',
      'line 00046',
      'line 00047',
      'line 00048',
      'line 00049',
    ]);
  });
});

describe('queries', () => {
  test('list is newest first and takes filters together', () => {
    const journal = journalOf();
    journal.put(rowOf('1', 0));
    journal.put(
      rowOf('2', 10, { functionId: 'worker', cause: { kind: 'queue', queue: 'orders', messageIds: ['m'] } }),
    );
    journal.put(
      rowOf('3', 20, {
        outcome: {
          status: 'error',
          phase: 'invoke',
          error: { errorType: 'TypeError', errorMessage: 'No Such Thing' },
        },
      }),
    );
    journal.put(runningRow('4', 30));
    journal.put(rowOf('5', 40, { endedAt: T0 + 1040, calls: [callOf('c', 41, 1, { target: 'customers' })] }));
    expect(ids(journal.list())).toEqual(['5', '4', '3', '2', '1']);
    expect(ids(journal.list({ limit: 2 }))).toEqual(['5', '4']);
    expect(ids(journal.list({ functionId: 'worker' }))).toEqual(['2']);
    expect(ids(journal.list({ status: 'ok', limit: 2 }))).toEqual(['5', '2']);
    expect(ids(journal.list({ status: 'failed' }))).toEqual(['3']);
    expect(ids(journal.list({ status: 'running' }))).toEqual(['4']);
    expect(ids(journal.list({ cause: 'queue' }))).toEqual(['2']);
    expect(ids(journal.list({ since: T0 + 10, until: T0 + 30 }))).toEqual(['3', '2']);
    expect(ids(journal.list({ minDurationMs: 1000 }))).toEqual(['5']);
    expect(ids(journal.list({ search: 'no such' }))).toEqual(['3']);
    expect(ids(journal.list({ search: 'CUSTOMERS' }))).toEqual(['5']);
  });

  test('a trace has its own rows and those whose batch took one of its messages, but not replays of it', () => {
    const journal = journalOf();
    const other = '1-69571a25-000000000000000000000002';
    const link = { traceId: rowOf('1', 0).traceId, parentId: '1'.padStart(16, '0') };
    journal.put(rowOf('2', 5));
    journal.put(rowOf('1', 0));
    journal.put(rowOf('3', 9, { traceId: other, links: [link] }));
    journal.put(rowOf('4', 9, { traceId: other, links: [link], cause: { kind: 'replay', of: 'x' } }));
    expect(ids(journal.byTrace(link.traceId))).toEqual(['1', '2', '3']);
    expect(ids(journal.byTrace(other))).toEqual(['3', '4']);
  });

  test('a row that begins its trace is found by the time in the trace id alone; what comes later has an index entry', () => {
    const journal = journalOf();
    const traceId = `1-${Math.floor(T0 / 1000).toString(16)}-000000000000000000000001`;
    journal.put(rowOf('1', 900, { traceId }));
    journal.put(rowOf('2', 950, { traceId: `${traceId.slice(0, -1)}2` }));
    journal.flush();
    expect(store.map('journal-traces').count()).toBe(0);
    journal.put(rowOf('3', 1000, { traceId, parentId: '1'.padStart(16, '0') }));
    journal.put(rowOf('4', 60_000, { traceId }));
    expect(ids(journal.byTrace(traceId))).toEqual(['1', '3', '4']);
    expect(store.map('journal-traces').count()).toBe(2);
  });

  test('a follower is told of each row put until it stops', () => {
    const journal = journalOf();
    const seen: string[] = [];
    const stop = journal.follow((row) => seen.push(row.id));
    journal.put(rowOf('1', 0));
    stop();
    journal.put(rowOf('2', 0));
    expect(seen).toEqual([rowOf('1', 0).id]);
  });
});

describe('the ring', () => {
  test('holds at most so many rows, dropping the oldest with all that belongs to them', () => {
    const journal = journalOf({ maxRows: 100 });
    for (let i = 0; i < 150; i++) journal.put(rowOf(String(i), i));
    expect(journal.prune()).toBe(53);
    expect(journal.count()).toBe(97);
    expect(journal.list({ limit: 1 })[0]?.startedAt).toBe(T0 + 149);
    expect(store.map('journal-traces').count()).toBe(97);
    expect(journal.prune()).toBe(0);
  });

  test('rows that came together go together, unless that left far too few', () => {
    const journal = journalOf({ maxRows: 100 });
    const putTogether = (from: number, to: number) => {
      for (let i = from; i < to; i++) journal.put(rowOf(String(i), i));
      journal.flush();
    };
    putTogether(100, 108);
    putTogether(108, 200);
    putTogether(200, 203);
    expect(journal.prune()).toBe(8);
    expect(journal.list().at(-1)?.startedAt).toBe(T0 + 108);
    putTogether(203, 210);
    expect(journal.prune()).toBe(5);
    expect(journal.list().at(-1)?.startedAt).toBe(T0 + 113);
  });

  test('holds at most so many bytes', () => {
    const journal = journalOf({ maxBytes: 100_000 });
    for (let i = 0; i < 50; i++)
      journal.put(rowOf(String(i), i, { event: JSON.stringify('x'.repeat(9000)) }));
    journal.prune();
    expect(journal.count()).toBeGreaterThan(5);
    expect(journal.count()).toBeLessThan(12);
  });

  test('prunes by itself in the background', async () => {
    const journal = journalOf({ maxRows: 20 });
    for (let i = 0; i < 600; i++) journal.put(rowOf(String(i), i));
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(journal.count()).toBe(19);
  });

  test('knows its size again after it was reopened', () => {
    const first = journalOf({ maxBytes: 1e9 });
    for (let i = 0; i < 300; i++) first.put(rowOf(String(i), i, { event: JSON.stringify('x'.repeat(9000)) }));
    first.flush();
    const second = journalOf({ maxBytes: 100_000 });
    expect(second.prune()).toBeGreaterThan(200);
  });
});

describe('other processes', () => {
  const folders: string[] = [];
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'sls-local-journal-'));
    folders.push(made);
    return made;
  };
  afterEach(() => {
    for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
  });

  test('a read-only store without a journal gives an empty one, and fills when the writer begins', async () => {
    const path = folder();
    const writer = openStore(path, { isShared: true });
    writer.map('other').put('a', 1);
    const reader = openStore(path, { readOnly: true });
    const journal = openJournal(reader);
    expect([journal.list(), journal.get('abcdef'), journal.byTrace('1-x'), journal.count()]).toEqual([
      [],
      undefined,
      [],
      0,
    ]);
    const writing = openJournal(writer);
    writing.put(rowOf('1', 0));
    writing.flush();
    await new Promise((resolve) => setImmediate(resolve));
    expect(journal.list()).toEqual([rowOf('1', 0)]);
    await reader.close();
    await writer.close();
  });

  test.each(['without', 'with'])(
    'every row acknowledged before a kill -9 is there afterwards, and unfinished ones are interrupted, %s files',
    async (how) => {
      const path = folder();
      const files = how === 'with' ? { folder: path } : {};
      const source = join(import.meta.dirname, 'journal-writer.fixture.ts');
      const program = buildStoreProgram(source, folder());
      const child = startStoreProgram(program, [path, ...Object.values(files)]);
      let acknowledged = '';
      const enough = new Promise<void>((resolve) => {
        child.stdout.on('data', (chunk) => {
          acknowledged += chunk;
          if (acknowledged.length > 40_000) resolve();
        });
      });
      await enough;
      const running = async () => {
        const reader = openStore(path, { readOnly: true });
        const found = openJournal(reader, { ...files, readOnly: true }).list({ status: 'running' });
        await reader.close();
        return found.length;
      };
      await expect.poll(running, { timeout: 5000 }).toBe(1);
      child.kill('SIGKILL');
      await once(child, 'close');
      const wanted = acknowledged.split('\n').slice(0, -1);
      const after = openStore(path, { isShared: true });
      const journal = openJournal(after, files);
      const rows = journal.list();
      expect(journal.count()).toBe(rows.length);
      const present = new Set(rows.map((row) => row.id));
      expect(present.size).toBe(rows.length);
      expect(wanted.filter((id) => !present.has(id))).toEqual([]);
      expect(wanted.length).toBeGreaterThan(1000);
      expect(journal.list({ status: 'running' })).toEqual([]);
      expect(journal.list({ status: 'interrupted' })).toHaveLength(1);
      await after.close();
    },
  );

  describe('with files', () => {
    const filesIn = (path: string) => readdirSync(path).filter((name) => /^rows-|journal\.log/.test(name));
    const endOfTurn = () => new Promise((resolve) => setImmediate(resolve));

    /** Leaves rows as a killed process does: in a file, not in the store. Answers the folder and the file. */
    async function killed(rows: readonly InvocationRecord[]): Promise<{ folder: string; file: string }> {
      const [path, left] = [folder(), folder()];
      const store = openTemporaryStore();
      const journal = openJournal(store, { folder: path });
      for (const row of rows) journal.put(row);
      await endOfTurn();
      copyFileSync(join(path, 'rows-1'), join(left, 'rows-1'));
      journal.close();
      await store.close();
      return { folder: left, file: join(left, 'rows-1') };
    }

    /** Rows of so many bytes together that they stay in the file. */
    const large = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) =>
        rowOf(String(from + i), from + i, { event: JSON.stringify('ä'.repeat(9000)) }),
      );

    test('rows are in a file at the end of the turn, and taken over from there once', async () => {
      const rows = [
        rowOf('2', 1, { logs: [{ at: T0, stream: 'stdout', text: 'ä\n😀' }], event: '"ö😀"' }),
        runningRow('1', 0),
      ];
      const left = await killed(rows);
      const journal = journalOf({ folder: left.folder });
      expect(journal.list()).toEqual([rows[0], { ...rows[1] }]);
      expect(filesIn(left.folder)).toEqual([]);
      expect(journal.count()).toBe(2);
    });

    test('what an earlier build left in its log is taken over', async () => {
      const left = await killed([rowOf('1', 0)]);
      renameSync(left.file, join(left.folder, 'journal.log'));
      expect(ids(journalOf({ folder: left.folder }).list())).toEqual(['1']);
      expect(filesIn(left.folder)).toEqual([]);
    });

    test('a torn last row is left out', async () => {
      const { folder, file } = await killed([rowOf('1', 0), rowOf('2', 1)]);
      truncateSync(file, statSync(file).size - 3);
      expect(ids(journalOf({ folder }).list())).toEqual(['1']);
    });

    test('a reading journal tells of left rows and leaves them where they are', async () => {
      const { folder } = await killed([rowOf('1', 0)]);
      const reading = journalOf({ folder, readOnly: true });
      expect([reading.hasLeftRows(), reading.count()]).toEqual([true, 0]);
      expect(ids(journalOf({ folder }).list())).toEqual(['1']);
      expect(reading.hasLeftRows()).toBe(false);
    });

    test('many rows stay in their file, and are found there by another process and after a restart', async () => {
      const path = folder();
      const writer = openStore(path, { isShared: true });
      const writing = openJournal(writer, { folder: path });
      const rows = large(10, 40);
      for (const row of rows) writing.put(row);
      writing.flush();
      const reader = openStore(path, { readOnly: true });
      const reading = openJournal(reader, { folder: path, readOnly: true });
      expect(reading.list()).toEqual(rows.toReversed());
      expect(reading.hasLeftRows()).toBe(false);
      reading.close();
      await reader.close();
      expect(statSync(join(path, 'rows-1')).size).toBeGreaterThan(30 * 18_000);
      writing.close();
      await writer.close();
      const again = openStore(path, { isShared: true });
      const journal = openJournal(again, { folder: path });
      for (const row of large(40, 70)) journal.put(row);
      journal.flush();
      expect(journal.list()).toEqual([...rows, ...large(40, 70)].toReversed());
      expect(journal.get(rows[3]?.id ?? '')).toEqual(rows[3]);
      expect(filesIn(path)).toEqual(['rows-1', 'rows-2']);
      journal.close();
      await again.close();
    });

    test('a kill behind rows that stay in a file loses none and brings none twice', async () => {
      const [path, left] = [folder(), folder()];
      const writer = openStore(path, { isShared: true });
      const journal = openJournal(writer, { folder: path });
      for (const row of large(10, 40)) journal.put(row);
      journal.flush();
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      for (const row of [rowOf('7', 100), rowOf('8', 101)]) {
        journal.put(row);
        await endOfTurn();
        vi.advanceTimersByTime(5);
      }
      vi.useRealTimers();
      for (const name of ['store.lmdb', 'rows-1']) copyFileSync(join(path, name), join(left, name));
      const after = openStore(left, { isShared: true });
      const recovered = openJournal(after, { folder: left });
      expect(ids(recovered.list({ limit: 3 }))).toEqual(['8', '7', '39']);
      expect([recovered.count(), recovered.list().length]).toEqual([32, 32]);
      recovered.close();
      await after.close();
      journal.close();
      await writer.close();
    });

    test('a row in a file is replaced by one of the same id', () => {
      const journal = journalOf({ folder: folder() });
      for (const row of large(10, 40)) journal.put(row);
      journal.put(runningRow('f', 50));
      journal.flush();
      journal.put(rowOf('f', 50));
      journal.flush();
      expect(journal.list()[0]).toEqual(rowOf('f', 50));
      expect([journal.count(), journal.list().length]).toEqual([31, 31]);
    });

    test('files go with their rows', () => {
      const path = folder();
      const journal = journalOf({ folder: path, maxRows: 100 });
      for (let from = 100; from < 1700; from += 20) {
        for (const row of large(from, from + 20)) journal.put(row);
        journal.flush();
      }
      expect(filesIn(path).length).toBeGreaterThan(2);
      journal.prune();
      expect(journal.count()).toBe(97);
      expect(filesIn(path)).toEqual(['rows-4', 'rows-spare']);
      journal.clear();
      expect([journal.count(), filesIn(path)]).toEqual([0, []]);
      journal.put(rowOf('1', 0));
      expect(ids(journal.list())).toEqual(['1']);
    });

    test.each([0, 1])(
      'a new file is written over an old one, and nothing of that comes back after a kill %i rows later',
      async (later) => {
        const [path, left] = [folder(), folder()];
        const writer = openStore(path, { isShared: true });
        const journal = openJournal(writer, { folder: path, maxRows: 100 });
        let from = 100;
        const putMany = () => {
          for (const row of large(from, from + 20)) journal.put(row);
          from += 20;
          journal.flush();
          journal.prune();
        };
        while (!filesIn(path).includes('rows-spare')) putMany();
        const before = filesIn(path);
        while (filesIn(path).includes('rows-spare')) putMany();
        expect(filesIn(path).length).toBe(before.length);
        for (let i = 0; i < later; i++) journal.put(rowOf('7', 5000));
        await new Promise((resolve) => setTimeout(resolve, 10));
        for (const name of ['store.lmdb', ...filesIn(path)]) copyFileSync(join(path, name), join(left, name));
        const expected = ids(journal.list());
        const after = openStore(left, { isShared: true });
        const recovered = openJournal(after, { folder: left, maxRows: 100 });
        expect(ids(recovered.list())).toEqual(expected);
        for (const each of [recovered, journal]) each.close();
        for (const each of [after, writer]) await each.close();
      },
    );

    test('of a file that is to be written over no row is found any more', async () => {
      const path = folder();
      const temporary = openTemporaryStore();
      const left = openJournal(temporary, { folder: path, maxRows: 100 });
      for (let from = 100; !filesIn(path).includes('rows-spare'); from += 20) {
        for (const row of large(from, from + 20)) left.put(row);
        left.flush();
        left.prune();
      }
      const alone = folder();
      copyFileSync(join(path, 'rows-spare'), join(alone, 'rows-1'));
      expect(journalOf({ folder: alone }).count()).toBe(0);
      journalOf({ folder: path, readOnly: true }).close();
      expect(filesIn(path)).toContain('rows-spare');
      left.close();
      expect(filesIn(path)).not.toContain('rows-spare');
      await temporary.close();
    });

    test('where no file can be written, rows go into the store at once', async () => {
      const journal = journalOf({ folder: join(folder(), 'not-there') });
      for (const row of large(10, 40)) journal.put(row);
      journal.put(rowOf('7', 100));
      await endOfTurn();
      expect(openJournal(store).count()).toBe(31);
      expect(journal.list()).toEqual([rowOf('7', 100), ...large(10, 40).toReversed()]);
    });

    test('a file that was taken away leaves the other rows', () => {
      const path = folder();
      const journal = journalOf({ folder: path });
      for (const row of large(10, 40)) journal.put(row);
      journal.flush();
      rmSync(join(path, 'rows-1'));
      journal.put(rowOf('7', 100));
      expect(ids(journal.list())).toEqual(['7']);
      expect(journal.get('0039')).toBeUndefined();
    });

    test('other processes see a row a little later without any more being written', async () => {
      const path = folder();
      const writer = openStore(path, { isShared: true });
      const writing = openJournal(writer, { folder: path });
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      writing.put(rowOf('1', 0));
      await endOfTurn();
      const reader = openStore(path, { readOnly: true });
      const journal = openJournal(reader, { folder: path, readOnly: true });
      expect(journal.count()).toBe(0);
      vi.advanceTimersByTime(50);
      vi.useRealTimers();
      await endOfTurn();
      expect(journal.list()).toEqual([rowOf('1', 0)]);
      writing.close();
      await reader.close();
      await writer.close();
    });

    test('rows that come so fast that files keep them reach the store more seldom, many at once', async () => {
      const path = folder();
      const writer = openStore(path, { isShared: true });
      const writing = openJournal(writer, { folder: path });
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      for (const row of large(10, 40)) writing.put(row);
      await endOfTurn();
      const reader = openStore(path, { readOnly: true });
      const journal = openJournal(reader, { folder: path, readOnly: true });
      vi.advanceTimersByTime(199);
      await endOfTurn();
      expect(journal.count()).toBe(0);
      vi.advanceTimersByTime(1);
      vi.useRealTimers();
      await endOfTurn();
      expect(journal.count()).toBe(30);
      writing.close();
      await reader.close();
      await writer.close();
    });

    test('what is in the store or was cleared does not come back from a file', async () => {
      const [path, left, cleared] = [folder(), folder(), folder()];
      const journal = journalOf({ folder: path });
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      /** Until a close turn is safe, too, and before the store is written. */
      const turn = async () => {
        await endOfTurn();
        vi.advanceTimersByTime(5);
      };
      for (let i = 0; i < 9; i++) journal.put(rowOf(String(i), i));
      await turn();
      journal.flush();
      journal.put(rowOf('a', 20));
      await turn();
      vi.useRealTimers();
      copyFileSync(join(path, 'rows-1'), join(left, 'rows-1'));
      const [other, another] = [openTemporaryStore(), openTemporaryStore()];
      expect(ids(journalOf({ folder: left }, other).list())).toEqual(['a']);
      journal.clear();
      for (const name of filesIn(path)) copyFileSync(join(path, name), join(cleared, name));
      expect(journalOf({ folder: cleared }, another).count()).toBe(0);
      for (const journal of opened.splice(0)) journal.close();
      for (const each of [other, another]) await each.close();
    });
  });
});
