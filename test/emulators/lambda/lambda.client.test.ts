/** The Lambda API through the clients people use: SDK v3, SDK v2, awscli. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v3 from '@aws-sdk/client-lambda';
import v2 from 'aws-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lambda } from '../../../emulators/lambda/index.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { type RunningEndpoint, startTestEndpoint } from '../_wire/running-endpoint.ts';
import { failed, makeFunction, makeWorld, ok, type World } from '../world.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const region = 'eu-west-1';

let world: World;
let running: RunningEndpoint;
let client: v3.LambdaClient;
beforeAll(async () => {
  world = makeWorld();
  world.functions = [makeFunction()];
  world.answer = ({ event }) => (event === '"fail"' ? failed : ok({ got: JSON.parse(event) }));
  const { api } = await lambda.start(world.context);
  running = await startTestEndpoint(() => (api ? [api] : []));
  client = new v3.LambdaClient({ region, credentials, endpoint: running.url });
});
afterAll(async () => {
  expect(running.bugs).toEqual([]);
  client.destroy();
  await running.endpoint.close();
  await world.store.close();
});

const FunctionName = 'shop-dev-worker';

test('SDK v3 invokes in each type and sees function errors', async () => {
  const result = await client.send(
    new v3.InvokeCommand({ FunctionName, Payload: '{"n":1}', LogType: 'Tail' }),
  );
  expect(result).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST', LogResult: '' });
  expect(result.Payload?.transformToString()).toBe('{"got":{"n":1}}');
  const failure = await client.send(new v3.InvokeCommand({ FunctionName, Payload: '"fail"' }));
  expect(failure).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  const typed = (InvocationType: v3.InvocationType) =>
    client.send(new v3.InvokeCommand({ FunctionName, InvocationType }));
  expect((await typed('Event')).StatusCode).toBe(202);
  expect((await typed('DryRun')).StatusCode).toBe(204);
});

test('SDK v3 reads a response stream part by part', async () => {
  const before = world.answer;
  let goOn: () => void = () => {};
  const told = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  world.answer = async ({ response }) => {
    response?.begin('text/plain');
    await response?.take(Buffer.from('first'));
    await told;
    await response?.take(Buffer.from('last'));
    return failed;
  };
  const { EventStream, ExecutedVersion } = await client.send(
    new v3.InvokeWithResponseStreamCommand({ FunctionName, Payload: '{}', LogType: 'Tail' }),
  );
  const parts: (string | undefined)[] = [];
  for await (const { PayloadChunk, InvokeComplete } of EventStream ?? []) {
    if (PayloadChunk) parts.push(Buffer.from(PayloadChunk.Payload ?? []).toString());
    // The function writes its last part only now.
    goOn();
    if (InvokeComplete)
      parts.push(InvokeComplete.ErrorCode, InvokeComplete.ErrorDetails, InvokeComplete.LogResult);
  }
  world.answer = before;
  expect(ExecutedVersion).toBe('$LATEST');
  expect(parts).toEqual(['first', 'last', 'Error', '{"errorType":"Error","errorMessage":"no"}', '']);
});

test('SDK v3 recognises errors by class', async () => {
  const missing = client.send(new v3.InvokeCommand({ FunctionName: 'nobody' }));
  await expect(missing).rejects.toBeInstanceOf(v3.ResourceNotFoundException);
  await expect(missing).rejects.toMatchObject({
    message: 'Function not found: arn:aws:lambda:eu-west-1:000000000000:function:nobody',
  });
});

test('SDK v3 describes and lists', async () => {
  const { Configuration: found } = await client.send(new v3.GetFunctionCommand({ FunctionName }));
  expect(found).toMatchObject({ FunctionName, Timeout: 6, State: 'Active' });
  const { Functions: all } = await client.send(new v3.ListFunctionsCommand({}));
  expect(all?.map(({ FunctionName: name }) => name)).toEqual([FunctionName]);
  expect((await client.send(new v3.ListEventSourceMappingsCommand({}))).EventSourceMappings).toEqual([]);
  expect((await client.send(new v3.GetAccountSettingsCommand({}))).AccountUsage?.FunctionCount).toBe(1);
});

test('SDK v2 invokes', async () => {
  const old = new v2.Lambda({ region, credentials, endpoint: running.url });
  const result = await old.invoke({ FunctionName, Payload: '{"n":2}' }).promise();
  expect(result).toMatchObject({ StatusCode: 200, Payload: '{"got":{"n":2}}' });
  await expect(old.invoke({ FunctionName: 'nobody' }).promise()).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  });
});

await describeWithTool('awscli', 'awscli', (program) => {
  test('invokes into a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sls-local-cli-'));
    const file = join(folder, 'out.json');
    const { stdout } = await promisify(execFile)(
      program,
      [
        ...['--endpoint-url', running.url, '--region', region, '--output', 'json'],
        ...['lambda', 'invoke', '--function-name', FunctionName, '--payload', '{"n":3}', file],
      ],
      { env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_PAGER: '' } },
    );
    expect(JSON.parse(stdout)).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(readFileSync(file, 'utf8')).toBe('{"got":{"n":3}}');
    rmSync(folder, { recursive: true });
  });
});
