/** Every operation of the Lambda API that changes what a session runs, by SDK v3 and by awscli, and what comes of it. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as v3 from '@aws-sdk/client-lambda';
import * as sqs from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import type { DevEvent } from '../../../src/model/events.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { zipOf } from '../../zip-file.ts';
import { makeProject, openIn, packed, type TestSession } from './deployed-session.ts';

const EMPTY = 'name: shop\nfunctions: {}\n';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const Role = 'arn:aws:iam::000000000000:role/any';
const settings = { Role, Runtime: 'nodejs22.x', Handler: 'index.handler' } as const;
const FunctionName = 'made';

/** Answers its event, and writes it to the log. */
const ECHO = packed(
  'exports.handler = async (event) => { console.log("got " + JSON.stringify(event)); return event; };',
);

async function create(client: v3.LambdaClient, ZipFile = ECHO, more: Partial<v3.CreateFunctionRequest> = {}) {
  return client.send(new v3.CreateFunctionCommand({ FunctionName, ...settings, Code: { ZipFile }, ...more }));
}

async function invoke(client: v3.LambdaClient, name: string = FunctionName, event: unknown = {}) {
  const { Payload, ExecutedVersion } = await client.send(
    new v3.InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
  );
  return { version: ExecutedVersion, answer: JSON.parse(Payload?.transformToString() ?? '') };
}

/** Resolves with the first log line that holds the text. */
function logged({ session }: TestSession, text: string): Promise<void> {
  return new Promise((resolve) => {
    session.onEvent((event: DevEvent) => {
      if (event.type === 'log' && event.line.text.includes(text)) resolve();
    });
  });
}

function clientsOf({ url }: TestSession) {
  const place = { endpoint: url, region: 'us-east-1', credentials };
  const clients = { queues: new sqs.SQSClient(place), tables: new dynamodb.DynamoDBClient(place) };
  onTestFinished(() => {
    clients.queues.destroy();
    clients.tables.destroy();
  });
  return clients;
}

/** Each call of awscli takes a second of a busy machine, or three. */
const CLI_MS = 300_000;
const ARN = 'arn:aws:sqs:us-east-1:000000000000:jobs';

test('a queue mapping polls while it is enabled, in the next session too, until it is deleted', async () => {
  const root = makeProject(EMPTY);
  const first = await openIn(root);
  const { queues } = clientsOf(first);
  await create(first.client);
  const wanted = { FunctionName, EventSourceArn: ARN };
  await expect(first.client.send(new v3.CreateEventSourceMappingCommand(wanted))).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: expect.stringContaining('NonExistentQueue'),
  });
  const { QueueUrl } = await queues.send(new sqs.CreateQueueCommand({ QueueName: 'jobs' }));
  const { UUID, State } = await first.client.send(
    new v3.CreateEventSourceMappingCommand({ ...wanted, BatchSize: 2, Tags: { team: 'a' } }),
  );
  expect(State).toBe('Creating');
  const send = (MessageBody: string) => queues.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody }));
  const one = logged(first, 'one');
  await send('one');
  await one;
  await expect(first.client.send(new v3.CreateEventSourceMappingCommand(wanted))).rejects.toMatchObject({
    name: 'ResourceConflictException',
    message: expect.stringContaining(UUID ?? ''),
  });
  const disabled = await first.client.send(
    new v3.UpdateEventSourceMappingCommand({ UUID, Enabled: false, BatchSize: 5 }),
  );
  expect(disabled).toMatchObject({ State: 'Disabling', BatchSize: 5 });
  await send('two');
  await first.session.close();

  const second = await openIn(root);
  const { client } = second;
  expect(await client.send(new v3.GetEventSourceMappingCommand({ UUID }))).toMatchObject({
    State: 'Disabled',
    BatchSize: 5,
    EventSourceArn: ARN,
    FunctionArn: expect.stringMatching(/:function:made$/),
  });
  const two = logged(second, 'two');
  await client.send(new v3.UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  await two;
  const mappings = () => client.send(new v3.ListEventSourceMappingsCommand({ FunctionName }));
  expect((await mappings()).EventSourceMappings).toMatchObject([{ UUID, State: 'Enabled' }]);
  await client.send(new v3.DeleteEventSourceMappingCommand({ UUID }));
  expect((await mappings()).EventSourceMappings).toEqual([]);
  await expect(client.send(new v3.GetEventSourceMappingCommand({ UUID }))).rejects.toBeInstanceOf(
    v3.ResourceNotFoundException,
  );
});

