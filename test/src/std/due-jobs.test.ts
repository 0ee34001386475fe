import { afterEach, expect, test } from 'vitest';
import { makeFakeClock } from '../../../src/std/clock.ts';
import { type DueJobs, openDueJobs } from '../../../src/std/due-jobs.ts';
import { openStoreOfTest } from '../../emulators/opened-stores.ts';

interface Try {
  readonly job: string;
  readonly aborted: AbortSignal;
  end(result: 'done' | 'again'): Promise<void>;
}

const clock = makeFakeClock(1_000_000);
const store = openStoreOfTest();
let opened: DueJobs<string>[] = [];
let tries: Try[] = [];
const settled = () => new Promise((resolve) => setImmediate(resolve));
const names = () => tries.map(({ job }) => job);

function open(): DueJobs<string> {
  const jobs = openDueJobs<string, 'done' | 'again'>({
    ...{ store, clock, area: 'test', name: 'jobs' },
    attempt: (job, aborted) =>
      new Promise((resolve) => {
        const end = async (result: 'done' | 'again') => {
          resolve(result);
          await settled();
        };
        tries.push({ job, aborted, end });
      }),
    settle: (job, result) => (result === 'again' ? { job: `${job}'`, delayMs: 1000 } : undefined),
  });
  opened.push(jobs);
  return jobs;
}

afterEach(async () => {
  for (const jobs of opened) await jobs.close(0);
  const left = store.map<string>('test:jobs');
  store.write(() => {
    for (const { key } of [...left.range({})]) left.remove(key);
  });
  [opened, tries] = [[], []];
});

test('jobs begin when they are due, once started, and come again as late as they say', async () => {
  const jobs = open();
  jobs.add('now');
  jobs.add('later', 5000);
  await settled();
  expect(names()).toEqual([]);
  jobs.start();
  expect(names()).toEqual(['now']);
  await tries[0]?.end('again');
  await clock.advance(999);
  expect(names()).toEqual(['now']);
  await clock.advance(1);
  expect(names()).toEqual(['now', "now'"]);
  await clock.advance(4000);
  expect(names()).toEqual(['now', "now'", 'later']);
  await tries[1]?.end('done');
  await clock.advance(60_000);
  expect(names()).toEqual(['now', "now'", 'later']);
});

test('sixteen are under way at once', async () => {
  const jobs = open();
  for (let i = 0; i < 20; i++) jobs.add(String(i));
  jobs.start();
  expect(tries).toHaveLength(16);
  await tries[3]?.end('done');
  expect(names().slice(16)).toEqual(['16']);
});

test('what is under way or waits when it closes is begun by the next session', async () => {
  const jobs = open();
  jobs.start();
  jobs.add('under way');
  jobs.add('waits', 1000);
  await settled();
  await jobs.close(10);
  expect(tries[0]?.aborted.aborted).toBe(true);
  await tries[0]?.end('done');
  open().start();
  await clock.advance(1000);
  expect(names()).toEqual(['under way', 'under way', 'waits']);
});

test('what ends after the store was exchanged leaves the jobs of the new state alone', async () => {
  const jobs = open();
  jobs.start();
  jobs.add('a');
  await settled();
  jobs.reload();
  expect(names()).toEqual(['a', 'a']);
  await tries[0]?.end('again');
  await tries[1]?.end('done');
  await clock.advance(60_000);
  expect(names()).toEqual(['a', 'a']);
});
