import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ContractSession, Delivery } from '../../../../../src/model/runtime.ts';
import { makeRuntimeApiContract } from '../../../../../src/runtime/contracts/runtime-api/contract.ts';
import { makeSystemClock } from '../../../../../src/std/clock.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { listen } from '../../../../../src/std/listen.ts';
import { describeWithTool } from '../../../../suites/require-tool.ts';
import { payloadOf } from '../../../../suites/running-instance.ts';
import { makeListener } from '../../streaming-door.ts';
import { makeArtifact, makeDelivery, makeFunction } from './runtime-under-test.ts';

interface Client {
  readonly session: ContractSession;
  readonly exited: Promise<number | null>;
  invoke(delivery?: Partial<Delivery>): ReturnType<ContractSession['invoke']>;
}

const HANDLERS = `
export const echo = async (event, context) => ({
  event,
  requestId: context.awsRequestId,
  arn: context.invokedFunctionArn,
  clientContext: context.clientContext,
  remaining: context.getRemainingTimeInMillis(),
  trace: process.env._X_AMZN_TRACE_ID,
});
export const nothing = async () => {};
export const fail = async ({ message }) => { throw new RangeError(message); };
export const large = async ({ sizeBytes }) => 'x'.repeat(sizeBytes - 2);
export const exit = async () => process.exit(7);
export const stream = awslambda.streamifyResponse(async (event, out) => {
  const http = awslambda.HttpResponseStream.from(out, { statusCode: 203, headers: { 'x-a': 'b' } });
  http.write('one ');
  http.write(event.word);
  http.end();
});
export const gated = awslambda.streamifyResponse(async ({ gate }, out) => {
  out.setContentType('text/plain');
  out.write('first,');
  await fetch(gate);
  out.write('last');
  out.end();
});
export const failMidway = awslambda.streamifyResponse(async (event, out) => {
  out.write('half');
  await new Promise((resolve) => setImmediate(resolve));
  throw new TypeError('midway');
});
`;

/** Starts the official client as Lambda does: program, handler and variables, nothing of ours inside. */
async function startClient(ric: string, handler: string, code = HANDLERS): Promise<Client> {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  writeFileSync(join(folder, 'index.mjs'), code);
  const fn = makeFunction({ image: 'the/client:runs-beside-us', handler });
  const session = await makeRuntimeApiContract({ clock: makeSystemClock(), ids: randomIds }).open(
    'instance-1',
    fn,
    makeArtifact(folder),
    { bindHost: '127.0.0.1', reachHost: '127.0.0.1', unixSockets: true },
    { debug: false, onLog: () => {} },
  );
  const child: ChildProcess = spawn(process.execPath, [join(ric, 'index.mjs')], {
    cwd: folder,
    stdio: 'ignore',
    env: {
      ...session.setup.env,
      _HANDLER: handler,
      LAMBDA_TASK_ROOT: folder,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      AWS_LAMBDA_FUNCTION_NAME: fn.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/hello',
      AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]0',
    },
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    session,
    exited,
    invoke: (delivery) =>
      session.invoke(makeDelivery({ requestId: randomIds.uuid(), ...delivery }), { onLog: () => {} }),
  };
}

await describeWithTool('ric', 'the official aws-lambda-ric client', (ric) => {
  test('is ready, and answers one event after the other with the context we gave', async () => {
    const client = await startClient(ric, 'index.echo');
    expect(await client.session.ready).toMatchObject({ status: 'ready' });
    for (const n of [1, 2, 3]) {
      const requestId = randomIds.uuid();
      const outcome = await client.invoke({
        requestId,
        event: `{"n":${n},"name":"Zoë"}`,
        deadlineAt: Date.now() + 5000,
        clientContext: '{"custom":{"who":"Zoë"}}',
      });
      const answer = payloadOf(outcome) as Record<string, unknown>;
      expect(answer).toEqual({
        event: { n, name: 'Zoë' },
        requestId,
        arn: makeDelivery().invokedFunctionArn,
        clientContext: { custom: { who: 'Zoë' } },
        remaining: expect.any(Number),
        trace: makeDelivery().traceHeader,
      });
      expect(answer.remaining).toBeGreaterThan(0);
      expect(answer.remaining).toBeLessThanOrEqual(5000);
    }
  });

  test('posts null for a handler that returns nothing', async () => {
    const client = await startClient(ric, 'index.nothing');
    expect(await client.invoke()).toEqual({ status: 'ok', payload: 'null' });
  });

  test('posts what the handler throws, and lives on', async () => {
    const client = await startClient(ric, 'index.fail');
    for (const message of ['first', 'second — with an accent é'])
      expect(await client.invoke({ event: JSON.stringify({ message }) })).toEqual({
        status: 'error',
        phase: 'invoke',
        error: {
          errorType: 'RangeError',
          errorMessage: message,
          trace: expect.arrayContaining([`RangeError: ${message}`]),
        },
      });
  });

  test.each([
    ['index.missing', HANDLERS, 'Runtime.HandlerNotFound'],
    ['elsewhere.handler', HANDLERS, 'Runtime.ImportModuleError'],
    ['index.echo', 'export const echo = (', 'Runtime.UserCodeSyntaxError'],
  ])('posts an init error for %s, and exits', async (handler, code, errorType) => {
    const client = await startClient(ric, handler, code);
    expect(await client.session.ready).toMatchObject({
      status: 'error',
      outcome: { status: 'error', phase: 'init', error: { errorType } },
    });
    expect(await client.exited).not.toBe(0);
  });

  test('streams an HTTP response', async () => {
    const client = await startClient(ric, 'index.stream');
    const outcome = await client.invoke({ event: '{"word":"two"}' });
    expect(payloadOf(outcome)).toEqual({
      statusCode: 203,
      headers: { 'x-a': 'b' },
      body: 'one two',
      isBase64Encoded: false,
    });
  });

  test('streams: the first part is heard before the last one is written', async () => {
    let open: () => void = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const server = createServer((_request, response) => void opened.then(() => response.end()));
    const gate = await listen(server, { host: '127.0.0.1', port: 0, purpose: 'the gate' });
    onTestFinished(() => gate.close());
    const client = await startClient(ric, 'index.gated');
    const { heard, listener } = makeListener((text) => {
      if (text === 'first,') open();
    });
    const outcome = await client.session.invoke(
      makeDelivery({ event: JSON.stringify({ gate: gate.url }), deadlineAt: Date.now() + 5000 }),
      { onLog: () => {}, response: listener },
    );
    expect(outcome).toEqual({ status: 'ok', payload: '"first,last"' });
    expect(heard).toMatchObject({ type: 'text/plain', text: 'first,last' });
  });

  test('reports a failure in the middle of a stream', async () => {
    const client = await startClient(ric, 'index.failMidway');
    expect(await client.invoke()).toMatchObject({
      status: 'error',
      error: { errorType: 'TypeError', errorMessage: 'midway' },
    });
  });

  test('sends a response of 6 MB; a larger one fails the event', async () => {
    const client = await startClient(ric, 'index.large');
    const fits = await client.invoke({ event: '{"sizeBytes":6291556}' });
    expect(payloadOf(fits)).toHaveLength(6_291_554);
    expect(await client.invoke({ event: '{"sizeBytes":6291557}' })).toMatchObject({
      status: 'error',
      error: { errorType: 'Function.ResponseSizeTooLarge' },
    });
  });

  test('that exits in the middle of an event leaves the event open for the exit to decide', async () => {
    const client = await startClient(ric, 'index.exit');
    const outcome = client.invoke();
    expect(await Promise.race([outcome, client.exited])).toBe(7);
  });
});
