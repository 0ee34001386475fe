/** An event bus between functions: over the built command line, with the real client. */
import { afterEach, expect, test } from 'vitest';
import { ask, copyProject, runCli, startDev } from './session-under-test.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test('HTTP, function, event, rule and function are one trace, and what the rule started can be replayed', async () => {
  const copy = copyProject('bus-serverless');
  cleanups.push(copy.remove);
  const running = await startDev(copy.root, ['--backend', 'process']);
  cleanups.push(() => running.stop('SIGKILL'));
  const order = (total: number) =>
    ask(`${running.ready.http}/orders`, { method: 'POST', body: JSON.stringify({ id: `o${total}`, total }) });

  // The small order is not for review; the large one is the first it hears of.
  expect((await order(5)).status).toBe(202);
  expect((await order(120)).status).toBe(202);
  const reviewed = await running.ended(({ functionId }) => functionId === 'Review');
  expect(JSON.parse(reviewed.event)).toEqual({ id: 'o120', text: '120 by rule bus-dev-Review-rule-1' });
  expect(reviewed.cause).toMatchObject({ kind: 'event-rule', bus: 'orders', rule: 'bus-dev-Review-rule-1' });
  expect(reviewed.logs.map(({ text }) => text).join('\n')).toContain('reviewed o120 120 by rule');

  const { stdout } = await runCli(['traces', reviewed.id, '-C', running.project]);
  expect(stdout).toMatch(/Order.*\n.*PutEvents orders.*\n.*Review.*← event bus-dev-Rev/);

  const replayed = await runCli(['replay', reviewed.id, '-C', running.project]);
  expect(replayed.code).toBe(0);
  const queue = await ask(`${running.ready.aws}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
    body: JSON.stringify({ QueueUrl: `${running.ready.aws}/000000000000/bus-all`, MaxNumberOfMessages: 10 }),
  });
  expect(queue.body).toMatchObject({ Messages: [{}, {}] });
});
