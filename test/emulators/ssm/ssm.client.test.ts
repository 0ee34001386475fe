/** Parameter Store through the clients people use: SDK v3 and awscli. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as v3 from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ssm } from '../../../emulators/ssm/index.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { type RunningEndpoint, startTestEndpoint } from '../_wire/running-endpoint.ts';
import { makeWorld, type World } from '../world.ts';

/** Each call of the command starts an interpreter. */
const MANY_CALLS_MS = 180_000;

let world: World;
let running: RunningEndpoint;
beforeAll(async () => {
  world = makeWorld();
  const { api } = await ssm.start({ ...world.context, clock: makeSystemClock() });
  running = await startTestEndpoint(() => (api ? [api] : []));
});
afterAll(async () => {
  expect(running.bugs).toEqual([]);
  await running.endpoint.close();
  await world.store.close();
});

test('SDK v3 puts and gets parameters, and reads pages', async () => {
  const client = new v3.SSMClient({
    ...{ endpoint: running.url, region: 'eu-west-1' },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const put = (Name: string) =>
    client.send(new v3.PutParameterCommand({ Name, Value: 'ü', Type: 'SecureString' }));
  for (let at = 0; at < 12; at++) await put(`/v3/p${at}`);
  const { Parameter: found } = await client.send(
    new v3.GetParameterCommand({ Name: '/v3/p1', WithDecryption: true }),
  );
  expect(found).toMatchObject({ Value: 'ü', Version: 1, LastModifiedDate: expect.any(Date) });
  const names: (string | undefined)[] = [];
  for await (const page of v3.paginateGetParametersByPath({ client }, { Path: '/v3' }))
    names.push(...(page.Parameters ?? []).map(({ Name }) => Name));
  expect(names).toHaveLength(12);
  await expect(put('/v3/p1')).rejects.toBeInstanceOf(v3.ParameterAlreadyExists);
  const none = client.send(new v3.GetParameterCommand({ Name: '/none' }));
  await expect(none).rejects.toBeInstanceOf(v3.ParameterNotFound);
  client.destroy();
});

await describeWithTool('awscli', 'awscli', (program) => {
  const aws = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(
      program,
      ['ssm', ...args, '--endpoint-url', running.url, '--region', 'eu-west-1', '--output', 'json'],
      { env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_PAGER: '' } },
    );
    return stdout === '' ? {} : JSON.parse(stdout);
  };

  test('every operation', { timeout: MANY_CALLS_MS }, async () => {
    const name = ['--name', '/cli/a'];
    await aws('put-parameter', ...name, '--type', 'String', '--value', '1', '--tags', 'Key=a,Value=b');
    const second = await aws('put-parameter', ...name, '--value', '2', '--overwrite');
    expect(second).toEqual({ Version: 2, Tier: 'Standard' });
    expect((await aws('get-parameter', ...name)).Parameter).toMatchObject({ Value: '2', Type: 'String' });
    const several = await aws('get-parameters', '--names', '/cli/a', '/cli/none');
    expect(several).toMatchObject({ Parameters: [{ Name: '/cli/a' }], InvalidParameters: ['/cli/none'] });
    expect((await aws('get-parameters-by-path', '--path', '/cli', '--recursive')).Parameters).toHaveLength(1);
    const version = [...name, '--parameter-version', '1', '--labels', 'old'];
    await aws('label-parameter-version', ...version);
    expect((await aws('get-parameter-history', ...name)).Parameters).toMatchObject([
      { Labels: ['old'] },
      { Labels: [] },
    ]);
    expect(await aws('unlabel-parameter-version', ...version)).toMatchObject({ RemovedLabels: ['old'] });
    const filter = ['--parameter-filters', 'Key=Name,Option=BeginsWith,Values=/cli'];
    expect((await aws('describe-parameters', ...filter)).Parameters).toHaveLength(1);
    const resource = ['--resource-type', 'Parameter', '--resource-id', '/cli/a'];
    await aws('add-tags-to-resource', ...resource, '--tags', 'Key=c,Value=d');
    await aws('remove-tags-from-resource', ...resource, '--tag-keys', 'a');
    expect(await aws('list-tags-for-resource', ...resource)).toEqual({ TagList: [{ Key: 'c', Value: 'd' }] });
    await aws('put-parameter', '--name', 'b', '--type', 'StringList', '--value', 'x,y');
    await aws('delete-parameter', '--name', 'b');
    expect(await aws('delete-parameters', '--names', '/cli/a', 'b')).toEqual({
      DeletedParameters: ['/cli/a'],
      InvalidParameters: ['b'],
    });
    await expect(aws('get-parameter', ...name)).rejects.toThrow('(ParameterNotFound)');
  });
});
