/** A topic between functions: over the built command line, with the real client. */
import { afterEach, expect, test } from 'vitest';
import { ask, copyProject, type Dev, runCli, startDev } from './session-under-test.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function dev(): Promise<Dev> {
  const copy = copyProject('topic-serverless');
  cleanups.push(copy.remove);
  const running = await startDev(copy.root, ['--backend', 'process']);
  cleanups.push(() => running.stop('SIGKILL'));
  return running;
}

const announce = (running: Dev, text: string, urgency: number) =>
  ask(`${running.ready.http}/news`, { method: 'POST', body: JSON.stringify({ text, urgency }) });

test('HTTP, function, topic, queue and function are one trace', async () => {
  const running = await dev();
  expect((await announce(running, 'calm', 1)).status).toBe(202);
  const worked = await running.ended(({ functionId }) => functionId === 'Work');
  const announced = await running.ended(({ functionId }) => functionId === 'Announce');
  expect(worked.traceId).toBe(announced.traceId);
  expect(worked.parentId).toBe(announced.calls.find(({ operation }) => operation === 'Publish')?.spanId);
  expect(worked.logs.map(({ text }) => text).join('\n')).toContain('worked calm');

  const { stdout } = await runCli(['traces', announced.id, '-C', running.project]);
  expect(stdout).toMatch(/Announce.*\n.*Publish news.*\n.*Work.*← queue topic-work/);

  // The calm news was not for the alert; the urgent one is the first it hears of.
  await announce(running, 'storm', 5);
  const alerted = await running.ended(({ functionId }) => functionId === 'Alert');
  expect(alerted).toMatchObject({ outcome: { status: 'ok' }, cause: { kind: 'topic', topic: 'news' } });
  expect(JSON.parse(alerted.event)).toMatchObject({
    Records: [
      {
        EventSource: 'aws:sns',
        Sns: { Message: 'storm', MessageAttributes: { urgency: { Type: 'Number', Value: '5' } } },
      },
    ],
  });
});

test('an asynchronous event that fails is told to a topic, in the same trace', async () => {
  const running = await dev();
  await announce(running, 'fire', 9);
  const complained = await running.ended(({ functionId }) => functionId === 'Complain');
  const alerted = await running.ended(({ functionId }) => functionId === 'Alert');
  expect(complained.traceId).toBe(alerted.traceId);
  const [record] = JSON.parse(complained.event).Records;
  expect(JSON.parse(record.Sns.Message)).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
    responsePayload: { errorMessage: 'too hot' },
  });
});

test('check shows topics and who is subscribed', async () => {
  const copy = copyProject('topic-serverless');
  cleanups.push(copy.remove);
  const { stdout, code } = await runCli(['check', '-C', copy.root]);
  expect(code).toBe(0);
  expect(stdout).toContain('topic  news → Alert');
  expect(stdout).toContain('topic  trouble → Complain');
  expect(stdout).toContain('subscription  news → sqs topic-work');
  expect(stdout).not.toContain('warning');
});
