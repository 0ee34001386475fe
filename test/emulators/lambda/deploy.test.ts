import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { zipOf } from '../../zip-file.ts';
import { creation, FUNCTIONS, ROLE, startDeploying, zipText } from './deploying.ts';

test('a created function is one of the session, with its code unpacked and its settings told', async () => {
  const { call, project } = await startDeploying();
  const { status, body } = await call(
    'POST',
    FUNCTIONS,
    creation('made', {
      Timeout: 7,
      MemorySize: 256,
      Environment: { Variables: { AB: 'c' } },
      Architectures: ['arm64'],
    }),
  );
  expect(status).toBe(201);
  expect(body).toMatchObject({
    FunctionName: 'made',
    FunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:made',
    Role: ROLE,
    Timeout: 7,
    MemorySize: 256,
    Architectures: ['arm64'],
    Environment: { Variables: { AB: 'c' } },
    State: 'Active',
    LastUpdateStatus: 'Successful',
    CodeSize: Buffer.from(zipText(), 'base64').length,
    RevisionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  const fn = project().functions.find(({ id }) => id === 'made');
  expect(fn).toMatchObject({ timeoutMs: 7000, memoryMb: 256, architecture: 'arm64', env: { AB: 'c' } });
  expect(readFileSync(join(fn?.codeRoot ?? '', 'index.js'), 'utf8')).toBe('exports.handler = 1');
  expect(await call('POST', FUNCTIONS, creation('made'))).toMatchObject({
    status: 409,
    code: 'ResourceConflictException',
    body: { Type: 'User', message: 'Function already exist: made' },
  });
});

const manyVariables = { Variables: { BIG: 'x'.repeat(4096) } };
test.each<[string, JsonObject, string, string]>([
  ['no role', { Role: null }, 'ValidationException', "Value null at 'role'"],
  ['a role that is no ARN', { Role: 'me' }, 'ValidationException', "Value 'me' at 'role'"],
  ['no runtime', { Runtime: null }, 'InvalidParameterValueException', 'Runtime and Handler are mandatory'],
  ['an unknown runtime', { Runtime: 'node' }, 'InvalidParameterValueException', 'Value node at'],
  ['too long a timeout', { Timeout: 901 }, 'ValidationException', 'less than or equal to 900'],
  ['too little memory', { MemorySize: 64 }, 'ValidationException', 'greater than or equal to 128'],
  [
    'a reserved variable',
    { Environment: { Variables: { AWS_REGION: 'x' } } },
    'InvalidParameterValueException',
    'AWS_REGION',
  ],
  ['a variable of a wrong name', { Environment: { Variables: { '1A': 'x' } } }, 'ValidationException', '1A'],
  ['too many variables', { Environment: manyVariables }, 'InvalidParameterValueException', '4KB limit'],
  ['another architecture', { Architectures: ['mips'] }, 'ValidationException', 'mips'],
  [
    'a layer that is not there',
    { Layers: ['arn:aws:lambda:eu-west-1:000000000000:layer:x:1'] },
    'InvalidParameterValueException',
    'layer:x:1',
  ],
  ['a name with a dot', { FunctionName: 'a.b' }, 'ValidationException', 'a.b'],
  ['no code', { Code: {} }, 'InvalidParameterValueException', 'provide a source'],
  ['an empty archive', { Code: { ZipFile: '' } }, 'InvalidParameterValueException', 'non-empty zip'],
  [
    'no archive',
    { Code: { ZipFile: Buffer.from('hello').toString('base64') } },
    'InvalidParameterValueException',
    'Could not unzip',
  ],
  [
    'an archive that leads outside',
    { Code: { ZipFile: zipText('', '../x') } },
    'InvalidParameterValueException',
    'Could not unzip',
  ],
  [
    'code in a bucket that is not there',
    { Code: { S3Bucket: 'none', S3Key: 'k' } },
    'InvalidParameterValueException',
    'S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist',
  ],
  [
    'code in an object that is not there',
    { Code: { S3Bucket: 'code', S3Key: 'k' } },
    'InvalidParameterValueException',
    'S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
  ],
  [
    'a bucket without a key',
    { Code: { S3Bucket: 'code' } },
    'InvalidParameterValueException',
    'provide a source',
  ],
  [
    'code in a bucket and in the request',
    { Code: { S3Bucket: 'code', S3Key: 'k', ZipFile: zipText() } },
    'InvalidParameterValueException',
    'do not provide other FunctionCode parameters',
  ],
  [
    'an image with a handler',
    { PackageType: 'Image', Code: { ImageUri: 'x' } },
    'InvalidParameterValueException',
    "don't provide handler or runtime or layer",
  ],
  [
    'an image that is not there',
    { PackageType: 'Image', Runtime: null, Handler: null, Code: { ImageUri: 'x:1' } },
    'InvalidParameterValueException',
    'Source image x:1 does not exist. Provide a valid source image.',
  ],
  [
    'an image without a name',
    { PackageType: 'Image', Runtime: null, Handler: null },
    'InvalidParameterValueException',
    'Please provide ImageUri when creating a function with packageType Image.',
  ],
  ['an image in a zip', { Code: { ImageUri: 'x:1' } }, 'InvalidParameterValueException', 'packageType Zip'],
  [
    'an entry point of a zip',
    { ImageConfig: { EntryPoint: ['x'] } },
    'InvalidParameterValueException',
    "Please don't provide ImageConfig",
  ],
  [
    'log levels in text',
    { LoggingConfig: { LogFormat: 'Text', SystemLogLevel: 'INFO' } },
    'InvalidParameterValueException',
    'JSON',
  ],
  ['a number as text', { Timeout: '3' }, 'SerializationException', 'Timeout'],
])('%s is refused as the service does, and nothing is made', async (_, change, code, message) => {
  const { call, project } = await startDeploying();
  const answer = await call('POST', FUNCTIONS, creation('made', change));
  expect(answer).toMatchObject({ code, body: { message: expect.stringContaining(message) } });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(project().functions).toHaveLength(1);
});

test('files of more than 250 MB are refused before any is written', async () => {
  const { call } = await startDeploying();
  const zip = zipOf([{ name: 'a', text: 'x' }]);
  // The size its list tells, of the one file there is.
  zip.writeUInt32LE(262_144_001, zip.indexOf(Buffer.from('PK\u0001\u0002')) + 24);
  const answer = await call(
    'POST',
    FUNCTIONS,
    creation('made', { Code: { ZipFile: zip.toString('base64') } }),
  );
  expect(answer.body.message).toBe('Unzipped size must be smaller than 262144000 bytes');
});

test('a change with an old RevisionId is refused', async () => {
  const { call } = await startDeploying();
  const { body } = await call('POST', FUNCTIONS, creation('made'));
  const change = { Description: 'new', RevisionId: body.RevisionId ?? '' };
  const path = `${FUNCTIONS}/made/configuration`;
  expect(await call('PUT', path, change)).toMatchObject({ status: 200, body: { Description: 'new' } });
  expect(await call('PUT', path, change)).toMatchObject({ status: 412, code: 'PreconditionFailedException' });
});

test('settings of a function of the project are changed for this session only', async () => {
  const { call, project } = await startDeploying();
  const { body } = await call('PUT', `${FUNCTIONS}/worker/configuration`, { Timeout: 20, MemorySize: 512 });
  expect(body).toMatchObject({ FunctionName: 'shop-dev-worker', Timeout: 20, MemorySize: 512 });
  expect(project().functions[0]).toMatchObject({ timeoutMs: 20_000, memoryMb: 512, codeRoot: '/srv/shop' });
  expect(await call('DELETE', `${FUNCTIONS}/worker`)).toMatchObject({ status: 501, code: 'NotEmulated' });
  expect(await call('POST', `${FUNCTIONS}/worker/versions`, {})).toMatchObject({ status: 409 });
});

test('a package for a function of the project stands in for its source', async () => {
  const { call, project, world } = await startDeploying();
  const { body } = await call('PUT', `${FUNCTIONS}/worker/code`, { ZipFile: zipText('x') });
  expect(body.CodeSize).toBe(Buffer.from(zipText('x'), 'base64').length);
  expect(project().functions[0]?.deployed?.insteadOf).toEqual({
    files: ['/srv/shop/worker.ts'],
    folders: [],
  });
  expect(existsSync(project().functions[0]?.codeRoot ?? '')).toBe(true);
  expect(world.notices).toEqual([expect.stringContaining('worker runs the package')]);
});

test('the package a function was made of is downloaded, until the function is deleted', async () => {
  const { call, world } = await startDeploying();
  await call('POST', FUNCTIONS, creation('made'));
  const { body } = await call('GET', `${FUNCTIONS}/made`);
  const { Location } = body.Code as { Location: string };
  expect(Buffer.from(await (await fetch(Location)).arrayBuffer()).toString('base64')).toBe(zipText());
  expect((await call('DELETE', `${FUNCTIONS}/made`)).status).toBe(204);
  expect((await fetch(Location)).status).toBe(404);
  expect(world.functions).toHaveLength(1);
});

test('functions that were deployed with what is not emulated say so', async () => {
  const { call, world } = await startDeploying();
  await call('POST', FUNCTIONS, creation('made', { VpcConfig: { SubnetIds: ['a'] }, FileSystemConfigs: [] }));
  expect(world.notices).toEqual(['made was deployed with VpcConfig: not emulated, without effect here']);
});

test('code is read from a bucket, of the newest version or the one that is named', async () => {
  const { call, upload, project } = await startDeploying();
  const codeNow = () => readFileSync(join(project().functions[1]?.codeRoot ?? '', 'index.js'), 'utf8');
  const old = await upload('made.zip', zipOf([{ name: 'index.js', text: 'exports.handler = "old"' }]));
  await upload('made.zip', zipOf([{ name: 'index.js', text: 'exports.handler = "new"' }]));
  const place = { S3Bucket: 'code', S3Key: 'made.zip' };
  const created = await call('POST', FUNCTIONS, creation('made', { Code: place }));
  expect(created).toMatchObject({ status: 201, body: { PackageType: 'Zip' } });
  expect(codeNow()).toBe('exports.handler = "new"');
  const updated = await call('PUT', `${FUNCTIONS}/made/code`, { ...place, S3ObjectVersion: old });
  expect(updated.status).toBe(200);
  expect(updated.body.CodeSha256).not.toBe(created.body.CodeSha256);
  expect(codeNow()).toBe('exports.handler = "old"');
  const wrong = await call('PUT', `${FUNCTIONS}/made/code`, { ...place, S3ObjectVersion: 'none' });
  expect(wrong.body.message).toContain('S3 Error Code: NoSuchVersion');
  expect(codeNow()).toBe('exports.handler = "old"');
});

test('two requests that make a function of one name from a bucket make one', async () => {
  const { call, upload } = await startDeploying();
  await upload('made.zip', zipOf([{ name: 'index.js', text: '1' }]));
  const make = () =>
    call('POST', FUNCTIONS, creation('made', { Code: { S3Bucket: 'code', S3Key: 'made.zip' } }));
  const statuses = (await Promise.all([make(), make()])).map(({ status }) => status);
  expect(statuses.sort()).toEqual([201, 409]);
});
