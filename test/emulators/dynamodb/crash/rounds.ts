/** Load, a kill at some moment, a check; again on the same data. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { ordersTable } from '../running-dynamodb.ts';
import { connect } from '../serving.ts';
import { checkAfterKill, checkExpiry } from './check.ts';
import type { ChildProgram } from './child.ts';
import { type Items, startLoad, TABLE } from './load.ts';

export interface RoundReport {
  readonly acknowledged: number;
  readonly unanswered: number;
  readonly items: number;
}

/** Kills `rounds` times on one data folder. */
export async function killAndCheck(
  program: ChildProgram,
  rounds: number,
  dice: (sides: number) => number,
  report: (round: RoundReport) => void = () => {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-dynamodb-'));
  let items: Items = new Map();
  try {
    for (let round = 0; round < rounds; round++) {
      const child = await program.start(folder);
      if (round === 0) await createTable(child.url);
      const load = startLoad(child.url, new Map(items), dice);
      await load.underWay;
      // The moment of the kill is the test's subject: any will do.
      await sleep(20 + dice(150));
      await child.kill();
      const unanswered = await load.broken;
      items = await checkAfterKill(folder, load.items, unanswered);
      if (round === rounds - 1) await checkExpiry(folder, items);
      report({ acknowledged: load.acknowledged(), unanswered: unanswered.length, items: items.size });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function createTable(url: string): Promise<void> {
  const client = connect(url, 1);
  const created = await client.call('CreateTable', {
    ...ordersTable,
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
  });
  expect(created.status).toBe(200);
  const expiring = await client.call('UpdateTimeToLive', {
    TableName: TABLE,
    TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
  });
  expect(expiring.status).toBe(200);
  client.close();
}