test('a table mapping of an alias calls the version the alias means', async () => {
  const session = await openIn(makeProject(EMPTY));
  const { client } = session;
  const { tables } = clientsOf(session);
  const said = (text: string) =>
    packed(`exports.handler = async () => { console.log(${JSON.stringify(text)}); };`);
  await create(client, said('version one'), { Publish: true });
  await client.send(
    new v3.UpdateFunctionCodeCommand({ FunctionName, ZipFile: said('version two'), Publish: true }),
  );
  await client.send(new v3.CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
  const { TableDescription } = await tables.send(
    new dynamodb.CreateTableCommand({
      TableName: 'orders',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  const made = await client.send(
    new v3.CreateEventSourceMappingCommand({
      FunctionName: `${FunctionName}:live`,
      EventSourceArn: TableDescription?.LatestStreamArn,
      StartingPosition: 'LATEST',
    }),
  );
  expect(made.FunctionArn).toMatch(/:made:live$/);
  const put = (id: string) =>
    tables.send(new dynamodb.PutItemCommand({ TableName: 'orders', Item: { id: { S: id } } }));
  const one = logged(session, 'version one');
  await put('a');
  await one;
  const two = logged(session, 'version two');
  await client.send(new v3.UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '2' }));
  await put('b');
  await two;
});

test('a function URL answers until it is deleted, an alias has one of its own', async () => {
  const root = makeProject(EMPTY);
  const first = await openIn(root);
  const { client } = first;
  await create(client, packed('exports.handler = async () => "one";'), { Publish: true });
  await client.send(new v3.CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
  await client.send(
    new v3.UpdateFunctionCodeCommand({
      FunctionName,
      ZipFile: packed('exports.handler = async () => "two";'),
    }),
  );
  const made = await client.send(
    new v3.CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE', Cors: { AllowOrigins: ['*'] } }),
  );
  const live = await client.send(
    new v3.CreateFunctionUrlConfigCommand({ FunctionName, Qualifier: 'live', AuthType: 'NONE' }),
  );
  const get = async (url = '') => (await fetch(url)).text();
  expect([await get(made.FunctionUrl), await get(live.FunctionUrl)]).toEqual(['two', 'one']);
  const updated = await client.send(
    new v3.UpdateFunctionUrlConfigCommand({ FunctionName, InvokeMode: 'RESPONSE_STREAM' }),
  );
  expect(updated).toMatchObject({ InvokeMode: 'RESPONSE_STREAM', Cors: { AllowOrigins: ['*'] } });
  await first.session.close();

  const { client: later } = await openIn(root);
  const { FunctionUrlConfigs } = await later.send(new v3.ListFunctionUrlConfigsCommand({ FunctionName }));
  expect(FunctionUrlConfigs).toHaveLength(2);
  const { FunctionUrl, InvokeMode } = await later.send(new v3.GetFunctionUrlConfigCommand({ FunctionName }));
  expect(InvokeMode).toBe('RESPONSE_STREAM');
  expect(await get(FunctionUrl)).toBe('"two"');
  await later.send(new v3.DeleteFunctionUrlConfigCommand({ FunctionName }));
  expect((await fetch(FunctionUrl ?? '')).status).toBe(404);
  await expect(later.send(new v3.GetFunctionUrlConfigCommand({ FunctionName }))).rejects.toBeInstanceOf(
    v3.ResourceNotFoundException,
  );
});

test('a layer is at /opt of the functions that have it, also after it was deleted', async () => {
  const { client } = await openIn(makeProject(EMPTY));
  const layer = (text: string) =>
    zipOf([{ name: 'nodejs/node_modules/said/index.js', text: `module.exports = ${JSON.stringify(text)}` }]);
  const publish = (text: string) =>
    client.send(
      new v3.PublishLayerVersionCommand({
        LayerName: 'said',
        Content: { ZipFile: layer(text) },
        CompatibleRuntimes: ['nodejs22.x'],
      }),
    );
  const one = await publish('one');
  expect(one).toMatchObject({ Version: 1, LayerVersionArn: `${one.LayerArn}:1` });
  await create(client, packed('const said = require("said"); exports.handler = async () => said;'), {
    Layers: [one.LayerVersionArn ?? ''],
  });
  expect((await invoke(client)).answer).toBe('one');
  const two = await publish('two');
  const Arn = two.LayerVersionArn ?? '';
  const changed = await client.send(
    new v3.UpdateFunctionConfigurationCommand({ FunctionName, Layers: [Arn] }),
  );
  expect(changed.Layers).toEqual([{ Arn, CodeSize: layer('two').length }]);
  expect((await invoke(client)).answer).toBe('two');
  const named = { LayerName: 'said', VersionNumber: 2 };
  const got = await client.send(new v3.GetLayerVersionCommand(named));
  expect(await client.send(new v3.GetLayerVersionByArnCommand({ Arn }))).toMatchObject({
    LayerVersionArn: got.LayerVersionArn,
  });
  const zip = await fetch(got.Content?.Location ?? '');
  expect(Buffer.from(await zip.arrayBuffer())).toEqual(layer('two'));
  await client.send(new v3.DeleteLayerVersionCommand(named));
  await expect(client.send(new v3.GetLayerVersionCommand(named))).rejects.toBeInstanceOf(
    v3.ResourceNotFoundException,
  );
  const { LayerVersions } = await client.send(new v3.ListLayerVersionsCommand({ LayerName: 'said' }));
  expect(LayerVersions?.map(({ Version }) => Version)).toEqual([1]);
  expect((await client.send(new v3.ListLayersCommand({}))).Layers).toMatchObject([
    { LayerName: 'said', LatestMatchingVersion: { Version: 1 } },
  ]);
  await client.send(new v3.UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 256 }));
  expect((await invoke(client)).answer).toBe('two');
  await expect(
    client.send(new v3.UpdateFunctionConfigurationCommand({ FunctionName, Layers: [Arn] })),
  ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
});

test('reserved concurrency is kept to', async () => {
  const { client, url } = await openIn(makeProject(EMPTY));
  const impatient = new v3.LambdaClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => impatient.destroy());
  await create(client);
  const put = (ReservedConcurrentExecutions: number) =>
    client.send(new v3.PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
  await put(0);
  await expect(impatient.send(new v3.InvokeCommand({ FunctionName }))).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  });
  const { Concurrency } = await client.send(new v3.GetFunctionCommand({ FunctionName }));
  expect(Concurrency).toEqual({ ReservedConcurrentExecutions: 0 });
  await expect(put(901)).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  await client.send(new v3.DeleteFunctionConcurrencyCommand({ FunctionName }));
  expect((await invoke(client)).answer).toEqual({});
  const { ReservedConcurrentExecutions } = await client.send(
    new v3.GetFunctionConcurrencyCommand({ FunctionName }),
  );
  expect(ReservedConcurrentExecutions).toBeUndefined();
});

