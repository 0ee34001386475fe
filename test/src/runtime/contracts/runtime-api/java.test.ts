/** Java functions over the Runtime API: our bootstrap on child processes, with fixtures compiled here. */
import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { makeRuntimeApiContract } from '../../../../../src/runtime/contracts/runtime-api/contract.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { describeContract } from '../../../../suites/contract.suite.ts';
import { compileJavaFixtures, type JavaFixtures } from '../../../../suites/java-fixtures.ts';
import { describeWithTool } from '../../../../suites/require-tool.ts';
import { errorOf, payloadOf, type Sample, startSample } from '../../../../suites/running-instance.ts';
import { openProcessParts } from '../../process-parts.ts';

const runtime = 'java17';

async function open() {
  const parts = openProcessParts();
  return { ...parts, contract: makeRuntimeApiContract({ clock: parts.clock, ids: randomIds }) };
}

await describeWithTool('java', 'Java', () => {
  let fixtures: JavaFixtures;
  beforeAll(async () => {
    fixtures = await compileJavaFixtures();
  }, 60_000);
  afterAll(() => fixtures.close());

  const start = async (handler: string, options: Partial<Sample> = {}) => {
    const parts = await open();
    onTestFinished(() => parts.close());
    const dir = fixtures.classes;
    return startSample(parts, { runtime, handler, dir, timeoutMs: 10_000, ...options });
  };
  const startReady = async (handler: string, options: Partial<Sample> = {}) => {
    const sample = await start(handler, options);
    expect(await sample.started).toMatchObject({ status: 'ready' });
    return sample;
  };

  describeContract('the Runtime API with Java in a process', {
    open,
    runtime,
    shortMs: 500,
    dir: () => fixtures.classes,
  });

  test('hands bytes to a RequestStreamHandler and its bytes back', async () => {
    const { invoke } = await startReady('shop.Streams');
    const { outcome, logs } = await invoke({ a: 'é' });
    expect(outcome).toEqual({ status: 'ok', payload: '[{"a":"é"}]' });
    expect(logs.map(({ text }) => text)).toEqual(['copied']);
  });

  test('makes the objects a RequestHandler asks for, and JSON of its answer', async () => {
    const { invoke } = await startReady('shop.Orders');
    const id = '123e4567-e89b-12d3-a456-426614174000';
    const { outcome } = await invoke({
      id,
      items: [{ sku: 'a', count: 2, further: true }, { sku: 'b' }],
      prices: { a: 1.5, b: '2' },
      state: 'PAID',
      unknown: 'LOST',
      placedAt: '2026-11-21T10:00:00.5Z',
      shippedAt: 1763719200000,
      express: true,
      parts: [1, 2],
      State: 'NEW',
      neverHeardOf: {},
    });
    expect(payloadOf(outcome)).toEqual({
      id,
      URL: `https://shop.test/${id}`,
      items: [
        { sku: 'a', count: 2 },
        { sku: 'b', count: 1 },
      ],
      count: 3,
      coupon: 'none',
      express: true,
      parts: [1, 2],
      placedAt: 1795255200.5,
      shippedAt: 1763719200000,
      state: 'PAID',
      total: 3.5,
    });
  });

  test('takes a single value for a list, and a static method for a handler', async () => {
    const { invoke } = await startReady('shop.Orders::plain');
    expect(payloadOf((await invoke({ sku: 'x' })).outcome)).toEqual({ x: 1, nothing: null });
  });

  test('fills the platform’s event classes whatever their capitals, and without setters', async () => {
    const { invoke } = await startReady('shop.Events');
    const record = { eventSourceARN: 'arn:x', ApproximateCreationDateTime: 1428537600.5, data: 'aGk=' };
    expect(payloadOf((await invoke({ Records: [record] })).outcome)).toBe('arn:x 1428537600500 hi');
  });

  test('says which value of the event does not fit', async () => {
    const { invoke, instance } = await startReady('shop.Logs::handle');
    const { outcome, logs } = await invoke({ id: 1 });
    expect(outcome).toMatchObject({
      error: {
        errorType: 'java.lang.RuntimeException',
        errorMessage: 'An error occurred during JSON parsing',
      },
    });
    expect(logs.map(({ text }) => text).join('\n')).toContain(
      'Cannot deserialize value of type `java.lang.String` from an object',
    );
    expect(instance.state).toBe('idle');
  });

  test('names where a failure comes from in the author’s files only', async () => {
    const { invoke } = await startReady('shop.Outcomes::fails');
    expect((await invoke({})).outcome).toMatchObject({
      error: { trace: [expect.stringMatching(/^shop\.Outcomes\.fails\(Outcomes\.java:\d+\)$/)] },
    });
  });

  test('the logger writes lines, with their level where one is given', async () => {
    const { invoke } = await startReady('shop.Logs::handle');
    const { logs } = await invoke('"hi"');
    expect(logs.map(({ text }) => text)).toEqual([
      'plain hi',
      '[DEBUG] fine',
      '[ERROR] wrong',
      'as a library does',
    ]);
  });

  test('with JSON logging the logger writes records from the level on that is set', async () => {
    const env = { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'WARN' };
    const { invoke } = await startReady('shop.Logs::handle', { env });
    const { logs } = await invoke('"hi"');
    expect(logs.map(({ text }) => JSON.parse(text))).toMatchObject([
      { message: 'plain hi', level: 'UNDEFINED', AWSRequestId: 'c0ffee00-0000-4000-8000-000000000001' },
      { message: 'wrong', level: 'ERROR' },
      { message: 'as a library does' },
    ]);
  });

  test('code in a folder with letters beyond ASCII in its name is found', async () => {
    const dir = join(dirname(fixtures.classes), 'Übung ✓');
    cpSync(fixtures.classes, dir, { recursive: true });
    const { invoke } = await startReady('shop.Outcomes::answers', { dir });
    expect(payloadOf((await invoke({ a: 1 })).outcome)).toEqual({ got: { a: 1 } });
  });

  test('a layer’s archives are on the class path', async () => {
    const { invoke } = await startReady('shop.NeedsLibrary::handle', { layers: [fixtures.layer] });
    expect(payloadOf((await invoke('"here"')).outcome)).toBe('library here');
  });

  test.each([
    ['overflows', 'java.lang.StackOverflowError', 'java.lang.StackOverflowError'],
    ['fillsMemory', 'java.lang.OutOfMemoryError', 'Java heap space'],
  ])(
    'a handler that %s is told of as such, and the instance ends',
    async (method, errorType, errorMessage) => {
      const { invoke, instance } = await startReady(`shop.Outcomes::${method}`, { memoryMb: 128 });
      expect((await invoke(1)).outcome).toMatchObject({
        status: 'error',
        error: { errorType, errorMessage },
      });
      await instance.kill();
      expect(instance.state).toBe('gone');
    },
  );

  test('the heap is the cloud’s share of the memory, and JAVA_TOOL_OPTIONS count', async () => {
    const env = { JAVA_TOOL_OPTIONS: '-Dshop=open' };
    const { invoke, started } = await startReady('shop.Outcomes::maxHeapMb', { memoryMb: 200, env });
    const heapMb = payloadOf((await invoke({})).outcome);
    expect(heapMb).toBeGreaterThan(155);
    expect(heapMb).toBeLessThanOrEqual(170);
    const { coldStart } = await started;
    expect(coldStart.logs.map(({ text }) => text).join('\n')).toContain(
      'Picked up JAVA_TOOL_OPTIONS: -Dshop=open',
    );
  });

  test('what the constructor throws is an init error with its place', async () => {
    const { started } = await start('shop.Throws::handle');
    expect(errorOf(await started)).toMatchObject({
      phase: 'init',
      error: {
        errorMessage: 'no table',
        trace: [expect.stringMatching(/^shop\.Throws\.<init>\(Throws\.java:\d+\)$/)],
      },
    });
  });
});
