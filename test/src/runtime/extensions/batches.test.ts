import { expect, test } from 'vitest';
import { makeBatches } from '../../../../src/runtime/extensions/batches.ts';
import { makeFakeClock } from '../../../../src/std/clock.ts';

const lost = (records: number, bytes: number, reason: string) =>
  `lost ${records} of ${bytes} bytes: ${reason}`;

function openBatches(buffering: { maxItems?: number; maxBytes?: number }, send?: () => Promise<void>) {
  const clock = makeFakeClock();
  const sent: (readonly string[])[] = [];
  const batches = makeBatches({
    clock,
    buffering: { maxItems: 1000, maxBytes: 262_144, timeoutMs: 1000, ...buffering },
    send: async (records) => {
      sent.push(records);
      await send?.();
    },
    lost,
  });
  return { clock, sent, batches };
}

test('a batch goes out after the timeout', async () => {
  const { clock, sent, batches } = openBatches({});
  batches.add('a');
  batches.add('b');
  await clock.advance(999);
  expect(sent).toEqual([]);
  await clock.advance(1);
  expect(sent).toEqual([['a', 'b']]);
});

test('a batch goes out when it has as many records or bytes as it may', async () => {
  const few = openBatches({ maxItems: 2 });
  for (const record of ['a', 'b', 'c']) few.batches.add(record);
  await few.clock.advance(0);
  expect(few.sent).toEqual([['a', 'b']]);
  const small = openBatches({ maxBytes: 3 });
  for (const record of ['é', 'é', 'c']) small.batches.add(record);
  await small.clock.advance(0);
  expect(small.sent).toEqual([['é', 'é']]);
});

test('flushing sends what there is and waits for it', async () => {
  const { sent, batches } = openBatches({});
  batches.add('a');
  await batches.flush();
  expect(sent).toEqual([['a']]);
});

test('a batch that is not taken is told of with the next one', async () => {
  let fails = true;
  const { sent, batches } = openBatches({}, async () => {
    if (fails) throw new Error('nobody there');
  });
  batches.add('abc');
  await batches.flush();
  fails = false;
  batches.add('d');
  await batches.flush();
  expect(sent[1]).toEqual(['lost 1 of 3 bytes: nobody there', 'd']);
});
