import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChaosReport } from '../../../src/chaos/report.ts';
import { runCli } from './session-under-test.ts';

const CALL = `
const call = async (operation, input) => {
  const headers = { 'x-amz-target': 'DynamoDB_20120810.' + operation };
  const answer = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', headers, body: JSON.stringify(input) });
  return answer.json();
};
`;

/** Pays in again what comes twice. */
const BANK = `${CALL}
export const handler = async (event) => {
  for (const { body } of event.Records)
    await call('UpdateItem', {
      TableName: 'accounts',
      Key: { id: { S: 'ada' } },
      UpdateExpression: 'ADD balance :amount',
      ExpressionAttributeValues: { ':amount': { N: body } },
    });
};
`;

/** Ten for each event. */
const CHECK = `${CALL}
import { readFileSync } from 'node:fs';
const paid = readFileSync(process.env.SLS_LOCAL_EVENTS, 'utf8').trim().split('\\n').length * 10;
const { Item } = await call('GetItem', { TableName: 'accounts', Key: { id: { S: 'ada' } } });
const balance = Number(Item?.balance?.N ?? 0);
if (balance > paid) throw new Error('ada has ' + balance + ' of ' + paid);
`;

const CONFIG = `
export default {
  name: 'bank',
  defaults: { runtime: 'nodejs20.x', timeout: '10s' },
  functions: { Book: { handler: 'book.handler', queue: { queue: 'payments', batchSize: 5 } } },
  tables: { accounts: { name: 'accounts', key: 'id' } },
  queues: {
    payments: { name: 'payments', deadLetter: { queue: 'failed', maxReceiveCount: 3 } },
    failed: { name: 'failed' },
  },
};
`;

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'sls-local-bank-'));
  writeFileSync(join(project, 'book.mjs'), BANK);
  writeFileSync(join(project, 'check.mjs'), CHECK);
  writeFileSync(join(project, 'sls-local.config.mjs'), CONFIG);
  writeFileSync(join(project, 'pay.jsonl'), '{"queue":"payments","body":"10"}\n'.repeat(8));
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

const chaos = (...more: string[]) =>
  runCli(['chaos', '-C', project, '--backend', 'process', '--send', join(project, 'pay.jsonl'), ...more]);
const check = ['--check', 'node check.mjs'];

test('a function that pays in twice is found, made small, and found again by what was printed', async () => {
  const found = await chaos('--seed', '7', '--runs', '10', '--faults', 'duplicate', ...check, '--json');
  expect(found.stderr).toBe('');
  expect(found.code).toBe(1);
  const { ok, failure } = JSON.parse(found.stdout) as ChaosReport;
  expect(ok).toBe(false);
  expect(failure?.faults.map(({ kind }) => kind)).toEqual(['duplicate']);
  expect(failure?.events).toHaveLength(1);
  expect(failure?.violations).toMatchObject([
    { invariant: 'check', message: expect.stringContaining('ada has 20 of 10') },
  ]);

  const small = ['--only', failure?.faults[0]?.key ?? '', '--only-events', String(failure?.events[0])];
  const again = await chaos('--seed', failure?.seed ?? '', ...small, ...check, '--no-shrink', '--json');
  expect(again.code).toBe(1);
  const repeated = (JSON.parse(again.stdout) as ChaosReport).failure;
  expect(repeated).toMatchObject({ faults: failure?.faults, violations: failure?.violations });

  const fine = await chaos('--seed', failure?.seed ?? '', '--only', '', ...check);
  expect(fine.code).toBe(0);
  expect(fine.stdout).toContain('0 faults');
});

test('what cannot be used is refused before anything runs', async () => {
  const unknown = await chaos('--faults', 'explode');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('there is no fault "explode"');
  expect((await chaos('--seed', 'xyz')).code).toBe(2);
});
