/** A table's changes run a function: over the built command line, with the real clients, also over a kill. */
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from 'vitest';
import type { InvocationRecord } from '../../../src/model/invocation.ts';
import { ask, copyProject, type Dev, runCli, startDev } from './session-under-test.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function project(): string {
  const copy = copyProject('stream-serverless');
  cleanups.push(copy.remove);
  return copy.root;
}

async function dev(root: string): Promise<Dev> {
  const running = await startDev(root, ['--backend', 'process']);
  cleanups.push(() => running.stop('SIGKILL'));
  return running;
}

const add = (running: Dev, id: string, kind: string) =>
  ask(`${running.ready.http}/items`, { method: 'POST', body: JSON.stringify({ id, kind }) });

async function countOf(running: Dev, kind: string): Promise<string | undefined> {
  const client = new DynamoDBClient({
    endpoint: running.ready.aws,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const { Item: item } = await client.send(
    new GetItemCommand({ TableName: 'stream-totals', Key: { kind: { S: kind } } }),
  );
  client.destroy();
  return item?.count?.N;
}

const idsOf = ({ event }: InvocationRecord) =>
  (JSON.parse(event) as { Records: { dynamodb: { Keys: { id: { S: string } } } }[] }).Records.map(
    ({ dynamodb }) => dynamodb.Keys.id.S,
  );

test('a write runs the function that follows its table, in the same trace', async () => {
  const running = await dev(project());
  expect((await add(running, 'a', 'book')).status).toBe(201);
  const counted = await running.ended((row) => row.functionId === 'Count');
  expect(counted).toMatchObject({
    outcome: { status: 'ok' },
    cause: { kind: 'table-stream', table: 'stream-items', records: 1 },
  });
  expect(await countOf(running, 'book')).toBe('1');
  const added = await running.ended((row) => row.functionId === 'AddItem');
  expect(counted.traceId).toBe(added.traceId);
  expect(counted.parentId).toBe(added.calls.find((call) => call.operation === 'PutItem')?.spanId);

  const drawn = await runCli(['traces', added.id, '-C', running.project]);
  expect(drawn.stdout).toMatch(
    /AddItem.*\n.*PutItem stream-items.*\n.*Count.*← stream stream-items.*\n.*UpdateItem stream-totals/,
  );
  const listed = await runCli(['traces', '-C', running.project, '--cause', 'table-stream', '--json']);
  expect(JSON.parse(listed.stdout)).toMatchObject([{ functionId: 'Count' }]);

  // The same item again is a change, but no INSERT.
  await add(running, 'a', 'pen');
  await add(running, 'b', 'book');
  const next = await running.ended((row) => row.functionId === 'Count' && row.id !== counted.id);
  expect(idsOf(next)).toEqual(['b']);
});

test('a change that cannot be handled is given up after its retries, and the queue’s function is told', async () => {
  const running = await dev(project());
  await add(running, 'bad', 'poison');
  const told = await running.ended((row) => row.functionId === 'Complain');
  const counts = running.events.flatMap((event) =>
    event.type === 'invocation' && event.status === 'ended' && event.record.functionId === 'Count'
      ? [event.record]
      : [],
  );
  expect(counts.map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(told.logs.map(({ text }) => text).join('\n')).toContain('given up 1');
  expect(told.traceId).toBe(counts[0]?.traceId);
  const { Records: records } = JSON.parse(told.event) as { Records: { body: string }[] };
  expect(JSON.parse(records[0]?.body ?? '')).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
    DDBStreamBatchInfo: { batchSize: 1, streamArn: expect.stringContaining(':table/stream-items/stream/') },
  });
});

test('after kill -9 in the middle of a batch its records come again, and those written since', async () => {
  const root = project();
  const first = await dev(root);
  await add(first, 'done', 'book');
  await first.ended((row) => row.functionId === 'Count');
  await add(first, 'held', 'slow');
  await first.until(
    (event) => event.type === 'invocation' && event.status === 'started' && idsInclude(event.record, 'held'),
  );
  await add(first, 'waiting', 'book');
  await first.stop('SIGKILL');

  const second = await dev(root);
  await second.ended((row) => row.functionId === 'Count' && idsOf(row).includes('waiting'));
  const seen = second.events.flatMap((event) =>
    event.type === 'invocation' && event.status === 'ended' ? idsOf(event.record) : [],
  );
  expect(seen).toEqual(['held', 'waiting']);
  expect(await countOf(second, 'book')).toBe('2');
});

function idsInclude(record: InvocationRecord, id: string): boolean {
  return record.functionId === 'Count' && idsOf(record).includes(id);
}

test('check shows which table a function follows', async () => {
  const { stdout, code } = await runCli(['check', '-C', project()]);
  expect(stdout).toContain('stream stream-items → Count');
  expect(code).toBe(0);
});
