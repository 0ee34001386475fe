/** .NET class libraries over the Runtime API: our loader on child processes, with fixtures compiled here. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { makeRuntimeApiContract } from '../../../../../src/runtime/contracts/runtime-api/contract.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { describeContract } from '../../../../suites/contract.suite.ts';
import {
  compileDotnetFixtures,
  copyAssemblies,
  type DotnetFixtures,
  dotnetEnv,
} from '../../../../suites/dotnet-fixtures.ts';
import { describeWithTool } from '../../../../suites/require-tool.ts';
import { errorOf, payloadOf, type Sample, startSample } from '../../../../suites/running-instance.ts';
import { openProcessParts } from '../../process-parts.ts';

const runtime = 'dotnetcore3.1';

await describeWithTool('dotnet', '.NET', (dotnet) => {
  let fixtures: DotnetFixtures;
  beforeAll(async () => {
    fixtures = await compileDotnetFixtures(dotnet);
  }, 60_000);
  afterAll(() => fixtures.close());

  const open = async () => {
    const parts = openProcessParts({ env: dotnetEnv(dotnet) });
    const contract = makeRuntimeApiContract({
      clock: parts.clock,
      ids: randomIds,
      dotnetHost: fixtures.host,
    });
    return { ...parts, contract };
  };
  const start = async (handler: string, options: Partial<Sample> = {}) => {
    const parts = await open();
    onTestFinished(() => parts.close());
    return startSample(parts, { runtime, handler, dir: fixtures.shop, timeoutMs: 10_000, ...options });
  };
  const startReady = async (handler: string, options: Partial<Sample> = {}) => {
    const sample = await start(handler, options);
    expect(await sample.started).toMatchObject({ status: 'ready' });
    return sample;
  };

  describeContract('the Runtime API with .NET in a process', {
    open,
    runtime,
    shortMs: 500,
    dir: () => fixtures.shop,
  });

  test('makes the objects a method asks for, and JSON of its answer, with the package’s serializer', async () => {
    const { invoke } = await startReady('Shop::Shop.Orders::Total');
    const { outcome } = await invoke({ id: 'o-1', items: [{ count: 2, price: 1.25 }] });
    expect(payloadOf(outcome)).toEqual({ id: 'o-1', total: 2.5 });
  });

  test('hands bytes to a method that takes a Stream, and the bytes of its Stream back', async () => {
    const { invoke } = await startReady('Shop::Shop.Orders::Copy');
    expect((await invoke({ a: 'é' })).outcome).toEqual({ status: 'ok', payload: '[{"a":"é"}]' });
  });

  test('a package without a list of its assemblies, settings or Amazon.Lambda.Core is loaded from its folder', async () => {
    const { invoke } = await startReady('Bare::Bare.Streams::Echo', { dir: fixtures.bare });
    expect((await invoke({ a: 1 })).outcome).toEqual({ status: 'ok', payload: '{"a":1}' });

    const dir = join(fixtures.bare, 'Übung ✓');
    copyAssemblies(fixtures.shop, dir);
    const shop = await startReady('Shop::Shop.Orders::Needs', { dir });
    expect(payloadOf((await shop.invoke('"you"')).outcome)).toBe('library you');
  });

  test.each([
    ['a method that is awaited and answers nothing', 'Orders::Later', '"it"', null],
    [
      'a method that takes the context alone',
      'Orders::OnlyContext',
      {},
      'c0ffee00-0000-4000-8000-000000000001',
    ],
    ['a method of the base class', 'Orders::Inherited', '"text"', 'Orders text'],
    ['a method of a nested class', 'Orders+Inner::Handle', '"text"', 'inner text'],
    ['one of several methods of a name', 'Orders::Int32 Twice(Int32)', 4, 8],
  ])('calls %s', async (_what, name, event, answer) => {
    const { invoke } = await startReady(`Shop::Shop.${name}`);
    expect(payloadOf((await invoke(event)).outcome)).toBe(answer);
  });

  test.each([
    ['Shop::Shop.Orders::Twice', /Int32 Twice\(Int32\)/],
    ['Shop::Shop.Orders::Forgets', /it is an 'async void' method/],
    ['Shop::Shop.Orders::Generic', /it is a generic method/],
    ['Shop::Shop.Orders::Rest', /it is a 'params' method/],
    ['Shop::Shop.Orders::Many', /the method has more than 2 parameters/],
    [
      'Shop::Shop.Orders::NoContext',
      /the second parameter is not of type 'Amazon.Lambda.Core.ILambdaContext'/,
    ],
    ['Shop::Shop.Half::Handle', /its type 'Shop.Half' is abstract/],
    ['Shop::Shop.Box`1::Handle', /because it is generic/],
    [
      'Bare::Bare.Streams::Reads',
      /LambdaSerializerAttribute .* deserialize input data of type 'System.String'/,
    ],
    [
      'Bare::Bare.Streams::Writes',
      /LambdaSerializerAttribute .* serialize output data of type 'System.String'/,
    ],
    ['Shop::Shop.Orders', /The valid format is 'ASSEMBLY::TYPE::METHOD'/],
  ])('refuses %s in the platform’s words', async (handler, message) => {
    const dir = handler.startsWith('Bare') ? fixtures.bare : fixtures.shop;
    const { started } = await start(handler, { dir });
    expect(errorOf(await started)).toMatchObject({
      phase: 'init',
      error: { errorType: 'LambdaValidationException', errorMessage: expect.stringMatching(message) },
    });
  });

  test('names the type, the place and the cause of what a method throws', async () => {
    const { invoke } = await startReady('Shop::Shop.Orders::Wraps');
    expect((await invoke({})).outcome).toMatchObject({
      error: {
        errorType: 'ApplicationException',
        errorMessage: 'no order',
        trace: [expect.stringMatching(/^at Shop\.Orders\.Wraps\(\) in .*Orders\.cs:line \d+$/)],
        cause: { errorType: 'KeyNotFoundException', errorMessage: 'no row' },
      },
    });
  });

  test('what a constructor throws is the cause of the init error, as from the platform', async () => {
    const { started } = await start('Shop::Shop.Throws::Handle');
    expect(errorOf(await started)).toMatchObject({
      error: { cause: { errorType: 'InvalidOperationException', errorMessage: 'no table' } },
    });
  });

  test('a failure on a thread of its own ends the process, and is told at once', async () => {
    const { invoke, instance } = await startReady('Shop::Shop.Orders::Background');
    const { outcome, logs } = await invoke({});
    expect(outcome).toMatchObject({ status: 'crash', phase: 'invoke', signal: 'SIGABRT' });
    expect(logs.map(({ text }) => text).join('\n')).toContain('in the background');
    expect(instance.state).toBe('gone');
  });

  test('the context tells the trace, the serializer, and defaults for members of versions to come', async () => {
    const { invoke } = await startReady('Shop::Shop.Outcomes::describesContext');
    const context = { clientContext: '{"client":{},"custom":{}}', identity: '{}' };
    expect(payloadOf((await invoke({}, context)).outcome)).toMatchObject({
      colour: 0,
      serializer: 'JsonSerializer',
      providedTrace: 'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1',
    });
  });

  test('lines of .NET Core 3.1 are left as they are', async () => {
    const { invoke } = await startReady('Shop::Shop.Logs::All');
    const lines = (await invoke('"it"')).logs.map(({ text }) => text);
    expect(lines.slice(0, 5)).toEqual(['static it', 'levelled it', 'unended', 'line', 'order 7 costs 1.50']);
    expect(lines).toContain('to stderr');
  });

  test('newer versions write the time, the request and the level of each line, from the level on that is set', async () => {
    const env = { AWS_LAMBDA_HANDLER_LOG_FORMAT: 'Default' };
    const { invoke } = await startReady('Shop::Shop.Logs::All', { env });
    const lines = (await invoke('"it"')).logs.map(({ text }) => text.replace(/^\S{24}\t\S{36}\t/, ''));
    expect(lines).toEqual(
      expect.arrayContaining([
        'info\tstatic it',
        'warn\tlevelled it',
        'unended',
        'info\tline',
        'fail\tto stderr',
      ]),
    );
    expect(lines.join('\n')).toContain('fail\twrong\nSystem.ApplicationException: why');
    expect(lines.join('\n')).not.toContain('too fine');
  });

  test('with JSON logging lines are records, with the values of their message', async () => {
    const env = { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'INFO' };
    const { invoke } = await startReady('Shop::Shop.Logs::All', { env });
    const texts = (await invoke('"it"')).logs.map(({ text }) => text);
    const records = texts.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text));
    const requestId = 'c0ffee00-0000-4000-8000-000000000001';
    expect(records).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ level: 'Information', message: 'static it', requestId }),
        expect.objectContaining({ message: 'order 7 costs 1.50', id: 7, price: 1.5 }),
        expect.objectContaining({
          level: 'Error',
          message: 'wrong',
          errorType: 'System.ApplicationException',
        }),
      ]),
    );
  });

  test('the heap is the function’s memory, and no pipe for debuggers is left behind', async () => {
    const { invoke } = await startReady('Shop::Shop.Outcomes::describesProcess', { memoryMb: 192 });
    const { env } = payloadOf((await invoke({})).outcome) as { env: Record<string, string> };
    expect(env).toMatchObject({ COMPlus_GCHeapHardLimit: 'c000000', COMPlus_EnableDiagnostics: '0' });
  });
});