test('provisioned instances are up before the first event, and know it', async () => {
  const session = await openIn(makeProject(EMPTY));
  const { client } = session;
  await create(client, packed('exports.handler = async () => process.env.AWS_LAMBDA_INITIALIZATION_TYPE;'), {
    Publish: true,
  });
  const ready = new Promise<void>((resolve) => {
    let up = 0;
    session.session.onEvent((event: DevEvent) => {
      if (
        event.type === 'instance' &&
        event.functionId === 'made:1' &&
        event.status === 'ready' &&
        ++up === 2
      )
        resolve();
    });
  });
  const config = { FunctionName, Qualifier: '1' };
  const put = await client.send(
    new v3.PutProvisionedConcurrencyConfigCommand({ ...config, ProvisionedConcurrentExecutions: 2 }),
  );
  expect(put.RequestedProvisionedConcurrentExecutions).toBe(2);
  await ready;
  expect(await client.send(new v3.GetProvisionedConcurrencyConfigCommand(config))).toMatchObject({
    Status: 'READY',
    AvailableProvisionedConcurrentExecutions: 2,
  });
  expect(await invoke(client, `${FunctionName}:1`)).toEqual({
    version: '1',
    answer: 'provisioned-concurrency',
  });
  const listed = await client.send(new v3.ListProvisionedConcurrencyConfigsCommand({ FunctionName }));
  expect(listed.ProvisionedConcurrencyConfigs).toMatchObject([
    { FunctionArn: expect.stringMatching(/:made:1$/) },
  ]);
  await client.send(new v3.DeleteProvisionedConcurrencyConfigCommand(config));
  await expect(client.send(new v3.GetProvisionedConcurrencyConfigCommand(config))).rejects.toBeInstanceOf(
    v3.ProvisionedConcurrencyConfigNotFoundException,
  );
});

