/** Load, a kill at some moment; again on the same folder; at the end everything is delivered and compared. */
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { makeFakeClock } from '../../../../src/std/clock.ts';
import { http } from '../../../emulators/_wire/http.ts';
import type { Program } from './child.ts';
import { checkObjects, etags, type Ledger, startLoad, type Written } from './load.ts';
import { PLACE, runAll, seenFile } from './services.ts';

export interface RoundsReport {
  readonly acknowledged: number;
  readonly delivered: number;
}

/** Long before that everything is delivered, or it never will be. */
const DRAIN_MS = 20_000;
const HIDDEN_MS = 60_000;

/** Kills `rounds` times on one folder. */
export async function killAndDeliver(
  program: Program,
  rounds: number,
  moment: () => number,
): Promise<RoundsReport> {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-kill-'));
  const ledger: Ledger = new Map();
  const objects: Written = { acknowledged: new Map(), unanswered: new Map() };
  let acknowledged = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      const child = await program.start(folder);
      expect(await checkObjects(child.url, objects)).toEqual([]);
      const load = startLoad(child.url, ledger, objects);
      await load.underWay;
      // The moment of the kill is the test's subject: any will do.
      await sleep(moment());
      await child.kill();
      acknowledged += await load.broken;
    }
    return { acknowledged, delivered: await deliverAll(folder, ledger, objects) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A later session, in which what was in flight is visible again, and no function fails. */
export async function deliverAll(folder: string, ledger: Ledger, objects: Written): Promise<number> {
  const functions = new EventEmitter();
  const all = await runAll({
    folder,
    clock: makeFakeClock(Date.now() + HIDDEN_MS),
    fails: () => false,
    onDelivered: () => functions.emit('delivered'),
  });
  try {
    expect(await checkObjects(all.url, objects)).toEqual([]);
    const held = new Map<string, number[]>();
    for (const queue of ['held', 'held.fifo']) await drain(all.url, queue, held);
    const missing = () => missingOf(ledger, new Map([...seenIn(folder), ...held]));
    const signal = AbortSignal.timeout(DRAIN_MS);
    while (missing().length > 0 && !signal.aborted)
      await once(functions, 'delivered', { signal }).catch(() => {});
    expect(missing()).toEqual([]);
    const found = new Map([...seenIn(folder), ...held]);
    for (const [place, numbers] of found)
      if (place.includes('.fifo') || place.startsWith('orders'))
        expect(firstOnes(numbers), place).toEqual(firstOnes(numbers).toSorted((a, b) => a - b));
    expect(all.bugs).toEqual([]);
    return [...found.values()].reduce((sum, { length }) => sum + length, 0);
  } finally {
    await all.close();
  }
}

function missingOf(ledger: Ledger, found: ReadonlyMap<string, readonly number[]>): string[] {
  return [...ledger].flatMap(([place, numbers]) => {
    const there = new Set(found.get(place));
    return numbers.filter((number) => !there.has(number)).map((number) => `${place} ${number}`);
  });
}

/** Redeliveries left out. */
function firstOnes(numbers: readonly number[]): number[] {
  return [...new Set(numbers)];
}

/** `<place> <group>` → numbers, in the order functions got them. A line the kill cut off is none. */
function seenIn(folder: string): Map<string, number[]> {
  const seen = new Map<string, number[]>();
  for (const [, place, number] of readFileSync(seenFile(folder), 'utf8').matchAll(/^(\S+ \S+) (\d+)$/gm))
    add(seen, place ?? '', Number(number));
  return seen;
}

function add(to: Map<string, number[]>, place: string, number: number): void {
  const list = to.get(place);
  if (list) list.push(number);
  else to.set(place, [number]);
}

async function drain(url: string, queue: string, into: Map<string, number[]>): Promise<void> {
  const call = (operation: string, input: object) =>
    http(url, {
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
      body: JSON.stringify({ QueueUrl: `http://localhost/${PLACE.accountId}/${queue}`, ...input }),
    });
  for (;;) {
    const answer = await call('ReceiveMessage', { MaxNumberOfMessages: 10 });
    const { Messages: messages = [] } = answer.json() as {
      Messages?: { MessageId: string; Body: string; ReceiptHandle: string }[];
    };
    if (messages.length === 0) return;
    for (const { Body: body } of messages) {
      const [, group = 'bucket-files', number = numberOf(body)] = /^(\S+) (\d+)$/.exec(body) ?? [];
      add(into, `${queue} ${group}`, Number(number));
    }
    await call('DeleteMessageBatch', {
      Entries: messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle })),
    });
  }
}

/** Of the object a notification is about. */
function numberOf(notification: string): number {
  const { Records: records } = JSON.parse(notification) as {
    Records: { s3: { object: { eTag: string } } }[];
  };
  return etags.get(records[0]?.s3.object.eTag ?? '') ?? 0;
}
