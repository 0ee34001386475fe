import { expect, test } from 'vitest';
import { ok } from '../world.ts';
import { creation, type Deploying, FUNCTIONS, startDeploying, zipText } from './deploying.ts';

/** A function with versions 1 and 2. */
async function published(): Promise<Deploying> {
  const deploying = await startDeploying();
  const { call } = deploying;
  await call('POST', FUNCTIONS, creation('made', { Publish: true }));
  await call('PUT', `${FUNCTIONS}/made/code`, { ZipFile: zipText('two'), Publish: true });
  return deploying;
}

const versionsOf = async ({ call }: Deploying, query = '') => {
  const { body } = await call('GET', `${FUNCTIONS}/made/versions${query}`);
  return { ...body, Versions: (body.Versions as { Version: string }[]).map(({ Version }) => Version) };
};

test('a version is what the function was, and is not published twice', async () => {
  const deploying = await published();
  const { call, project } = deploying;
  expect(await versionsOf(deploying)).toEqual({ Versions: ['$LATEST', '1', '2'] });
  expect((await call('POST', `${FUNCTIONS}/made/versions`, {})).body.Version).toBe('2');
  const one = await call('GET', `${FUNCTIONS}/made/configuration?Qualifier=1`);
  const two = await call('GET', `${FUNCTIONS}/made:2/configuration`);
  expect(one.body).toMatchObject({ Version: '1', FunctionArn: expect.stringMatching(/:made:1$/) });
  expect(one.body.CodeSha256).not.toBe(two.body.CodeSha256);
  expect(project().functions.map(({ id }) => id)).toEqual(['worker', 'made', 'made:1', 'made:2']);
});

test('versions and functions are listed in pages', async () => {
  const deploying = await published();
  expect(await versionsOf(deploying, '?MaxItems=2')).toEqual({ Versions: ['$LATEST', '1'], NextMarker: '1' });
  expect(await versionsOf(deploying, '?MaxItems=2&Marker=1')).toEqual({ Versions: ['2'] });
  const all = await deploying.call('GET', `${FUNCTIONS}?FunctionVersion=ALL`);
  expect(all.body.Functions).toHaveLength(4);
  expect((await deploying.call('GET', FUNCTIONS)).body.Functions).toHaveLength(2);
});

test('an alias leads to its version, in Invoke too', async () => {
  const { call, world } = await published();
  const aliases = `${FUNCTIONS}/made/aliases`;
  const made = await call('POST', aliases, { Name: 'live', FunctionVersion: '1', Description: 'd' });
  expect(made).toMatchObject({ status: 201, body: { Name: 'live', FunctionVersion: '1', Description: 'd' } });
  expect((await call('POST', aliases, { Name: 'live', FunctionVersion: '1' })).status).toBe(409);
  expect((await call('POST', aliases, { Name: 'x', FunctionVersion: '9' })).status).toBe(404);
  expect((await call('POST', aliases, { Name: '12', FunctionVersion: '1' })).code).toBe(
    'ValidationException',
  );
  await call('POST', `${FUNCTIONS}/made:live/invocations`, {});
  await call('PUT', `${aliases}/live`, { FunctionVersion: '2' });
  await call('POST', `${FUNCTIONS}/made/invocations?Qualifier=live`, {});
  expect(world.delivered.map(({ functionId, invokedArn }) => [functionId, invokedArn])).toEqual([
    ['made:1', 'arn:aws:lambda:eu-west-1:000000000000:function:made:live'],
    ['made:2', 'arn:aws:lambda:eu-west-1:000000000000:function:made:live'],
  ]);
  expect((await call('GET', aliases)).body.Aliases).toHaveLength(1);
  expect(await call('DELETE', `${FUNCTIONS}/made?Qualifier=2`)).toMatchObject({ status: 409 });
  expect((await call('DELETE', `${aliases}/live`)).status).toBe(204);
  expect((await call('GET', `${aliases}/live`)).status).toBe(404);
  expect(await call('POST', `${FUNCTIONS}/made:live/invocations`, {})).toMatchObject({
    status: 404,
    body: { Message: 'Function not found: arn:aws:lambda:eu-west-1:000000000000:function:made:live' },
  });
  expect((await call('DELETE', `${FUNCTIONS}/made?Qualifier=2`)).status).toBe(204);
});

test('an alias shares its traffic between two versions', async () => {
  const { call, world } = await published();
  const RoutingConfig = { AdditionalVersionWeights: { '2': 0.25 } };
  await call('POST', `${FUNCTIONS}/made/aliases`, { Name: 'live', FunctionVersion: '1', RoutingConfig });
  world.answer = () => ok();
  for (let n = 0; n < 200; n++) await call('POST', `${FUNCTIONS}/made:live/invocations`, {});
  const second = world.delivered.filter(({ functionId }) => functionId === 'made:2').length;
  expect(second).toBeGreaterThan(30);
  expect(second).toBeLessThan(75);
  const wrong = { AdditionalVersionWeights: { '1': 0.5 } };
  const answer = await call('PUT', `${FUNCTIONS}/made/aliases/live`, { RoutingConfig: wrong });
  expect(answer.code).toBe('InvalidParameterValueException');
});

test('a deleted function leaves no versions and no aliases to one of the same name', async () => {
  const deploying = await published();
  await deploying.call('DELETE', `${FUNCTIONS}/made`);
  await deploying.call('POST', FUNCTIONS, creation('made', { Publish: true }));
  expect(await versionsOf(deploying)).toEqual({ Versions: ['$LATEST', '1'] });
});

test('aliases a project has elsewhere mean the code there is', async () => {
  const { call, world } = await startDeploying();
  await call('POST', `${FUNCTIONS}/worker:live/invocations`, {});
  expect(world.delivered.map(({ functionId }) => functionId)).toEqual(['worker']);
});
