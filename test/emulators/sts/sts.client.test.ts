/** STS through the clients people use: SDK v3 and awscli. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as v3 from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sts } from '../../../emulators/sts/index.ts';
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
  const { api } = await sts.start({ ...world.context, clock: makeSystemClock() });
  running = await startTestEndpoint(() => (api ? [api] : []));
});
afterAll(async () => {
  expect(running.bugs).toEqual([]);
  await running.endpoint.close();
  await world.store.close();
});

const RoleArn = 'arn:aws:iam::123456789012:role/admin';
const token = `e30.${Buffer.from('{"sub":"s"}').toString('base64url')}.x`;

test('SDK v3 assumes a role and is who it says', async () => {
  const options = { endpoint: running.url, region: 'eu-west-1' };
  const client = new v3.STSClient({
    ...options,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { Credentials } = await client.send(
    new v3.AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', Tags: [{ Key: 'a', Value: 'b' }] }),
  );
  expect(Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
  const assumed = new v3.STSClient({
    ...options,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  });
  expect(await assumed.send(new v3.GetCallerIdentityCommand({}))).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:sts::123456789012:assumed-role/admin/me',
  });
  const web = new v3.AssumeRoleWithWebIdentityCommand({
    RoleArn,
    RoleSessionName: 'me',
    WebIdentityToken: token,
  });
  expect(await client.send(web)).toMatchObject({ SubjectFromWebIdentityToken: 's' });
  const bad = new v3.AssumeRoleWithWebIdentityCommand({
    RoleArn,
    RoleSessionName: 'me',
    WebIdentityToken: 'xxxx',
  });
  await expect(client.send(bad)).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
  assumed.destroy();
  client.destroy();
});

await describeWithTool('awscli', 'awscli', (program) => {
  const aws = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(
      program,
      ['sts', ...args, '--endpoint-url', running.url, '--region', 'eu-west-1', '--output', 'json'],
      { env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_PAGER: '' } },
    );
    return JSON.parse(stdout);
  };

  test('every operation', { timeout: MANY_CALLS_MS }, async () => {
    const session = ['--role-arn', RoleArn, '--role-session-name', 'me'];
    expect(await aws('get-caller-identity')).toMatchObject({ Account: '000000000000' });
    const { Credentials: credentials } = await aws('assume-role', ...session);
    expect(credentials.Expiration).toMatch(/^\d{4}-\d\d-\d\dT/);
    const web = await aws('assume-role-with-web-identity', ...session, '--web-identity-token', token);
    expect(web.AssumedRoleUser.Arn).toBe('arn:aws:sts::123456789012:assumed-role/admin/me');
    expect((await aws('get-session-token', '--duration-seconds', '900')).Credentials.AccessKeyId).toMatch(
      /^ASIA/,
    );
    expect((await aws('get-federation-token', '--name', 'Bob')).FederatedUser.Arn).toMatch(
      /federated-user\/Bob$/,
    );
    expect(await aws('get-access-key-info', '--access-key-id', credentials.AccessKeyId)).toEqual({
      Account: '123456789012',
    });
    await expect(aws('decode-authorization-message', '--encoded-message', 'x')).rejects.toThrow(
      'InvalidAuthorizationMessageException',
    );
    await expect(
      aws(
        'assume-role-with-saml',
        '--role-arn',
        RoleArn,
        '--principal-arn',
        RoleArn,
        '--saml-assertion',
        'xxxx',
      ),
    ).rejects.toThrow('InvalidAction');
  });
});
