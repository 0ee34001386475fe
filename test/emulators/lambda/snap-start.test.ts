import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { makeFunction } from '../world.ts';
import { creation, FUNCTIONS, startDeploying, zipText } from './deploying.ts';

const applied = { SnapStart: { ApplyOn: 'PublishedVersions' } };
const python = { Runtime: 'python3.12', ...applied };
const latest = { ApplyOn: 'PublishedVersions', OptimizationStatus: 'Off' };
const optimized = { ApplyOn: 'PublishedVersions', OptimizationStatus: 'On' };
const none = { ApplyOn: 'None', OptimizationStatus: 'Off' };

test('SnapStart is on for what is published, and off for the code there is', async () => {
  const { call, project } = await startDeploying();
  const { body } = await call('POST', FUNCTIONS, creation('made', { ...python, Publish: true }));
  expect(body).toMatchObject({ Version: '1', SnapStart: optimized });
  expect((await call('GET', `${FUNCTIONS}/made/configuration`)).body.SnapStart).toEqual(latest);
  expect((await call('GET', `${FUNCTIONS}/made`)).body.Configuration).toMatchObject({ SnapStart: latest });
  const { Versions } = (await call('GET', `${FUNCTIONS}/made/versions`)).body;
  expect(Versions).toMatchObject([{ SnapStart: latest }, { SnapStart: optimized }]);
  const made = project().functions.filter(({ name }) => name === 'made');
  expect(made.map(({ initializationType }) => initializationType)).toEqual([undefined, 'snap-start']);
});

test('it is set and taken back by a change of settings, which is content of a version', async () => {
  const { call } = await startDeploying();
  const { body } = await call('POST', FUNCTIONS, creation('made', { Runtime: 'java21', Publish: true }));
  expect(body.SnapStart).toEqual(none);
  const path = `${FUNCTIONS}/made/configuration`;
  expect((await call('PUT', path, applied)).body.SnapStart).toEqual(latest);
  expect((await call('PUT', path, { Timeout: 9 })).body.SnapStart).toEqual(latest);
  const second = await call('POST', `${FUNCTIONS}/made/versions`, {});
  expect(second.body).toMatchObject({ Version: '2', SnapStart: optimized });
  expect((await call('PUT', path, { SnapStart: { ApplyOn: 'None' } })).body.SnapStart).toEqual(none);
  expect((await call('GET', `${path}?Qualifier=1`)).body.SnapStart).toEqual(none);
  expect((await call('GET', `${path}?Qualifier=2`)).body.SnapStart).toEqual(optimized);
});

test('of a function of the project it stands for the code there is, until the session ends', async () => {
  const { call, project, startAgain } = await startDeploying(
    [],
    [
      makeFunction({ runtime: 'python3.13' }),
      makeFunction({
        id: 'quick',
        name: 'shop-dev-quick',
        runtime: 'dotnet8',
        initializationType: 'snap-start',
      }),
    ],
  );
  const types = () => project().functions.map(({ initializationType }) => initializationType);
  const listed = (await call('GET', FUNCTIONS)).body.Functions;
  expect(listed).toMatchObject([
    { FunctionName: 'shop-dev-quick', SnapStart: latest },
    { FunctionName: 'shop-dev-worker', SnapStart: none },
  ]);
  const set = await call('PUT', `${FUNCTIONS}/worker/configuration`, applied);
  expect(set.body.SnapStart).toEqual(latest);
  const taken = await call('PUT', `${FUNCTIONS}/quick/configuration`, { SnapStart: { ApplyOn: 'None' } });
  expect(taken.body.SnapStart).toEqual(none);
  expect(types()).toEqual(['snap-start', 'on-demand']);
  await call('PUT', `${FUNCTIONS}/worker/code`, { ZipFile: zipText('x') });
  const version = await call('POST', `${FUNCTIONS}/worker/versions`, {});
  expect(version.body.SnapStart).toEqual(optimized);
  await startAgain();
  expect(project().functions.find(({ id }) => id === 'worker')?.initializationType).toBeUndefined();
});

test.each(['nodejs22.x', 'ruby3.4', 'provided.al2023', 'python3.11', 'java8.al2'])(
  'a function in %s cannot have it',
  async (runtime) => {
    const { call } = await startDeploying();
    const refused = {
      status: 400,
      code: 'InvalidParameterValueException',
      body: { message: `${runtime} is not supported for SnapStart enabled functions.` },
    };
    const create = (name: string, more: JsonObject) => call('POST', FUNCTIONS, creation(name, more));
    expect(await create('made', { ...applied, Runtime: runtime })).toMatchObject(refused);
    await create('plain', { Runtime: runtime });
    expect(await call('PUT', `${FUNCTIONS}/plain/configuration`, applied)).toMatchObject(refused);
    await create('quick', python);
    expect(await call('PUT', `${FUNCTIONS}/quick/configuration`, { Runtime: runtime })).toMatchObject(
      refused,
    );
  },
);

test('a value that is not known is refused', async () => {
  const { call } = await startDeploying();
  const input = creation('made', { ...python, SnapStart: { ApplyOn: 'Always' } });
  expect(await call('POST', FUNCTIONS, input)).toMatchObject({
    status: 400,
    code: 'ValidationException',
    body: { message: expect.stringContaining("Value 'Always' at 'applyOn'") },
  });
});