test('an event invoke config decides what becomes of failed events', async () => {
  const session = await openIn(makeProject(EMPTY));
  const { client } = session;
  const { queues } = clientsOf(session);
  const { QueueUrl } = await queues.send(new sqs.CreateQueueCommand({ QueueName: 'jobs' }));
  await create(client, packed('exports.handler = async () => { throw new Error("no"); };'));
  const put = await client.send(
    new v3.PutFunctionEventInvokeConfigCommand({
      FunctionName,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: ARN } },
    }),
  );
  expect(put.LastModified).toBeInstanceOf(Date);
  await client.send(new v3.InvokeCommand({ FunctionName, InvocationType: 'Event' }));
  const { Messages } = await queues.send(new sqs.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }));
  expect(JSON.parse(Messages?.[0]?.Body ?? '')).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
  });
  const updated = await client.send(
    new v3.UpdateFunctionEventInvokeConfigCommand({ FunctionName, MaximumEventAgeInSeconds: 60 }),
  );
  expect(updated).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
  expect(await client.send(new v3.GetFunctionEventInvokeConfigCommand({ FunctionName }))).toMatchObject({
    DestinationConfig: { OnFailure: { Destination: ARN } },
  });
  const listed = await client.send(new v3.ListFunctionEventInvokeConfigsCommand({ FunctionName }));
  expect(listed.FunctionEventInvokeConfigs).toHaveLength(1);
  await client.send(new v3.DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
  await expect(
    client.send(new v3.GetFunctionEventInvokeConfigCommand({ FunctionName })),
  ).rejects.toBeInstanceOf(v3.ResourceNotFoundException);
});

test('tags, permissions and settings without effect are kept and told', async () => {
  const { client } = await openIn(makeProject(EMPTY));
  const { FunctionArn: Resource } = await create(client, ECHO, { Tags: { a: '1', b: '2' } });
  await client.send(new v3.TagResourceCommand({ Resource, Tags: { c: '3' } }));
  await client.send(new v3.UntagResourceCommand({ Resource, TagKeys: ['a'] }));
  expect((await client.send(new v3.ListTagsCommand({ Resource }))).Tags).toEqual({ b: '2', c: '3' });

  const permission = {
    FunctionName,
    StatementId: 's3',
    Action: 'lambda:InvokeFunction',
    Principal: 's3.amazonaws.com',
    SourceArn: 'arn:aws:s3:::bucket',
  };
  await client.send(new v3.AddPermissionCommand(permission));
  await expect(client.send(new v3.AddPermissionCommand(permission))).rejects.toBeInstanceOf(
    v3.ResourceConflictException,
  );
  const { Policy, RevisionId } = await client.send(new v3.GetPolicyCommand({ FunctionName }));
  expect(JSON.parse(Policy ?? '')).toMatchObject({
    Statement: [
      {
        Sid: 's3',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Resource,
        Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::bucket' } },
      },
    ],
  });
  const remove = { FunctionName, StatementId: 's3' };
  await expect(
    client.send(new v3.RemovePermissionCommand({ ...remove, RevisionId: 'other' })),
  ).rejects.toBeInstanceOf(v3.PreconditionFailedException);
  await client.send(new v3.RemovePermissionCommand({ ...remove, RevisionId }));
  await expect(client.send(new v3.GetPolicyCommand({ FunctionName }))).rejects.toBeInstanceOf(
    v3.ResourceNotFoundException,
  );

  await client.send(
    new v3.PutRuntimeManagementConfigCommand({ FunctionName, UpdateRuntimeOn: 'FunctionUpdate' }),
  );
  const runtime = await client.send(new v3.GetRuntimeManagementConfigCommand({ FunctionName }));
  expect(runtime.UpdateRuntimeOn).toBe('FunctionUpdate');
  await client.send(new v3.PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: 'Allow' }));
  const recursion = await client.send(new v3.GetFunctionRecursionConfigCommand({ FunctionName }));
  expect(recursion.RecursiveLoop).toBe('Allow');
  expect(await client.send(new v3.GetFunctionCodeSigningConfigCommand({ FunctionName }))).toMatchObject({
    FunctionName,
  });
  const account = await client.send(new v3.GetAccountSettingsCommand({}));
  expect(account.AccountUsage).toEqual({ FunctionCount: 1, TotalCodeSize: ECHO.length });
});

