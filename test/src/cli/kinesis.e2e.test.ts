/** A stream's records run a function: over the built command line, with the client as it comes, over a kill. */
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { afterEach, expect, test } from 'vitest';
import type { InvocationRecord } from '../../../src/model/invocation.ts';
import { copyProject, type Dev, startDev } from './session-under-test.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function dev(root: string): Promise<Dev> {
  const running = await startDev(root, ['--backend', 'process']);
  cleanups.push(() => running.stop('SIGKILL'));
  return running;
}

async function click(running: Dev, id: string, kind: string): Promise<void> {
  const client = new KinesisClient({
    endpoint: running.ready.aws,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const Data = new TextEncoder().encode(JSON.stringify({ id, kind }));
  await client.send(new PutRecordCommand({ StreamName: 'clicks', PartitionKey: 'k', Data }));
  client.destroy();
}

function idsOf({ event }: InvocationRecord): string[] {
  const { Records: records } = JSON.parse(event) as { Records: { kinesis: { data: string } }[] };
  return records.map(({ kinesis }) => JSON.parse(Buffer.from(kinesis.data, 'base64').toString()).id);
}

test('records run the function that follows the stream, and after kill -9 those it had come again', async () => {
  const copy = copyProject('kinesis-serverless');
  cleanups.push(copy.remove);
  const first = await dev(copy.root);
  await click(first, 'not wanted', 'pen');
  await click(first, 'done', 'book');
  const counted = await first.ended((row) => row.functionId === 'Count');
  expect(counted).toMatchObject({
    outcome: { status: 'ok', payload: '"done"' },
    cause: { kind: 'stream', stream: 'clicks', records: 1 },
  });
  await click(first, 'held', 'slow');
  await first.until(
    (event) =>
      event.type === 'invocation' && event.status === 'started' && idsOf(event.record).includes('held'),
  );
  await click(first, 'waiting', 'book');
  await first.stop('SIGKILL');

  const second = await dev(copy.root);
  await second.ended((row) => idsOf(row).includes('waiting'));
  const seen = second.events.flatMap((event) =>
    event.type === 'invocation' && event.status === 'ended' ? idsOf(event.record) : [],
  );
  expect(seen).toEqual(['held', 'waiting']);
});
