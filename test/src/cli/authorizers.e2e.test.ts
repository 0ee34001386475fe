/** An authorizer in front of routes: over the built command line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, type Dev, runCli, startDev } from './session-under-test.ts';

const PROJECT = `service: guarded
provider:
  name: aws
  runtime: nodejs20.x
  httpApi: { authorizers: { simple: { type: request, functionName: simple, enableSimpleResponses: true, identitySource: $request.header.Authorization } } }
functions:
  auth: { handler: auth.token }
  simple: { handler: auth.simple }
  who:
    handler: who.handler
    events:
      - http: { path: who, method: get, authorizer: auth }
      - httpApi: { path: /v2/who, method: get, authorizer: { name: simple } }
      - http: { path: key, method: get, private: true }
`;
const auth = (effect: string) => `
exports.token = async ({ authorizationToken, methodArn }) => {
  if (authorizationToken === 'nobody') throw new Error('Unauthorized');
  return {
    principalId: authorizationToken,
    policyDocument: { Version: '2012-10-17', Statement: [{ Effect: '${effect}', Action: 'execute-api:Invoke', Resource: methodArn }] },
    context: { level: 3 },
  };
};
exports.simple = async ({ identitySource }) => ({ isAuthorized: identitySource[0] === 'ann', context: { level: 3 } });
`;
const WHO = `exports.handler = async ({ requestContext }) => ({ statusCode: 200, body: JSON.stringify(requestContext.authorizer ?? null) });`;

const folder = mkdtempSync(join(tmpdir(), 'sls-local-e2e-'));
let running: Dev;

beforeAll(async () => {
  writeFileSync(join(folder, 'serverless.yml'), PROJECT);
  writeFileSync(join(folder, 'auth.js'), auth('Allow'));
  writeFileSync(join(folder, 'who.js'), WHO);
  running = await startDev(folder, ['--backend', 'process']);
});
afterAll(async () => {
  await running?.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}) =>
  ask(`${running.ready.http}${path}`, { headers });

test('decides, tells the function of the caller, and is a child of the request', async () => {
  expect(await get('/who')).toMatchObject({ status: 401, body: { message: 'Unauthorized' } });
  expect((await get('/who', { authorization: 'nobody' })).status).toBe(401);
  expect(await get('/who', { authorization: 'ann' })).toMatchObject({
    status: 200,
    body: { principalId: 'ann', level: '3' },
  });
  expect(await get('/v2/who', { authorization: 'ann' })).toMatchObject({ body: { lambda: { level: 3 } } });
  expect((await get('/v2/who', { authorization: 'bob' })).status).toBe(403);
  expect((await get('/key')).status).toBe(403);

  const asked = await running.ended(
    ({ cause, outcome }) => cause.kind === 'authorizer' && outcome?.status === 'ok',
  );
  const ran = await running.ended(({ functionId }) => functionId === 'who');
  expect(asked).toMatchObject({ functionId: 'auth', traceId: ran.traceId, parentId: ran.spanId });
  const { stdout } = await runCli(['traces', ran.id, '-C', folder]);
  expect(stdout).toMatch(/who .*GET \/who.*\n└ auth .*← authorizer auth/);
  const listed = await runCli(['traces', '--cause', 'authorizer', '--function', 'auth', '-C', folder]);
  expect(listed.stdout).toMatch(/auth +Error .*authorizer auth of GET \/who/);
});

test('a replay keeps what the authorizer said', async () => {
  const ran = await running.ended(({ functionId }) => functionId === 'who');
  const { stdout, code } = await runCli(['replay', ran.id, '-C', folder]);
  expect(code).toBe(0);
  expect(JSON.parse(JSON.parse(stdout).body)).toMatchObject({ principalId: 'ann', level: '3' });
});

test('what was decided goes with the code that decided it', async () => {
  const before = running.events.length;
  const rebuilt = running.until(
    (event) =>
      event.type === 'build' &&
      event.status === 'ok' &&
      event.functionId === 'auth' &&
      running.events.indexOf(event) >= before,
  );
  writeFileSync(join(folder, 'auth.js'), auth('Deny'));
  await rebuilt;
  expect(await get('/who', { authorization: 'ann' })).toMatchObject({
    status: 403,
    body: { Message: 'User is not authorized to access this resource with an explicit deny' },
  });
});

test('check says what guards a route', async () => {
  const { stdout } = await runCli(['check', '-C', folder]);
  expect(stdout).toMatch(/GET +\/who → who \(authorizer auth\)/);
  expect(stdout).toMatch(/GET +\/key → who \(API key\)/);
  expect(stdout).not.toContain('warning');
});