await describeWithTool('awscli', 'awscli', (program) => {
  const made = '--function-name made';

  async function openWithCli() {
    const root = makeProject(EMPTY);
    const session = await openIn(root);
    const zip = join(root, 'x.zip');
    writeFileSync(zip, ECHO);
    const env = { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_PAGER: '' };
    const aws = async (line: string) => {
      const words = ['--endpoint-url', session.url, '--region', 'us-east-1', '--output', 'json'];
      const { stdout } = await promisify(execFile)(program, [...words, ...line.split(' ')], { env });
      return stdout === '' ? {} : JSON.parse(stdout);
    };
    const created = await aws(
      `lambda create-function ${made} --runtime nodejs22.x --handler index.handler --role ${Role} --zip-file fileb://${zip} --publish`,
    );
    return { session, zip, aws, arn: String(created.FunctionArn).replace(/:1$/, '') };
  }

  test(
    'the way of a user: an empty project, a function from a zip, a version, an alias, a queue',
    async () => {
      const { session, aws } = await openWithCli();
      await aws(`lambda wait function-active-v2 ${made}`);
      await aws(`lambda wait published-version-active ${made} --qualifier 1`);
      await aws(`lambda update-function-configuration ${made} --timeout 9 --environment Variables={AB=c}`);
      await aws(`lambda wait function-updated-v2 ${made}`);
      expect(await aws(`lambda publish-version ${made}`)).toMatchObject({ Version: '2', Timeout: 9 });
      await aws(
        `lambda create-alias ${made} --name live --function-version 1 --routing-config AdditionalVersionWeights={2=0.5}`,
      );
      expect(await aws(`lambda get-alias ${made} --name live`)).toMatchObject({
        RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } },
      });
      await aws('sqs create-queue --queue-name jobs');
      const { UUID } = await aws(`lambda create-event-source-mapping ${made} --event-source-arn ${ARN}`);
      const got = logged(session, 'hello');
      await aws(`sqs send-message --queue-url ${session.url}/000000000000/jobs --message-body hello`);
      await got;
      await aws(`lambda update-event-source-mapping --uuid ${UUID} --no-enabled`);
      expect(await aws(`lambda get-event-source-mapping --uuid ${UUID}`)).toMatchObject({
        State: 'Disabled',
      });
      await aws(`lambda delete-event-source-mapping --uuid ${UUID}`);
      expect((await aws('lambda list-event-source-mappings')).EventSourceMappings).toEqual([]);
      await aws(`lambda delete-function ${made}`);
      expect((await aws('lambda list-functions')).Functions).toEqual([]);
    },
    CLI_MS,
  );

  test(
    'the other operations are understood as awscli sends them',
    async () => {
      const { aws, arn, zip } = await openWithCli();
      for (const line of [
        `get-function-configuration ${made}`,
        `list-versions-by-function ${made}`,
        `create-alias ${made} --name live --function-version 1`,
        `update-alias ${made} --name live --description d`,
        `list-aliases ${made}`,
        `put-function-event-invoke-config ${made} --maximum-retry-attempts 1`,
        `update-function-event-invoke-config ${made} --maximum-event-age-in-seconds 60`,
        `get-function-event-invoke-config ${made}`,
        `list-function-event-invoke-configs ${made}`,
        `delete-function-event-invoke-config ${made}`,
        `create-function-url-config ${made} --auth-type NONE`,
        `update-function-url-config ${made} --cors AllowOrigins=*`,
        `get-function-url-config ${made}`,
        `list-function-url-configs ${made}`,
        `delete-function-url-config ${made}`,
        `publish-layer-version --layer-name l --zip-file fileb://${zip}`,
        `get-layer-version --layer-name l --version-number 1`,
        `get-layer-version-by-arn --arn arn:aws:lambda:us-east-1:000000000000:layer:l:1`,
        `list-layer-versions --layer-name l`,
        'list-layers',
        `delete-layer-version --layer-name l --version-number 1`,
        `put-function-concurrency ${made} --reserved-concurrent-executions 5`,
        `get-function-concurrency ${made}`,
        `put-provisioned-concurrency-config ${made} --qualifier 1 --provisioned-concurrent-executions 1`,
        `get-provisioned-concurrency-config ${made} --qualifier 1`,
        `list-provisioned-concurrency-configs ${made}`,
        `delete-provisioned-concurrency-config ${made} --qualifier 1`,
        `delete-function-concurrency ${made}`,
        `tag-resource --resource ${arn} --tags a=b`,
        `list-tags --resource ${arn}`,
        `untag-resource --resource ${arn} --tag-keys a`,
        `add-permission ${made} --statement-id x --action lambda:InvokeFunction --principal sns.amazonaws.com`,
        `get-policy ${made}`,
        `remove-permission ${made} --statement-id x`,
        `delete-alias ${made} --name live`,
        'get-account-settings',
      ])
        await aws(`lambda ${line}`);
      expect(await aws(`lambda get-function ${made}`)).toMatchObject({ Tags: {} });
    },
    CLI_MS,
  );
});
