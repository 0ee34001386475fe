import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InvocationRecord } from '../../../src/model/invocation.ts';
import { ask, copyProject, type Dev, runCli, startDev } from './session-under-test.ts';

const copy = copyProject('shop-serverless');
let dev: Dev;
let created: InvocationRecord;
let worked: InvocationRecord;
let orderId: string;

beforeAll(async () => {
  dev = await startDev(copy.root, ['--backend', 'process']);
  const answer = await ask(`${dev.ready.http}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ item: 'book', quantity: 2 }),
  });
  expect(answer).toMatchObject({ status: 201, body: { item: 'book', quantity: 2, status: 'new' } });
  orderId = (answer.body as { id: string }).id;
  created = await dev.ended((row) => row.functionId === 'CreateOrder');
  worked = await dev.ended((row) => row.functionId === 'Worker');
});

afterAll(async () => {
  await dev.stop();
  copy.remove();
});

test('an order goes from HTTP through table and queue to the worker and back into the table', async () => {
  const answer = await ask(`${dev.ready.http}/orders/${orderId}`);
  expect(answer).toMatchObject({ status: 200, body: { id: orderId, status: 'processed' } });
});

test('HTTP, table, queue and worker are one trace, each hop the child of what caused it', () => {
  expect(created.calls.map((call) => `${call.service} ${call.operation}`)).toEqual([
    'dynamodb PutItem',
    'sqs SendMessage',
  ]);
  expect(worked.traceId).toBe(created.traceId);
  expect(worked.parentId).toBe(created.calls.find((call) => call.operation === 'SendMessage')?.spanId);
  expect(worked.calls.map((call) => `${call.service} ${call.operation} ${call.target}`)).toEqual([
    'dynamodb UpdateItem shop-orders',
  ]);
});

test('traces lists the invocations and draws the whole trace of one', async () => {
  const listed = await runCli(['traces', '-C', copy.root, '--json']);
  const rows = JSON.parse(listed.stdout) as { id: string; functionId: string; status: string }[];
  expect(rows).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: created.id, functionId: 'CreateOrder', status: 'ok' }),
    ]),
  );
  const drawn = await runCli(['traces', created.id, '-C', copy.root]);
  expect(drawn.code).toBe(0);
  for (const name of ['CreateOrder', 'PutItem', 'SendMessage', 'Worker', 'UpdateItem'])
    expect(drawn.stdout).toContain(name);
  expect((await runCli(['traces', '-C', copy.root, '--function', 'Worker'])).stdout).not.toContain(
    'CreateOrder',
  );
});

test('logs shows what a function printed', async () => {
  const { stdout } = await runCli(['logs', 'CreateOrder', '-C', copy.root]);
  expect(stdout).toContain(`order created ${orderId}`);
  expect(stdout).toMatch(
    /REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB/,
  );
  expect(stdout).not.toContain('order processed');
});

test('replay sends the captured event again, links the traces and prints what differs', async () => {
  const { code, stderr, stdout } = await runCli(['replay', created.id, '-C', copy.root, '--json']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const replayed = JSON.parse(stdout) as {
    record: InvocationRecord;
    original: InvocationRecord;
    identical: boolean;
    differenceText: string;
  };
  expect(replayed.record.event).toBe(created.event);
  expect(replayed.record.cause).toEqual({ kind: 'replay', of: created.id });
  expect(replayed.record.links).toEqual([{ traceId: created.traceId, parentId: created.spanId }]);
  expect(replayed.identical).toBe(false);
  expect(replayed.differenceText).toContain('body');
});

test('replay can send the event to another function and with another event', async () => {
  const { stdout } = await runCli([
    'replay',
    created.id,
    '-C',
    copy.root,
    '--json',
    '--function',
    'GetOrder',
    '--event',
    JSON.stringify({ pathParameters: { id: orderId } }),
  ]);
  const { record } = JSON.parse(stdout) as { record: InvocationRecord };
  expect(record.functionId).toBe('GetOrder');
  expect(record.outcome).toMatchObject({ status: 'ok', payload: expect.stringContaining(orderId) });
});

test('replay --edit sends what the editor left', async () => {
  const editor = `sed -i 's/"quantity\\\\":2/"quantity\\\\":7/'`;
  const { stdout, stderr } = await runCli(['replay', created.id, '-C', copy.root, '--json', '--edit'], {
    env: { VISUAL: '', EDITOR: editor },
  });
  expect(stderr).toBe('');
  const { record } = JSON.parse(stdout) as { record: InvocationRecord };
  expect(record.outcome).toMatchObject({
    status: 'ok',
    payload: expect.stringContaining('\\"quantity\\":7'),
  });
});

test('invoke runs in the running session, with the event from standard input', async () => {
  const { code, stdout, stderr } = await runCli(['invoke', 'GetOrder', '-e', '-', '-C', copy.root], {
    input: JSON.stringify({ pathParameters: { id: 'nobody' } }),
  });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ statusCode: 404 });
  expect(stderr).toContain('in the running session');
});

test('a schedule is listed and can be fired by hand', async () => {
  const { stdout } = await runCli(['schedules', 'list', '-C', copy.root, '--json']);
  expect(JSON.parse(stdout)).toMatchObject([
    { name: 'shop-nightly', functionId: 'Nightly', expression: 'cron(0 3 * * ? *)' },
  ]);
  const fired = await runCli(['schedules', 'fire', 'shop-nightly', '-C', copy.root]);
  expect(fired.code).toBe(0);
  const row = await dev.ended((record) => record.functionId === 'Nightly');
  expect(row).toMatchObject({ cause: { kind: 'schedule', byHand: true }, outcome: { status: 'ok' } });
});

test('a second session in the same folder is refused with what to do', async () => {
  const { code, stderr } = await runCli([
    'dev',
    '-C',
    copy.root,
    '--no-tui',
    '--http-port',
    '0',
    '--aws-port',
    '0',
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain(`a session is already running in this folder (process ${dev.child.pid}`);
});
