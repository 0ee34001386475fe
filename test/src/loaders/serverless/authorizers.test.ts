/** Who may call a route, as a serverless.yml says it. */
import { expect, test } from 'vitest';
import { serverlessLoader } from '../../../../src/loaders/serverless/loader.ts';
import { loadWith } from '../temporary-project.ts';

/** `events` are indented by six. */
async function routesOf(events: string, more = '', provider = '', files: Record<string, string> = {}) {
  const yaml = `service: shop
provider:
  name: aws
  runtime: nodejs20.x
${provider}
functions:
  auth: { handler: auth.handler }
  fn:
    handler: a.b
    events:
${events}
${more}`;
  const { project, said } = await loadWith(serverlessLoader, { 'serverless.yml': yaml, ...files });
  const routes = Object.fromEntries(
    project.triggers.flatMap((trigger) =>
      trigger.kind === 'rest-api' || trigger.kind === 'http-api' ? [[trigger.path, trigger]] : [],
    ),
  );
  return { routes, said };
}

const header = { from: 'header', name: 'Authorization' };
const token = {
  ...{ kind: 'lambda', name: 'auth', functionId: 'auth', type: 'token' },
  ...{ identitySources: [header], cacheSeconds: 300 },
};

test('the forms of an http event', async () => {
  const { routes, said } = await routesOf(
    `
      - http: { path: name, method: get, authorizer: auth }
      - http: { path: map, method: get, authorizer: { name: auth, type: request, resultTtlInSeconds: 5, identitySource: 'method.request.header.A, method.request.querystring.b' } }
      - http: { path: validated, method: get, authorizer: { name: auth, identityValidationExpression: 'x.*', identitySource: method.request.header.X } }
      - http: { path: arn, method: get, authorizer: 'arn:aws:lambda:us-east-1:000000000000:function:shop-dev-auth' }
      - http: { path: own, method: get, authorizer: { arn: { Fn::GetAtt: [AuthLambdaFunction, Arn] }, name: mine, resultTtlInSeconds: 0, type: REQUEST } }
      - http: { path: far, method: get, authorizer: 'arn:aws:lambda:us-east-1:123456789012:function:elsewhere' }
      - http: { path: iam, method: get, authorizer: aws_iam }
      - http: { path: iam-map, method: get, authorizer: { type: aws_iam } }
      - http: { path: pool, method: get, authorizer: { arn: 'arn:aws:cognito-idp:us-east-1:123:userpool/us-east-1_abc', scopes: [shop/read], claims: [email] } }
      - http: { path: made-pool, method: get, authorizer: { name: people, type: COGNITO_USER_POOLS, arn: { Fn::GetAtt: [Pool, Arn] } } }
      - http: { path: by-id, method: get, authorizer: { type: CUSTOM, authorizerId: { Ref: Declared } } }
      - http: { path: typo, method: get, authorizer: outh }
      - http: { path: open, method: get }
`,
    `resources:
  Resources:
    Pool: { Type: AWS::Cognito::UserPool }
    Declared: { Type: AWS::ApiGateway::Authorizer, Properties: { Name: declared, Type: TOKEN, IdentitySource: method.request.header.T, AuthorizerUri: { Fn::GetAtt: [AuthLambdaFunction, Arn] } } }
`,
  );
  expect(routes['/name']?.authorizer).toEqual(token);
  expect(routes['/map']?.authorizer).toEqual({
    ...{ ...token, type: 'request', cacheSeconds: 5 },
    identitySources: [
      { from: 'header', name: 'A' },
      { from: 'query', name: 'b' },
    ],
  });
  expect(routes['/validated']?.authorizer).toMatchObject({
    identitySources: [{ from: 'header', name: 'X' }],
    validation: 'x.*',
  });
  expect(routes['/arn']?.authorizer).toEqual({ ...token, name: 'shop-dev-auth' });
  expect(routes['/own']?.authorizer).toEqual({
    ...{ ...token, name: 'mine', type: 'request', cacheSeconds: 0, identitySources: [] },
  });
  expect(routes['/far']?.authorizer).toMatchObject({ kind: 'foreign', name: 'elsewhere' });
  expect(routes['/iam']?.authorizer).toEqual({ kind: 'iam' });
  expect(routes['/iam-map']?.authorizer).toEqual({ kind: 'iam' });
  expect(routes['/pool']?.authorizer).toEqual({
    ...{ kind: 'user-pool', name: 'us-east-1_abc', identitySource: header, scopes: ['shop/read'] },
    issuers: ['https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc'],
  });
  expect(routes['/made-pool']?.authorizer).toMatchObject({ kind: 'user-pool', name: 'people', issuers: [] });
  expect(routes['/by-id']?.authorizer).toMatchObject({
    ...{ ...token, name: 'declared' },
    identitySources: [{ from: 'header', name: 'T' }],
  });
  expect(routes['/typo']?.authorizer).toMatchObject({ kind: 'foreign' });
  expect(routes['/open']).not.toHaveProperty('authorizer');
  expect(said.filter((line) => !line.includes('Cognito'))).toEqual([
    expect.stringMatching(/^error unknown-function functions\.fn\.events\[11]\.http\.authorizer:23 .*"outh"/),
    expect.stringMatching(
      /^warning not-emulated functions\.fn\.events\[5]\.http\.authorizer:17 .*elsewhere, which is/,
    ),
  ]);
});

