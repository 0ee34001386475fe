/** Events that are taken back from an instance, which is played here, frame by frame. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { encodeFrame, FRAME } from '../../../../../src/runtime/contracts/frames/protocol.ts';
import { makeFrameReader } from '../../../../../src/runtime/contracts/frames/reader.ts';
import { makeLine } from '../../../../../src/runtime/contracts/frames/session.ts';
import { makeFakeClock } from '../../../../../src/std/clock.ts';

/** `Usage` before each result. */
const USAGE = '\0'.repeat(8);

/** A line and the instance at its other end. */
async function openBoth() {
  const line = makeLine({ clock: makeFakeClock(), token: 't', debug: false, onLog: () => {} });
  const server = createServer(line.accept).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const session = line.session({ env: {}, mounts: [], command: [] }, () => {});
  onTestFinished(async () => {
    await session.close();
    socket.destroy();
    server.close();
  });
  const got: number[] = [];
  let wake = () => {};
  socket.on(
    'data',
    makeFrameReader((type) => {
      got.push(type);
      wake();
    }),
  );
  const say = (type: number, text: string) => void socket.write(encodeFrame(type, text));
  say(FRAME.hello, JSON.stringify({ role: 'main', token: 't', linesUp: true }));
  await session.waiting;
  return {
    session,
    /** The instance answers its first event. */
    answer: (payload: string) => say(FRAME.result, USAGE + payload),
    giveBack: (count: number) => say(FRAME.recalled, String(count)),
    /** Until the instance has had so many frames of a kind. */
    async took(type: number, count: number) {
      while (got.filter((one) => one === type).length < count)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    },
    invoke: (requestId: string) =>
      session.invoke(
        { requestId, event: '{}', deadlineAt: 0, invokedFunctionArn: 'arn', traceHeader: '' },
        { onLog: () => {} },
      ),
  };
}

const ok = (payload: string) => ({ status: 'ok', payload });

test('what was lined up after a recall is not what the recall gives back', async () => {
  const { session, answer, giveBack, invoke, took } = await openBoth();
  const ends = ['slow', 'next', 'taken back'].map(invoke);
  await took(FRAME.invoke, 3);
  session.recall?.();
  // Before the instance reads the recall it ends the slow one and begins the next.
  answer('slow');
  expect(await ends[0]).toEqual(ok('slow'));
  const late = invoke('late');
  giveBack(1);
  expect(await ends[2]).toBe('not-begun');
  answer('next');
  answer('late');
  expect(await Promise.all([ends[1], late])).toEqual([ok('next'), ok('late')]);
});

test('each recall gives back what was lined up before it', async () => {
  const { session, answer, giveBack, invoke, took } = await openBoth();
  const ends = ['first', 'a', 'b'].map(invoke);
  await took(FRAME.invoke, 3);
  session.recall?.();
  const late = invoke('late');
  session.recall?.();
  const last = invoke('last');
  giveBack(2);
  giveBack(1);
  expect(await Promise.all([ends[1], ends[2], late])).toEqual(['not-begun', 'not-begun', 'not-begun']);
  answer('first');
  answer('last');
  expect(await Promise.all([ends[0], last])).toEqual([ok('first'), ok('last')]);
});
