import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepPackages } from '../../../emulators/lambda/deployed/packages.ts';
import { openRecords } from '../../../emulators/lambda/deployed/records.ts';
import { zipOf } from '../../zip-file.ts';
import { creation, type Deploying, FUNCTIONS, startDeploying, zipText } from './deploying.ts';

const LAYERS = '/2018-10-31/layers';

const publish = ({ call }: Deploying, name: string, more = {}) =>
  call('POST', `${LAYERS}/${name}/versions`, { Content: { ZipFile: zipText(name, 'a.txt') }, ...more });

test('versions of a layer are counted on after one was deleted, the newest is listed first', async () => {
  const deploying = await startDeploying();
  const { call } = deploying;
  for (let n = 1; n <= 3; n++) await publish(deploying, 'one', { CompatibleRuntimes: ['nodejs22.x'] });
  expect((await call('DELETE', `${LAYERS}/one/versions/3`)).status).toBe(204);
  expect((await call('DELETE', `${LAYERS}/one/versions/3`)).status).toBe(204);
  expect((await publish(deploying, 'one')).body.Version).toBe(4);
  const arn = encodeURIComponent('arn:aws:lambda:eu-west-1:000000000000:layer:one');
  const { body } = await call('GET', `${LAYERS}/${arn}/versions`);
  expect((body.LayerVersions as { Version: number }[]).map(({ Version }) => Version)).toEqual([4, 2, 1]);
  const matching = await call('GET', `${LAYERS}?CompatibleRuntime=nodejs22.x`);
  expect(matching.body.Layers).toMatchObject([{ LayerName: 'one', LatestMatchingVersion: { Version: 2 } }]);
});

test.each([
  ['GET', `${LAYERS}/one/versions/9`, 'ResourceNotFoundException'],
  ['GET', `${LAYERS}/one/versions/x`, 'InvalidParameterValueException'],
  ['GET', `${LAYERS}?find=LayerVersion&Arn=arn:aws:lambda:x:1:layer:no:1`, 'ResourceNotFoundException'],
  ['GET', `${LAYERS}?find=LayerVersion`, 'ValidationException'],
])('%s %s is refused', async (method, path, code) => {
  const { call } = await startDeploying();
  expect((await call(method, path)).code).toBe(code);
});

test('a layer without content, or for an unknown architecture, is refused', async () => {
  const deploying = await startDeploying();
  expect((await publish(deploying, 'one', { Content: null })).code).toBe('ValidationException');
  expect((await publish(deploying, 'one', { Content: {} })).code).toBe('InvalidParameterValueException');
  expect((await publish(deploying, 'a.b')).code).toBe('ValidationException');
  const mips = await publish(deploying, 'one', { CompatibleArchitectures: ['mips'] });
  expect(mips.code).toBe('ValidationException');
});

test('the package of a deleted layer is kept while a function or a version has it, and then let go', async () => {
  const deploying = await startDeploying();
  const { call, world, project } = deploying;
  const { body } = await publish(deploying, 'one');
  await call('POST', FUNCTIONS, creation('made', { Layers: [String(body.LayerVersionArn)] }));
  const [folder = ''] = project().functions[1]?.layers ?? [];
  const records = openRecords(world.store);
  await call('DELETE', `${LAYERS}/one/versions/1`);
  expect(records.layers.has(['one', 1])).toBe(true);
  expect(existsSync(folder)).toBe(true);
  await call('DELETE', `${FUNCTIONS}/made`);
  expect(records.layers.has(['one', 1])).toBe(false);
  expect([...records.packages.keys()]).toEqual([]);
  sweepPackages(records, `${folder}/..`);
  expect(existsSync(folder)).toBe(false);
});

test('the content of a layer is read from a bucket', async () => {
  const deploying = await startDeploying();
  await deploying.upload('one.zip', zipOf([{ name: 'a.txt', text: 'of the bucket' }]));
  const { body } = await publish(deploying, 'one', { Content: { S3Bucket: 'code', S3Key: 'one.zip' } });
  await deploying.call('POST', FUNCTIONS, creation('made', { Layers: [String(body.LayerVersionArn)] }));
  const [folder = ''] = deploying.project().functions[1]?.layers ?? [];
  expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('of the bucket');
});

test('permissions of a layer version are kept and told, and guarded by their revision', async () => {
  const { call } = await startDeploying();
  await call('POST', `${LAYERS}/one/versions`, { Content: { ZipFile: zipText() } });
  const policy = `${LAYERS}/one/versions/1/policy`;
  expect(await call('GET', policy)).toMatchObject({ status: 404, code: 'ResourceNotFoundException' });
  const permission = { StatementId: 'all', Action: 'lambda:GetLayerVersion', Principal: '*' };
  const added = await call('POST', policy, { ...permission, OrganizationId: 'o-1' });
  expect(added.status).toBe(201);
  const statement = {
    Sid: 'all',
    Effect: 'Allow',
    Principal: '*',
    Action: 'lambda:GetLayerVersion',
    Resource: 'arn:aws:lambda:eu-west-1:000000000000:layer:one:1',
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
  };
  expect(JSON.parse(String(added.body.Statement))).toEqual(statement);
  expect((await call('POST', policy, permission)).code).toBe('ResourceConflictException');
  expect((await call('POST', policy, { ...permission, Action: 'lambda:*' })).code).toBe(
    'ValidationException',
  );
  const other = { ...permission, StatementId: 'us', Principal: '111122223333' };
  expect((await call('POST', `${policy}?RevisionId=x`, other)).status).toBe(412);
  expect((await call('POST', `${policy}?RevisionId=${added.body.RevisionId}`, other)).status).toBe(201);
  const { body } = await call('GET', policy);
  expect(JSON.parse(String(body.Policy)).Statement).toMatchObject([
    statement,
    { Sid: 'us', Principal: { AWS: 'arn:aws:iam::111122223333:root' } },
  ]);
  expect((await call('DELETE', `${policy}/none`)).status).toBe(404);
  for (const id of ['all', 'us']) expect((await call('DELETE', `${policy}/${id}`)).status).toBe(204);
  expect((await call('GET', policy)).status).toBe(404);
  expect((await call('GET', `${LAYERS}/one/versions/2/policy`)).status).toBe(404);
});
