/** Who may call a route, as a sls-local.config says it. */
import { expect, test } from 'vitest';
import { nativeLoader } from '../../../../src/loaders/native/loader.ts';
import { loadWith } from '../temporary-project.ts';

const config = (http: string, more = '') => `
name: shop
functions:
  Auth: { handler: auth.handler }
  Get: { handler: get.handler, http: ${http} }
${more}`;

async function routeOf(http: string, more = '', files: Record<string, string> = {}) {
  const { project, said } = await loadWith(nativeLoader, {
    'sls-local.config.yml': config(http, more),
    ...files,
  });
  return { route: project.triggers[0], said };
}

const header = { from: 'header', name: 'Authorization' };

test('a function decides, of either kind of API', async () => {
  const more = `
authorizers:
  users: { function: Auth }
  tokens: { function: Auth, type: token, validation: 'x.*', identity: header.X-Token, cache: 0s }
  simple: { function: Auth, simple: true, identity: [header.A, query.b, context.identity.sourceIp], cache: 1m }
`;
  const users = { kind: 'lambda', name: 'users', functionId: 'Auth', type: 'request', cacheSeconds: 300 };
  const http = await routeOf('{ route: GET /a, authorizer: users }', more);
  expect(http.route).toMatchObject({
    authorizer: { ...users, identitySources: [header], payloadFormat: '2.0' },
  });
  const rest = await routeOf('{ route: GET /a, api: rest, authorizer: users }', more);
  expect(rest.route).toMatchObject({ authorizer: { ...users, identitySources: [header] } });
  const token = await routeOf('{ route: GET /a, api: rest, authorizer: tokens }', more);
  expect(token.route).toMatchObject({
    authorizer: {
      ...{ type: 'token', validation: 'x.*', cacheSeconds: 0 },
      identitySources: [{ from: 'header', name: 'X-Token' }],
    },
  });
  const simple = await routeOf('{ route: GET /a, authorizer: simple }', more);
  expect(simple.route).toMatchObject({
    authorizer: {
      ...{ simpleResponses: true, cacheSeconds: 60 },
      identitySources: [
        { from: 'header', name: 'A' },
        { from: 'query', name: 'b' },
        { from: 'context', name: 'identity.sourceIp' },
      ],
    },
  });
  expect([http, rest, token, simple].flatMap(({ said }) => said)).toEqual([]);
});

test('tokens decide, with keys in a file', async () => {
  const more = `
authorizers:
  jwt: { jwt: { issuer: https://issuer.example, audience: shop, keys: keys.json } }
  pool: { userPool: { arn: 'arn:aws:cognito-idp:eu-west-1:1:userpool/eu-west-1_a' } }
`;
  const files = { 'keys.json': '{"keys":[]}' };
  const jwt = await routeOf('{ route: GET /a, authorizer: { name: jwt, scopes: [read] } }', more, files);
  expect(jwt.route).toMatchObject({
    authorizer: {
      ...{ kind: 'jwt', identitySource: header, issuer: 'https://issuer.example' },
      ...{ audience: ['shop'], scopes: ['read'], keySet: expect.stringMatching(/\/keys\.json$/) },
    },
  });
  const pool = await routeOf('{ route: GET /a, api: rest, authorizer: pool }', more, files);
  expect(pool.route).toMatchObject({
    authorizer: {
      ...{ kind: 'user-pool', issuers: ['https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a'] },
    },
  });
  expect([...jwt.said, ...pool.said]).toEqual([]);
});

test('signatures and API keys', async () => {
  const iam = await routeOf('{ route: GET /a, authorizer: iam }');
  expect(iam.route).toMatchObject({ authorizer: { kind: 'iam' } });
  const keys = await routeOf('{ route: GET /a, api: rest, apiKey: true }', 'apiKeys: [one, two]');
  expect(keys.route).toMatchObject({ apiKeys: [{ value: 'one' }, { value: 'two' }] });
  const { project } = await loadWith(nativeLoader, {
    'sls-local.config.yml': 'name: a\nfunctions: { F: { handler: a.b, url: { authorizer: iam } } }\n',
  });
  expect(project.triggers).toMatchObject([{ kind: 'function-url', authorizer: { kind: 'iam' } }]);
});

test.each([
  ['{ route: GET /a, authorizer: usres }', /^error unknown-authorizer functions\.Get\.http:\d+ .*"usres"/],
  [
    '{ route: GET /a, authorizer: empty }',
    /^error invalid-value authorizers\.empty:\d+ .*no function, jwt or userPool/,
  ],
  [
    '{ route: GET /a, authorizer: pool }',
    /^error invalid-value authorizers\.pool:\d+ .*which only REST APIs have/,
  ],
  [
    '{ route: GET /a, api: rest, authorizer: jwt }',
    /^error invalid-value authorizers\.jwt:\d+ .*which only HTTP APIs have/,
  ],
  [
    '{ route: GET /a, authorizer: far }',
    /^warning not-emulated authorizers\.far:\d+ authorizer "far" is Nobody, which/,
  ],
  [
    '{ route: GET /a, authorizer: gone }',
    /^error invalid-value authorizers\.gone\.jwt\.keys:\d+ .*there is no file none\.json/,
  ],
])('%s is told', async (http, words) => {
  const { said } = await routeOf(
    http,
    `
authorizers:
  empty: {}
  far: { function: Nobody }
  jwt: { jwt: { issuer: a, audience: b } }
  gone: { jwt: { issuer: a, audience: [b], keys: none.json } }
  pool: { userPool: { arn: 'arn:aws:cognito-idp:eu-west-1:1:userpool/eu-west-1_a' } }
`,
  );
  expect(said).toEqual([expect.stringMatching(words)]);
});
