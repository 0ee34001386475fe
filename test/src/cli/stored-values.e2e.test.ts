/** Secrets and parameters of a project reach its functions, and a function knows who it is: over the built command line. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, expect, test } from 'vitest';
import { ask, type Dev, startDev } from './session-under-test.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const TEMPLATE = `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Tell:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: tell
      Handler: index.handler
      Runtime: nodejs20.x
      CodeUri: src
      Environment:
        Variables:
          PASSWORD: !Sub '{{resolve:secretsmanager:\${Password}:SecretString:password}}'
          URL: '{{resolve:ssm:/shop/url}}'
          MISSING: '{{resolve:ssm:/none}}'
      Events: { Get: { Type: HttpApi, Properties: { Method: GET, Path: /tell } } }
  Url: { Type: AWS::SSM::Parameter, Properties: { Name: /shop/url, Type: String, Value: 'https://shop' } }
  Password:
    Type: AWS::SecretsManager::Secret
    Properties:
      Name: db
      GenerateSecretString: { SecretStringTemplate: '{"user":"u"}', GenerateStringKey: password, ExcludePunctuation: true }
`;

/** Without a trace header: whose call it is, the credentials alone tell. */
const SOURCE = `
const call = async (form, key) => {
  const response = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: 'AWS4-HMAC-SHA256 Credential=' + key + '/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: new URLSearchParams({ Version: '2011-06-15', ...form }),
  });
  return response.text();
};
exports.handler = async () => {
  const { PASSWORD, URL: url, MISSING, AWS_ACCESS_KEY_ID: own } = process.env;
  const me = await call({ Action: 'GetCallerIdentity' }, own);
  const role = { RoleArn: 'arn:aws:iam::123456789012:role/admin', RoleSessionName: 'me' };
  const assumed = await call({ Action: 'AssumeRole', ...role }, own);
  const key = /<AccessKeyId>(\\w+)</.exec(assumed)[1];
  const them = await call({ Action: 'GetCallerIdentity' }, key);
  const arn = (text) => /<Arn>([^<]+)</.exec(text)[1];
  return { PASSWORD, url, MISSING, me: arn(me), them: arn(them) };
};
`;

async function dev(): Promise<Dev> {
  const root = mkdtempSync(join(tmpdir(), 'sls-local-stored-'));
  cleanups.push(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'template.yaml'), TEMPLATE);
  writeFileSync(join(root, 'src/index.js'), SOURCE);
  const running = await startDev(root, ['--backend', 'process']);
  cleanups.push(() => running.stop('SIGKILL'));
  return running;
}

test('references in the environment have their values, and assumed roles are traced to the function', async () => {
  const running = await dev();
  const { body } = await ask(`${running.ready.http}/tell`);
  const client = new SecretsManagerClient({
    endpoint: running.ready.aws,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const { SecretString: secret } = await client.send(new GetSecretValueCommand({ SecretId: 'db' }));
  client.destroy();
  expect(body).toEqual({
    PASSWORD: JSON.parse(secret ?? '').password,
    url: 'https://shop',
    MISSING: '{{resolve:ssm:/none}}',
    me: 'arn:aws:sts::000000000000:assumed-role/tell-role/tell',
    them: 'arn:aws:sts::123456789012:assumed-role/admin/me',
  });
  const told = await running.ended(({ functionId }) => functionId === 'Tell');
  expect(told.calls.map(({ operation, target }) => [operation, target])).toEqual([
    ['GetCallerIdentity', undefined],
    ['AssumeRole', 'admin'],
    ['GetCallerIdentity', undefined],
  ]);
  await running.until(
    (event) => event.type === 'notice' && event.message.includes('{{resolve:ssm:/none}} has no value here'),
  );
  // What the project declares has its value before anything runs, and is not told of.
  const notices = running.events
    .filter(({ type }) => type === 'notice')
    .map((event) => JSON.stringify(event));
  expect(notices.filter((text) => text.includes('has no value here'))).toHaveLength(1);
});
