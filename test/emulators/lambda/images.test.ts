import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { makeFunction } from '../world.ts';
import { creation, FUNCTIONS, startDeploying, zipText } from './deploying.ts';

const REPOSITORY = '000000000000.dkr.ecr.eu-west-1.amazonaws.com/made';
const URI = `${REPOSITORY}:latest`;
const hash = (digit: string) => digit.repeat(64);
const local = (digit: string) => ({ id: `sha256:${hash(digit)}`, digests: [], sizeBytes: 7 });

const creationOfImage = (more: JsonObject = {}) =>
  creation('made', { PackageType: 'Image', Runtime: null, Handler: null, Code: { ImageUri: URI }, ...more });

async function startWithImage(more: JsonObject = {}) {
  const deploying = await startDeploying();
  deploying.images.set(URI, local('1'));
  const created = await deploying.call('POST', FUNCTIONS, creationOfImage(more));
  const made = (id = 'made') => deploying.project().functions.find((fn) => fn.id === id);
  return { ...deploying, created, made };
}

test('a function from an image is told as the service tells it, without runtime, handler and layers', async () => {
  const { call, created, made } = await startWithImage({
    Timeout: 9,
    ImageConfig: { Command: ['app.main', 'x'], EntryPoint: [], WorkingDirectory: '/srv' },
  });
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({
    PackageType: 'Image',
    CodeSize: 0,
    CodeSha256: hash('1'),
    Timeout: 9,
    ImageConfigResponse: { ImageConfig: { Command: ['app.main', 'x'], WorkingDirectory: '/srv' } },
  });
  for (const absent of ['Runtime', 'Handler', 'Layers']) expect(created.body).not.toHaveProperty(absent);
  expect((await call('GET', `${FUNCTIONS}/made`)).body.Code).toEqual({
    RepositoryType: 'ECR',
    ImageUri: URI,
    ResolvedImageUri: `${REPOSITORY}@sha256:${hash('1')}`,
  });
  expect(made()).toMatchObject({
    image: `sha256:${hash('1')}`,
    handler: 'app.main',
    imageSettings: { command: ['app.main', 'x'], workingDirectory: '/srv' },
  });
});

test('a name is looked up anew when the code is updated, and a published version keeps what it was', async () => {
  const { call, images, made } = await startWithImage({ Publish: true });
  const digest = `${REPOSITORY}@sha256:${hash('d')}`;
  images.set(URI, { ...local('2'), digests: [`elsewhere/x@sha256:${hash('e')}`, digest] });
  expect(made()).toMatchObject({ image: `sha256:${hash('1')}` });
  const dry = await call('PUT', `${FUNCTIONS}/made/code`, { ImageUri: URI, DryRun: true });
  expect(dry.body).toMatchObject({ CodeSha256: hash('d') });
  expect(made()).toMatchObject({ image: `sha256:${hash('1')}` });
  await call('PUT', `${FUNCTIONS}/made/code`, { ImageUri: URI });
  expect(made()).toMatchObject({ image: `sha256:${hash('2')}` });
  expect(made('made:1')).toMatchObject({ image: `sha256:${hash('1')}` });
  const told = async (query = '') => (await call('GET', `${FUNCTIONS}/made${query}`)).body.Code;
  expect(await told()).toMatchObject({ ResolvedImageUri: digest });
  expect(await told('?Qualifier=1')).toMatchObject({ ResolvedImageUri: `${REPOSITORY}@sha256:${hash('1')}` });
});

test('settings of an image are changed and taken back, those of a package are refused', async () => {
  const { call, made } = await startWithImage();
  const change = (settings: JsonObject) => call('PUT', `${FUNCTIONS}/made/configuration`, settings);
  await change({ ImageConfig: { EntryPoint: ['/start'] } });
  expect(made()?.imageSettings).toEqual({ entryPoint: ['/start'] });
  const { body } = await change({ ImageConfig: {} });
  expect(body).not.toHaveProperty('ImageConfigResponse');
  expect(made()?.imageSettings).toEqual({});
  expect(await change({ Handler: 'x' })).toMatchObject({
    status: 400,
    code: 'InvalidParameterValueException',
  });
  expect(await call('PUT', `${FUNCTIONS}/made/code`, { ZipFile: zipText() })).toMatchObject({
    status: 400,
    body: { message: 'Please provide ImageUri when updating a function with packageType Image.' },
  });
});

test('an image deployed to a function of the project file runs in place of the one built from its Dockerfile', async () => {
  const own = makeFunction({
    image: 'sls-local-functions/worker',
    imageBuild: { context: '/srv/shop', dockerfile: 'Dockerfile', args: {} },
  });
  const { call, images, project } = await startDeploying([], [own]);
  const path = `${FUNCTIONS}/${own.name}`;
  expect((await call('GET', path)).body).toMatchObject({
    Configuration: { PackageType: 'Image' },
    Code: { RepositoryType: 'ECR', ImageUri: 'sls-local-functions/worker' },
  });
  images.set('mine', local('3'));
  expect((await call('PUT', `${path}/code`, { ImageUri: 'mine', Publish: true })).body).toMatchObject({
    CodeSha256: hash('3'),
    Version: '1',
  });
  expect(project().functions).toMatchObject([
    {
      image: `sha256:${hash('3')}`,
      deployed: { insteadOf: { files: ['/srv/shop/worker.ts'] }, image: { uri: 'mine' } },
    },
    { image: `sha256:${hash('3')}`, version: '1' },
  ]);
});
