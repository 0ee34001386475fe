/** Time of the services, moved from the command line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InvocationRecord } from '../../../src/model/invocation.ts';
import { type Dev, runCli, startDev } from './session-under-test.ts';

const CONFIG = `export default {
  name: 'clocks',
  functions: {
    Tick: { handler: 'index.tick', runtime: 'nodejs20.x', schedule: 'rate(1 hour)' },
    Flaky: { handler: 'index.flaky', runtime: 'nodejs20.x', queue: 'work' },
  },
  queues: { work: { name: 'work', visibilityTimeout: '5m', deadLetter: { queue: 'dead', maxReceiveCount: 3 } }, dead: { name: 'dead' } },
};
`;
const CODE = `let calls = 0;
exports.tick = async ({ time }) => time;
exports.flaky = async () => { throw new Error('no ' + ++calls); };
`;

let root: string;
let dev: Dev;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'sls-local-time-'));
  writeFileSync(join(root, 'sls-local.config.mjs'), CONFIG);
  writeFileSync(join(root, 'index.js'), CODE);
  dev = await startDev(root, ['--backend', 'process']);
});
afterAll(async () => {
  await dev.stop();
  rmSync(root, { recursive: true, force: true });
});

const time = async (...args: string[]) => {
  const { code, stdout, stderr } = await runCli(['time', ...args, '--json'], { cwd: root });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as { now: number; aheadMs: number; scale: number };
};
/** Whose ends were told so far; they are told a little later. */
const ended = (functionId: string) =>
  dev.events.flatMap((event) =>
    event.type === 'invocation' && event.status === 'ended' && event.record.functionId === functionId
      ? [event.record]
      : [],
  );

test('three hours pass in a moment: the schedule fires each time, at its time', async () => {
  const before = await time();
  expect(before).toMatchObject({ aheadMs: 0, scale: 1 });
  const after = await time('+3h');
  // Less the moment it took.
  expect(after.aheadMs).toBeGreaterThan(3 * 3_600_000 - 10_000);
  const hourOf = ({ event }: InvocationRecord) =>
    Math.round((Date.parse(JSON.parse(event).time) - before.now) / 3_600_000);
  await dev.ended((record) => record.functionId === 'Tick' && hourOf(record) === 3);
  expect(ended('Tick').map(hourOf)).toEqual([1, 2, 3]);
});

test('a message that cannot be handled reaches its dead-letter queue without anybody waiting', async () => {
  const endpoint = dev.ready.aws;
  const call = async (operation: string, input: object) => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': `AmazonSQS.${operation}`, 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify(input),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as { Messages?: { Body: string }[] };
  };
  const url = (name: string) => `${endpoint}/000000000000/${name}`;
  await call('SendMessage', { QueueUrl: url('work'), MessageBody: 'broken' });
  await time('+20m');
  const receives = (record: InvocationRecord) =>
    Number(JSON.parse(record.event).Records[0].attributes.ApproximateReceiveCount);
  await dev.ended((record) => record.functionId === 'Flaky' && receives(record) === 3);
  expect(ended('Flaky').map(receives)).toEqual([1, 2, 3]);
  const dead = await call('ReceiveMessage', { QueueUrl: url('dead') });
  expect(dead.Messages).toMatchObject([{ Body: 'broken' }]);
});

test('an absolute time, a speed, and the way back', async () => {
  const { now } = await time();
  const to = new Date(now + 7_200_000).toISOString();
  expect((await time(to)).now).toBeGreaterThanOrEqual(Date.parse(to));
  expect(await time('--scale', '60')).toMatchObject({ scale: 60 });
  expect(await time('reset')).toMatchObject({ aheadMs: 0, scale: 1 });
  const { stdout } = await runCli(['time'], { cwd: root });
  expect(stdout).toMatch(/^\d{4}-.*Z {2}the time of this machine\n$/);
});

test('what cannot be is said, with 2', async () => {
  const refused = async (...args: string[]) => runCli(['time', ...args], { cwd: root });
  expect(await refused('yesterday')).toMatchObject({ code: 2, stderr: expect.stringContaining('+10m') });
  expect(await refused('2020-01-01')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('has passed'),
  });
  expect(await refused('--scale', '0')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--scale'),
  });
});
