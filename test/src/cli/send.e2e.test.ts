/** Sending to a session: an object through bucket, function, topic and function in one trace, and all the others. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InvocationRecord } from '../../../src/model/invocation.ts';
import { copyProject, type Dev, runCli, startDev } from './session-under-test.ts';

let running: Dev;
let remove: () => void;

beforeAll(async () => {
  const copy = copyProject('bucket-serverless');
  remove = copy.remove;
  running = await startDev(copy.root, ['--backend', 'process']);
});
afterAll(async () => {
  await running?.stop('SIGKILL');
  remove?.();
});

async function send(...args: string[]) {
  const { stdout, stderr, code } = await runCli(['send', ...args, '--json', '-C', running.project]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { answer: Record<string, unknown>; traceId: string });
}

const ended = (functionId: string, traceId: string) =>
  running.ended((record: InvocationRecord) => record.functionId === functionId && record.traceId === traceId);

test('an object that is put, the function it runs, the topic that tells, the function that is told: one trace', async () => {
  const file = join(running.project, 'hello world.txt');
  writeFileSync(file, 'hello');
  const [sent] = await send('bucket', 'bucket-uploads', `@${file}`);
  expect(sent?.answer.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
  const traceId = sent?.traceId ?? '';
  const indexed = await ended('Index', traceId);
  const noted = await ended('Note', traceId);
  expect(indexed).toMatchObject({ outcome: { status: 'ok' }, cause: { kind: 'bucket' } });
  expect(noted).toMatchObject({ cause: { kind: 'topic', topic: 'indexed' } });
  expect(JSON.parse(noted.event).Records[0].Sns.Message).toBe('hello world.txt has 5 letters');
  expect(noted.parentId).toBe(indexed.calls.find(({ operation }) => operation === 'Publish')?.spanId);

  const { stdout } = await runCli(['traces', traceId, '-C', running.project]);
  expect(stdout).toMatch(/Index.*\n(.*\n)*.*Publish indexed.*\n.*Note/);
});

test('lines go to a queue one by one, in the order of their group', async () => {
  const lines = join(running.project, 'lines.jsonl');
  writeFileSync(lines, '{"id":1}\n{"id":2}\n{"id":3}\n');
  const sent = await send(
    'queue',
    'bucket-work.fifo',
    `@${lines}`,
    '--lines',
    '--group',
    'g',
    '-a',
    'kind=a',
  );
  const worked = await Promise.all(sent.map(({ traceId }) => ended('Work', traceId)));
  expect(worked.map(({ event }) => JSON.parse(event).Records[0].body)).toEqual([
    '{"id":1}',
    '{"id":2}',
    '{"id":3}',
  ]);
  const starts = worked.map(({ startedAt }) => startedAt);
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  expect(JSON.parse(worked[0]?.event ?? '').Records[0].messageAttributes.kind.stringValue).toBe('a');
});

test('topics, tables, functions and schedules take what is sent, by what the project file calls them', async () => {
  const [told] = await send('topic', 'Indexed', 'by hand');
  expect(JSON.parse((await ended('Note', told?.traceId ?? '')).event).Records[0].Sns.Message).toBe('by hand');
  await send('table', 'Table', '{"id":"1","total":12.5}');
  const { stdout } = await runCli(['data', 'get', 'bucket-notes', '1', '-C', running.project]);
  expect(stdout).toContain('12.5');
  const [answered] = await send('function', 'Note', '{}', '--wait');
  expect(answered?.answer).toEqual({ noted: true });
  const fired = await runCli(['send', 'schedule', 'monthly', '-C', running.project]);
  expect(fired.stdout).toContain('fired monthly');
});

test('a made event is piped into a function', async () => {
  const made = await runCli(['events', 'generate', 'sqs', '--body', '{"id":9}']);
  const ran = await runCli(['invoke', 'Work', '-e', '-', '--json', '-C', running.project], {
    input: made.stdout,
  });
  expect(JSON.parse(JSON.parse(ran.stdout).event).Records[0].body).toBe('{"id":9}');
});

test('what is not there is refused in the words of the service', async () => {
  const { stderr, code } = await runCli(['send', 'queue', 'no-queue', 'x', '-C', running.project]);
  expect(code).toBe(1);
  expect(stderr).toContain('nothing was sent to the queue "no-queue"');
  expect(stderr).toMatch(/NonExistentQueue|QueueDoesNotExist/);
  const wrong = await runCli(['send', 'queue', 'q', 'x', '--subject', 'y', '-C', running.project]);
  expect(stderr).toMatch(/hint there (?:is one queue|are the queues): .*Queue \(bucket-work\.fifo\)/);
  const bus = await runCli(['send', 'bus', 'no-bus', '{}', '-C', running.project]);
  expect(bus).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no event bus "no-bus"') });
  expect(bus.stderr).toContain('hint there is one event bus: default');
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('--subject says nothing') });
});