test('the authorizers of provider.httpApi', async () => {
  const { routes, said } = await routesOf(
    `
      - httpApi: { path: /jwt, method: get, authorizer: users }
      - httpApi: { path: /scopes, method: get, authorizer: { name: users, scopes: [read, write] } }
      - httpApi: { path: /fn, method: get, authorizer: { name: custom } }
      - httpApi: { path: /v1, method: get, authorizer: { name: old } }
      - httpApi: { path: /iam, method: get, authorizer: { type: aws_iam } }
      - httpApi: { path: /by-id, method: get, authorizer: { id: { Ref: Declared }, scopes: [a] } }
      - httpApi: { path: /typo, method: get, authorizer: { name: user } }
      - httpApi: { path: /open, method: get }
`,
    `resources:
  Resources:
    Declared: { Type: AWS::ApiGatewayV2::Authorizer, Properties: { Name: declared, AuthorizerType: JWT, IdentitySource: [$request.header.Authorization], JwtConfiguration: { Issuer: https://two.example, Audience: [b] } } }
`,
    `  httpApi:
    authorizers:
      users: { identitySource: $request.header.Authorization, issuerUrl: https://issuer.example, audience: [shop] }
      custom: { type: request, functionName: auth, resultTtlInSeconds: 9, enableSimpleResponses: true, identitySource: [$request.header.A, $context.routeKey] }
      old: { type: request, functionArn: { Fn::GetAtt: [AuthLambdaFunction, Arn] }, payloadVersion: '1.0' }`,
  );
  const users = {
    ...{
      kind: 'jwt',
      name: 'users',
      identitySource: header,
      issuer: 'https://issuer.example',
      audience: ['shop'],
    },
  };
  expect(routes['/jwt']?.authorizer).toEqual({ ...users, scopes: [] });
  expect(routes['/scopes']?.authorizer).toEqual({ ...users, scopes: ['read', 'write'] });
  expect(routes['/fn']?.authorizer).toEqual({
    ...{ kind: 'lambda', name: 'custom', functionId: 'auth', type: 'request', cacheSeconds: 9 },
    identitySources: [
      { from: 'header', name: 'A' },
      { from: 'context', name: 'routeKey' },
    ],
    ...{ payloadFormat: '2.0', simpleResponses: true },
  });
  expect(routes['/v1']?.authorizer).toEqual({
    ...{ kind: 'lambda', name: 'old', functionId: 'auth', type: 'request', cacheSeconds: 0 },
    ...{ identitySources: [], payloadFormat: '1.0' },
  });
  expect(routes['/iam']?.authorizer).toEqual({ kind: 'iam' });
  expect(routes['/by-id']?.authorizer).toMatchObject({
    ...{ kind: 'jwt', name: 'declared', issuer: 'https://two.example', scopes: ['a'] },
  });
  expect(routes['/typo']?.authorizer).toMatchObject({ kind: 'foreign', name: 'user' });
  expect(routes['/open']).not.toHaveProperty('authorizer');
  expect(said).toEqual([
    expect.stringMatching(
      /^error unknown-authorizer functions\.fn\.events\[6]\.httpApi\.authorizer:22 .*"user"/,
    ),
  ]);
});

test('private routes take the keys that have a value, wherever they are written', async () => {
  const { routes, said } = await routesOf(
    `
      - http: { path: a, method: get, private: true }
      - http: { path: b, method: get }
`,
    `resources:
  Resources:
    Key: { Type: AWS::ApiGateway::ApiKey, Properties: { Name: third, Value: three } }
`,
    `  apiGateway:
    apiKeys:
      - nameless
      - { name: first, value: one }
      - { name: off, value: zero, enabled: false }
      - free: [plain, { name: second, value: two }]`,
  );
  const id = expect.stringMatching(/^\w{10}$/);
  expect(routes['/a']).toMatchObject({
    apiKeys: [
      { id, name: 'first', value: 'one' },
      { id, name: 'second', value: 'two' },
      { id, name: 'third', value: 'three' },
    ],
  });
  expect(routes['/b']).not.toHaveProperty('apiKeys');
  expect(said).toEqual([]);
});

test('keys that authorizers hand over are not asked for, nor are policies, and that is told', async () => {
  const { routes, said } = await routesOf(
    '      - http: { path: a, method: get, private: true }',
    '',
    '  apiGateway: { apiKeySourceType: AUTHORIZER, resourcePolicy: [{ Effect: Deny }] }',
  );
  expect(routes['/a']).not.toHaveProperty('apiKeys');
  expect(said).toEqual([
    expect.stringMatching(/^warning not-emulated provider\.apiGateway\.resourcePolicy:5 /),
    expect.stringMatching(/^warning not-emulated provider\.apiGateway\.apiKeySourceType:5 /),
  ]);
});

test('key sets are named by issuer', async () => {
  const { routes, said } = await routesOf(
    '      - httpApi: { path: /jwt, method: get, authorizer: users }',
    "custom: { sls-local: { keySets: { 'https://issuer.example': keys.json } } }\n",
    '  httpApi: { authorizers: { users: { issuerUrl: https://issuer.example/, audience: shop } } }',
    { 'keys.json': '{"keys":[]}' },
  );
  expect(routes['/jwt']?.authorizer).toMatchObject({ keySet: expect.stringMatching(/\/keys\.json$/) });
  expect(said).toEqual([]);
});
