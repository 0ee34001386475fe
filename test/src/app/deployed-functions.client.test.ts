/** Functions deployed into a running session by the clients people use: SDK v3 and awscli. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as v3 from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import type { DevEvent } from '../../../src/model/events.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { zipOf } from '../../zip-file.ts';
import { answering, makeProject, openIn, packed, writeSource } from './deployed-session.ts';

const Role = 'arn:aws:iam::000000000000:role/any';
const settings = { Role, Runtime: 'nodejs22.x', Handler: 'index.handler' } as const;

async function invoke(client: v3.LambdaClient, FunctionName: string, Qualifier?: string) {
  const { Payload, ExecutedVersion, FunctionError } = await client.send(
    new v3.InvokeCommand({ FunctionName, Qualifier, Payload: '{"n":1}' }),
  );
  return { ExecutedVersion, FunctionError, answer: JSON.parse(Payload?.transformToString() ?? '') };
}

test('a created function runs, is changed, published, called by version and alias, survives a restart, and is deleted', async () => {
  const root = makeProject();
  const first = await openIn(root);
  const { client } = first;
  const FunctionName = 'made';
  const created = await client.send(
    new v3.CreateFunctionCommand({
      FunctionName,
      ...settings,
      Code: { ZipFile: answering('one') },
      Environment: { Variables: { GREETING: 'hi' } },
      Tags: { team: 'a' },
    }),
  );
  expect(created).toMatchObject({ State: 'Active', Version: '$LATEST', CodeSize: answering('one').length });
  await v3.waitUntilFunctionActiveV2({ client, maxWaitTime: 5 }, { FunctionName });
  expect((await invoke(client, FunctionName)).answer).toEqual({
    answer: 'one',
    event: { n: 1 },
    version: '$LATEST',
    arn: created.FunctionArn,
    greeting: 'hi',
  });

  const published = await client.send(new v3.PublishVersionCommand({ FunctionName }));
  expect(published).toMatchObject({ Version: '1', FunctionArn: `${created.FunctionArn}:1` });
  await client.send(new v3.UpdateFunctionCodeCommand({ FunctionName, ZipFile: answering('two') }));
  await client.send(
    new v3.UpdateFunctionConfigurationCommand({
      FunctionName,
      Environment: { Variables: { GREETING: 'ho' } },
    }),
  );
  await client.send(new v3.CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
  expect((await invoke(client, FunctionName)).answer).toMatchObject({ answer: 'two', greeting: 'ho' });
  expect(await invoke(client, FunctionName, '1')).toMatchObject({
    ExecutedVersion: '1',
    answer: { answer: 'one', greeting: 'hi', version: '1' },
  });
  expect(await invoke(client, FunctionName, 'live')).toMatchObject({
    ExecutedVersion: '1',
    answer: { answer: 'one', arn: `${created.FunctionArn}:live` },
  });
  const two = {
    name: 'index.js',
    text: 'exports.handler = async () => 1; exports.other = async () => "other"',
  };
  await client.send(new v3.UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipOf([two]) }));
  await invoke(client, FunctionName);
  await client.send(new v3.UpdateFunctionConfigurationCommand({ FunctionName, Handler: 'index.other' }));
  expect((await invoke(client, FunctionName)).answer).toBe('other');
  await client.send(new v3.UpdateFunctionConfigurationCommand({ FunctionName, Handler: 'index.handler' }));
  await client.send(new v3.UpdateFunctionCodeCommand({ FunctionName, ZipFile: answering('two') }));
  const before = await client.send(new v3.GetFunctionCommand({ FunctionName }));
  await first.session.close();

  const { client: later } = await openIn(root);
  const after = await later.send(new v3.GetFunctionCommand({ FunctionName }));
  expect(after.Configuration).toEqual(before.Configuration);
  expect(after.Tags).toEqual({ team: 'a' });
  const zip = await fetch(after.Code?.Location ?? '');
  expect(Buffer.from(await zip.arrayBuffer())).toEqual(answering('two'));
  expect((await invoke(later, FunctionName)).answer).toMatchObject({ answer: 'two', greeting: 'ho' });
  expect((await invoke(later, `${FunctionName}:live`)).answer).toMatchObject({ answer: 'one' });
  await later.send(new v3.DeleteFunctionCommand({ FunctionName }));
  await expect(invoke(later, FunctionName)).rejects.toBeInstanceOf(v3.ResourceNotFoundException);
});

test('a package deployed to a function of the project runs until its source changes', async () => {
  const root = makeProject();
  const { client, session } = await openIn(root);
  const hello = session.project().functions[0]?.name ?? '';
  expect((await invoke(client, hello)).answer).toBe('source');
  const before = await client.send(new v3.GetFunctionConfigurationCommand({ FunctionName: hello }));
  const { CodeSha256, RevisionId } = await client.send(
    new v3.UpdateFunctionCodeCommand({
      FunctionName: hello,
      ZipFile: packedAs('src/hello.js', 'exports.handler = async () => "package"'),
      Publish: true,
    }),
  );
  expect(CodeSha256).toHaveLength(44);
  expect(RevisionId).not.toBe(before.RevisionId);
  expect((await invoke(client, hello)).answer).toBe('package');

  const told = new Promise<void>((resolve) => {
    session.onEvent((event: DevEvent) => {
      if (event.type === 'notice' && event.message.includes('runs from its source again')) resolve();
    });
  });
  writeSource(root, 'edited');
  await told;
  expect((await invoke(client, hello)).answer).toBe('edited');
  expect(await invoke(client, hello, '1')).toMatchObject({ ExecutedVersion: '1', answer: 'package' });
});

test('a package deployed while the project file is loaded again stays in force', async () => {
  const root = makeProject();
  const { client, session, events } = await openIn(root);
  const hello = session.project().functions[0]?.name ?? '';
  const file = join(root, 'sls-local.config.yml');
  const text = readFileSync(file, 'utf8');
  for (let round = 0; round < 20; round++) {
    const answer = `package ${round}`;
    writeFileSync(file, `${text}# ${round}\n`);
    const ZipFile = packedAs('src/hello.js', `exports.handler = async () => "${answer}"`);
    await setTimeout(round);
    await client.send(new v3.UpdateFunctionCodeCommand({ FunctionName: hello, ZipFile, Publish: true }));
    expect((await invoke(client, hello)).answer).toBe(answer);
  }
  expect(events.some((event) => event.type === 'project' && event.reloaded)).toBe(true);
});

test('a restored snapshot takes back what was deployed since, and brings what was deleted', async () => {
  const { client, session } = await openIn(makeProject());
  const create = (FunctionName: string) =>
    client.send(
      new v3.CreateFunctionCommand({ FunctionName, ...settings, Code: { ZipFile: answering(FunctionName) } }),
    );
  await create('before');
  await session.state.save('one', { replace: false });
  await create('since');
  await client.send(new v3.DeleteFunctionCommand({ FunctionName: 'before' }));
  await session.state.restore('one');
  expect((await invoke(client, 'before')).answer).toMatchObject({ answer: 'before' });
  await expect(invoke(client, 'since')).rejects.toBeInstanceOf(v3.ResourceNotFoundException);
});

function packedAs(name: string, text: string): Buffer {
  return zipOf([{ name, text }]);
}

await describeWithTool('awscli', 'awscli', (program) => {
  test('creates, invokes and updates a function from zip files', async () => {
    const root = makeProject();
    const { url } = await openIn(root);
    const aws = async (...args: string[]) => {
      const { stdout } = await promisify(execFile)(
        program,
        ['--endpoint-url', url, '--region', 'us-east-1', '--output', 'json', 'lambda', ...args],
        { env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_PAGER: '' } },
      );
      return stdout === '' ? {} : JSON.parse(stdout);
    };
    const zip = join(root, 'x.zip');
    const out = join(root, 'out.json');
    const named = ['--function-name', 'cli'];
    writeFileSync(zip, packed('exports.handler = async () => "one"'));
    await aws(
      ...['create-function', ...named, '--runtime', 'nodejs22.x', '--handler', 'index.handler'],
      ...['--role', Role, '--zip-file', `fileb://${zip}`],
    );
    await aws('wait', 'function-active-v2', ...named);
    await aws('invoke', ...named, out);
    expect(readFileSync(out, 'utf8')).toBe('"one"');
    writeFileSync(zip, packed('exports.handler = async () => "two"'));
    await aws('update-function-code', ...named, '--zip-file', `fileb://${zip}`);
    await aws('wait', 'function-updated-v2', ...named);
    await aws('invoke', ...named, out);
    expect(readFileSync(out, 'utf8')).toBe('"two"');
    expect(await aws('list-versions-by-function', ...named)).toMatchObject({
      Versions: [{ Version: '$LATEST' }],
    });
    await aws('delete-function', ...named);
    expect((await aws('list-functions')).Functions).toHaveLength(1);
  });
});
