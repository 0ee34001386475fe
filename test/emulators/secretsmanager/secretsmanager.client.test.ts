/** Secrets Manager through the clients people use: SDK v3 and awscli. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as v3 from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { secretsmanager } from '../../../emulators/secretsmanager/index.ts';
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
  const { api } = await secretsmanager.start({ ...world.context, clock: makeSystemClock() });
  running = await startTestEndpoint(() => (api ? [api] : []));
});
afterAll(async () => {
  expect(running.bugs).toEqual([]);
  await running.endpoint.close();
  await world.store.close();
});

test('SDK v3 makes, reads and deletes secrets', async () => {
  const client = new v3.SecretsManagerClient({
    ...{ endpoint: running.url, region: 'eu-west-1' },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const Name = 'v3/bytes';
  const { ARN } = await client.send(
    new v3.CreateSecretCommand({ Name, SecretBinary: new Uint8Array([1, 2, 255]) }),
  );
  const found = await client.send(new v3.GetSecretValueCommand({ SecretId: ARN }));
  expect([...(found.SecretBinary ?? [])]).toEqual([1, 2, 255]);
  expect(found.CreatedDate).toBeInstanceOf(Date);
  await client.send(new v3.PutSecretValueCommand({ SecretId: Name, SecretString: 'text' }));
  expect(await client.send(new v3.GetSecretValueCommand({ SecretId: Name }))).toMatchObject({
    SecretString: 'text',
  });
  const batch = await client.send(new v3.BatchGetSecretValueCommand({ SecretIdList: [Name, 'none'] }));
  expect(batch).toMatchObject({
    SecretValues: [{ Name, SecretString: 'text' }],
    Errors: [{ SecretId: 'none', ErrorCode: 'ResourceNotFoundException' }],
  });
  const { DeletionDate } = await client.send(new v3.DeleteSecretCommand({ SecretId: Name }));
  expect(DeletionDate?.getTime()).toBeGreaterThan(Date.now() + 29 * 86_400_000);
  const deleted = client.send(new v3.GetSecretValueCommand({ SecretId: Name }));
  await expect(deleted).rejects.toBeInstanceOf(v3.InvalidRequestException);
  const none = client.send(new v3.GetSecretValueCommand({ SecretId: 'none' }));
  await expect(none).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });
  client.destroy();
});

await describeWithTool('awscli', 'awscli', (program) => {
  const aws = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(
      program,
      ['secretsmanager', ...args, '--endpoint-url', running.url, '--region', 'eu-west-1', '--output', 'json'],
      { env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_PAGER: '' } },
    );
    return stdout === '' ? {} : JSON.parse(stdout);
  };
  const id = ['--secret-id', 'cli'];

  test('values, versions and labels', { timeout: MANY_CALLS_MS }, async () => {
    const { VersionId: first } = await aws('create-secret', '--name', 'cli', '--secret-string', '1');
    const { VersionId: second } = await aws('put-secret-value', ...id, '--secret-string', '2');
    await aws('update-secret', ...id, '--description', 'D');
    expect(await aws('get-secret-value', ...id, '--version-stage', 'AWSPREVIOUS')).toMatchObject({
      SecretString: '1',
    });
    const move = [
      '--version-stage',
      'AWSCURRENT',
      '--move-to-version-id',
      first,
      '--remove-from-version-id',
      second,
    ];
    await aws('update-secret-version-stage', ...id, ...move);
    expect(await aws('get-secret-value', ...id)).toMatchObject({ SecretString: '1' });
    expect((await aws('list-secret-version-ids', ...id)).Versions).toHaveLength(2);
    expect((await aws('get-random-password', '--password-length', '8')).RandomPassword).toHaveLength(8);
    await expect(aws('rotate-secret', ...id)).rejects.toThrow('Rotation is not emulated');
    await expect(aws('cancel-rotate-secret', ...id)).rejects.toThrow('InvalidRequestException');
  });

  test('tags, policies, lists and deletion', { timeout: MANY_CALLS_MS }, async () => {
    await aws('tag-resource', ...id, '--tags', 'Key=a,Value=b', 'Key=c,Value=d');
    await aws('untag-resource', ...id, '--tag-keys', 'a');
    expect((await aws('describe-secret', ...id)).Tags).toEqual([{ Key: 'c', Value: 'd' }]);
    const policy = ['--resource-policy', '{"Version":"2012-10-17"}'];
    await aws('put-resource-policy', ...id, ...policy);
    expect(await aws('get-resource-policy', ...id)).toMatchObject({
      ResourcePolicy: '{"Version":"2012-10-17"}',
    });
    await aws('delete-resource-policy', ...id);
    expect(await aws('validate-resource-policy', ...policy)).toMatchObject({ PolicyValidationPassed: true });
    expect((await aws('list-secrets', '--filters', 'Key=name,Values=cli')).SecretList).toHaveLength(1);
    await aws('delete-secret', ...id, '--recovery-window-in-days', '7');
    await aws('restore-secret', ...id);
    await aws('delete-secret', ...id, '--force-delete-without-recovery');
    await expect(aws('describe-secret', ...id)).rejects.toThrow('(ResourceNotFoundException)');
  });
});
