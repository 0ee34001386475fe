/** A streamed `/response` is passed on as the runtime sends it. */
import { expect, test } from 'vitest';
import type { ResponseListener } from '../../../../../src/model/invocation.ts';
import { makeListener } from '../../streaming-door.ts';
import { makeDelivery, openRuntime, type RuntimeUnderTest } from './runtime-under-test.ts';

const { requestId } = makeDelivery();
const responsePath = `/runtime/invocation/${requestId}/response`;
const headers = {
  'Lambda-Runtime-Function-Response-Mode': 'streaming',
  'Transfer-Encoding': 'chunked',
  'Content-Type': 'text/event-stream',
};

async function deliver(runtime: RuntimeUnderTest, response: ResponseListener) {
  const outcome = runtime.session.invoke(makeDelivery(), { onLog: () => {}, response });
  await runtime.next();
  return outcome;
}

/** Calls back with the texts a listener has heard, one promise each. */
function hearSteps() {
  const waiting = new Map<string, () => void>();
  const { heard, listener } = makeListener((text) => waiting.get(text)?.());
  const until = (text: string) => new Promise<void>((resolve) => void waiting.set(text, resolve));
  return { heard, listener, until };
}

test('each part is heard before the runtime sends the next one', async () => {
  const runtime = await openRuntime();
  const { heard, listener, until } = hearSteps();
  const outcome = deliver(runtime, listener);
  const first = until('one,');
  await runtime.session.ready;
  const post = await posted(runtime);
  post.write('one,');
  await first;
  const second = until('one,two,');
  post.write('two,');
  await second;
  post.end('three');
  expect(await outcome).toEqual({ status: 'ok', payload: '"one,two,three"' });
  expect(heard).toMatchObject({ type: 'text/event-stream', text: 'one,two,three' });
});

test('a failure midway ends in the error of the trailers, after what was heard', async () => {
  const runtime = await openRuntime();
  const { heard, listener } = hearSteps();
  const outcome = deliver(runtime, listener);
  await runtime.session.ready;
  await runtime.call(responsePath, {
    method: 'POST',
    headers,
    body: 'half',
    trailers: {
      'Lambda-Runtime-Function-Error-Type': 'Function.Broken',
      'Lambda-Runtime-Function-Error-Body': Buffer.from('{"errorMessage":"midway"}').toString('base64'),
    },
  });
  expect(await outcome).toMatchObject({
    status: 'error',
    error: { errorType: 'Function.Broken', errorMessage: 'midway' },
  });
  expect(heard.text).toBe('half');
});

test('a runtime that hangs up midway has truncated its response', async () => {
  const runtime = await openRuntime();
  const { heard, listener, until } = hearSteps();
  const outcome = deliver(runtime, listener);
  const first = until('half');
  await runtime.session.ready;
  const post = await posted(runtime);
  post.write('half');
  await first;
  post.destroy();
  expect(await outcome).toMatchObject({
    status: 'error',
    error: { errorType: 'Runtime.TruncatedResponse' },
  });
  expect(heard.text).toBe('half');
});

/** A response that is being written, once the event is in the runtime's hand. */
async function posted(runtime: RuntimeUnderTest) {
  const post = runtime.open(responsePath, { method: 'POST', headers });
  post.on('error', () => {});
  return post;
}
