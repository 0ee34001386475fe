/** Who may call a route, in SAM, CloudFormation and OpenAPI. */
import { describe, expect, test } from 'vitest';
import { loadTemplate } from './project-on-disk.ts';

const fn = (name: string, more = '') =>
  `  ${name}: { Type: AWS::Serverless::Function, Properties: { CodeUri: src, Handler: app.handler, Runtime: nodejs22.x${more} } }`;

async function authorizersOf(template: string) {
  const { project, lines } = await loadTemplate(template);
  const byPath = Object.fromEntries(
    project.triggers.flatMap((trigger) =>
      trigger.kind === 'rest-api' || trigger.kind === 'http-api' ? [[trigger.path, trigger]] : [],
    ),
  );
  // That there are no pools here is another story.
  return { byPath, lines: lines.filter((line) => !line.includes('AWS::Cognito')), project };
}

const bearer = { from: 'header', name: 'Authorization' };

describe('SAM', () => {
  test('a REST API with all kinds of authorizers, a default, and events that say otherwise', async () => {
    const { byPath, lines } = await authorizersOf(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Variables: { color: red }
      Cors: "'*'"
      Auth:
        DefaultAuthorizer: Tokens
        ApiKeyRequired: true
        Authorizers:
          Tokens: { FunctionArn: !GetAtt Auth.Arn, Identity: { Header: X-Token, ValidationExpression: '[a-z]+', ReauthorizeEvery: 20 } }
          Requests:
            FunctionPayloadType: REQUEST
            FunctionArn: !GetAtt Auth.Arn
            Identity: { Headers: [A, B], QueryStrings: [q], StageVariables: [color], Context: [identity.sourceIp], ReauthorizeEvery: 0 }
          Pool: { UserPoolArn: arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc, AuthorizationScopes: [shop/read] }
          Far: { FunctionArn: arn:aws:lambda:eu-west-1:123456789012:function:elsewhere }
  Key: { Type: AWS::ApiGateway::ApiKey, Properties: { Name: first, Value: secret, Enabled: true } }
  Unnamed: { Type: AWS::ApiGateway::ApiKey, Properties: { Enabled: true } }
${fn('Auth')}
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: app.handler
      Runtime: nodejs22.x
      Events:
        A: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /default, Method: get } }
        B: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /none, Method: get, Auth: { Authorizer: NONE, ApiKeyRequired: false } } }
        C: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /request, Method: get, Auth: { Authorizer: Requests } } }
        D: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /pool, Method: get, Auth: { Authorizer: Pool } } }
        E: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /scopes, Method: get, Auth: { Authorizer: Pool, AuthorizationScopes: [shop/write] } } }
        F: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /iam, Method: get, Auth: { Authorizer: AWS_IAM } } }
        G: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /far, Method: get, Auth: { Authorizer: Far } } }
        H: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /typo, Method: get, Auth: { Authorizer: Token } } }
`);
    const tokens = {
      ...{ kind: 'lambda', name: 'Tokens', functionId: 'Auth', type: 'token', cacheSeconds: 20 },
      identitySources: [{ from: 'header', name: 'X-Token' }],
      validation: '[a-z]+',
    };
    const key = { name: 'first', value: 'secret', id: expect.stringMatching(/^\w{10}$/) };
    expect(byPath['/default']).toMatchObject({
      authorizer: tokens,
      apiKeys: [key],
      preflightGuard: { authorizer: tokens, apiKeys: [key] },
      stageVariables: { color: 'red' },
    });
    expect(byPath['/none']).not.toHaveProperty('authorizer');
    expect(byPath['/none']).not.toHaveProperty('apiKeys');
    expect(byPath['/none']).toMatchObject({ preflightGuard: { authorizer: tokens } });
    expect(byPath['/request']?.authorizer).toEqual({
      ...{ kind: 'lambda', name: 'Requests', functionId: 'Auth', type: 'request', cacheSeconds: 0 },
      identitySources: [
        { from: 'header', name: 'A' },
        { from: 'header', name: 'B' },
        { from: 'query', name: 'q' },
        { from: 'stage-variable', name: 'color' },
        { from: 'context', name: 'identity.sourceIp' },
      ],
    });
    const pool = {
      ...{ kind: 'user-pool', name: 'Pool', identitySource: bearer },
      issuers: ['https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc'],
    };
    expect(byPath['/pool']?.authorizer).toEqual({ ...pool, scopes: ['shop/read'] });
    expect(byPath['/scopes']?.authorizer).toEqual({ ...pool, scopes: ['shop/write'] });
    expect(byPath['/iam']?.authorizer).toEqual({ kind: 'iam' });
    expect(byPath['/far']?.authorizer).toMatchObject({ kind: 'foreign', name: 'Far' });
    expect(byPath['/typo']?.authorizer).toMatchObject({ kind: 'foreign', name: 'Token' });
    expect(lines).toEqual([
      expect.stringMatching(
        /^warning not-emulated @20: authorizer "Far" is arn:aws:lambda:\S+:elsewhere, which/,
      ),
      expect.stringMatching(
        /^warning unknown-authorizer @38: "H" names the authorizer "Token", which its API/,
      ),
    ]);
  });

  test('preflights are open where it is said so, and without a default', async () => {
    const template = (auth: string) => `
Transform: AWS::Serverless-2016-10-31
Globals: { Api: { Cors: "'*'", Auth: ${auth} } }
Resources:
${fn('Auth')}
${fn('F', ', Events: { A: { Type: Api, Properties: { Path: /a, Method: get } } }')}
`;
    const one = await authorizersOf(
      template('{ DefaultAuthorizer: AWS_IAM, AddDefaultAuthorizerToCorsPreflight: false }'),
    );
    expect(one.byPath['/a']).toMatchObject({ authorizer: { kind: 'iam' } });
    expect(one.byPath['/a']).not.toHaveProperty('preflightGuard');
    const two = await authorizersOf(template('{ Authorizers: { A: { FunctionArn: !GetAtt Auth.Arn } } }'));
    expect(two.byPath['/a']).not.toHaveProperty('authorizer');
    expect(two.byPath['/a']).not.toHaveProperty('preflightGuard');
  });

  test('an HTTP API with a function and tokens; a pool made here has no id to check', async () => {
    const { byPath, lines } = await authorizersOf(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Pool: { Type: AWS::Cognito::UserPool }
  Client: { Type: AWS::Cognito::UserPoolClient, Properties: { UserPoolId: !Ref Pool } }
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      StageVariables: { color: blue }
      Auth:
        DefaultAuthorizer: Tokens
        Authorizers:
          Tokens: { IdentitySource: $request.querystring.token, JwtConfiguration: { issuer: https://issuer.example, audience: [shop] }, AuthorizationScopes: [read] }
          Own: { IdentitySource: $request.header.Authorization, JwtConfiguration: { issuer: !Sub 'https://cognito-idp.\${AWS::Region}.amazonaws.com/\${Pool}', audience: [!Ref Client] } }
          Fn: { FunctionArn: !GetAtt Auth.Arn, AuthorizerPayloadFormatVersion: 2.0, EnableSimpleResponses: true, Identity: { Headers: [Authorization] } }
          Old: { FunctionArn: !GetAtt Auth.Arn, AuthorizerPayloadFormatVersion: 1.0 }
${fn('Auth')}
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: app.handler
      Runtime: nodejs22.x
      Events:
        A: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /default, Method: get } }
        B: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /none, Method: get, Auth: { Authorizer: NONE } } }
        C: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /own, Method: get, Auth: { Authorizer: Own, AuthorizationScopes: [write] } } }
        D: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /fn, Method: get, Auth: { Authorizer: Fn } } }
        E: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /old, Method: get, Auth: { Authorizer: Old } } }
`);
    expect(byPath['/default']).toMatchObject({
      authorizer: {
        ...{ kind: 'jwt', name: 'Tokens', identitySource: { from: 'query', name: 'token' } },
        ...{ issuer: 'https://issuer.example', audience: ['shop'], scopes: ['read'] },
      },
      stageVariables: { color: 'blue' },
    });
    expect(byPath['/none']).not.toHaveProperty('authorizer');
    expect(byPath['/own']?.authorizer).toEqual({
      ...{ kind: 'jwt', name: 'Own', identitySource: bearer, audience: [], scopes: ['write'] },
    });
    const lambda = { kind: 'lambda', functionId: 'Auth', type: 'request' };
    expect(byPath['/fn']?.authorizer).toEqual({
      ...{ ...lambda, name: 'Fn', identitySources: [bearer], cacheSeconds: 300 },
      ...{ payloadFormat: '2.0', simpleResponses: true },
    });
    expect(byPath['/old']?.authorizer).toEqual({
      ...{ ...lambda, name: 'Old', identitySources: [], cacheSeconds: 0, payloadFormat: '1.0' },
    });
    expect(lines).toEqual([]);
  });

  test('key sets are named by issuer', async () => {
    const { project, lines } = await loadTemplate(
      `
Transform: AWS::Serverless-2016-10-31
Metadata: { sls-local: { keySets: { 'https://issuer.example/': keys.json, 'https://gone.example': none.json } } }
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth: { DefaultAuthorizer: T, Authorizers: { T: { JwtConfiguration: { issuer: https://issuer.example, audience: [a] } } } }
${fn('F', ', Events: { A: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /a, Method: get } } }')}
`,
      { 'keys.json': '{"keys":[]}' },
    );
    expect(project.triggers).toMatchObject([
      { authorizer: { keySet: expect.stringMatching(/\/keys\.json$/) } },
    ]);
    expect(lines).toEqual([expect.stringMatching(/^error invalid-value @3: .*there is no file none\.json/)]);
  });

  test('keys that authorizers hand over are not asked for, and that is told', async () => {
    const { byPath, lines } = await authorizersOf(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: { Type: AWS::Serverless::Api, Properties: { StageName: v1, ApiKeySourceType: AUTHORIZER, Auth: { ApiKeyRequired: true } } }
${fn('F', ', Events: { A: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /a, Method: get } } }')}
`);
    expect(byPath['/a']).not.toHaveProperty('apiKeys');
    expect(lines).toEqual([
      expect.stringMatching(/^warning not-emulated @4: API keys that the authorizers of "Api"/),
    ]);
  });

  test('resource policies are told of', async () => {
    const { lines } = await authorizersOf(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: { Type: AWS::Serverless::Api, Properties: { StageName: v1, Auth: { ResourcePolicy: { IpRangeWhitelist: [10.0.0.0/8] } } } }
  Plain: { Type: AWS::ApiGateway::RestApi, Properties: { Name: a, Policy: { Statement: [] } } }
${fn('F')}
`);
    expect(lines).toEqual([
      expect.stringMatching(/^warning not-emulated @4: the resource policy of "Api" is not evaluated/),
      expect.stringMatching(/^warning not-emulated @5: the resource policy of "Plain" is not evaluated/),
    ]);
  });

  test('a user pool of a nested or other stack has no id to check either', async () => {
    const { project } = await loadTemplate(
      `
Transform: AWS::Serverless-2016-10-31
Resources:
  People: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: people.yaml } }
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: T
        Authorizers: { T: { JwtConfiguration: { issuer: !Sub 'https://cognito-idp.\${AWS::Region}.amazonaws.com/\${People.Outputs.Id}', audience: [a] } } }
${fn('F', ', Events: { A: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /a, Method: get } } }')}
`,
      {
        'people.yaml':
          'Resources: { Pool: { Type: AWS::Cognito::UserPool } }\nOutputs: { Id: { Value: !Ref Pool } }\n',
      },
    );
    expect(project.triggers).toMatchObject([{ authorizer: { kind: 'jwt', audience: ['a'] } }]);
    expect(project.triggers[0]).not.toHaveProperty('authorizer.issuer');
  });

  test('a function URL with AuthType AWS_IAM', async () => {
    const { project } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
${fn('F', ', FunctionUrlConfig: { AuthType: AWS_IAM }')}
${fn('G', ', FunctionUrlConfig: { AuthType: NONE }')}
`);
    expect(project.triggers[0]).toMatchObject({ kind: 'function-url', authorizer: { kind: 'iam' } });
    expect(project.triggers[1]).not.toHaveProperty('authorizer');
  });
});

const plain = (name: string) =>
  `  ${name}: { Type: AWS::Lambda::Function, Properties: { Code: code, Handler: index.handler, Runtime: nodejs22.x } }`;
const uri = (name: string) =>
  `!Sub 'arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${name}.Arn}/invocations'`;

describe('CloudFormation', () => {
  test('methods of a REST API name their authorizer, scopes and keys; so does a mocked OPTIONS method', async () => {
    const method = (id: string, verb: string, resource: string, more: string) =>
      `  ${id}: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref Api, ResourceId: ${resource}, HttpMethod: ${verb}, Integration: { Type: AWS_PROXY, Uri: ${uri('F')} }, ${more} } }`;
    const { project, lines } = await authorizersOf(`
Resources:
${plain('F')}
${plain('Auth')}
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: shop } }
  Stage: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Api, StageName: live, Variables: { a: 1 } } }
  Token: { Type: AWS::ApiGateway::Authorizer, Properties: { RestApiId: !Ref Api, Name: tokens, Type: TOKEN, AuthorizerUri: ${uri('Auth')}, IdentitySource: method.request.header.Auth, IdentityValidationExpression: 'x.*' } }
  Pool: { Type: AWS::Cognito::UserPool }
  People: { Type: AWS::ApiGateway::Authorizer, Properties: { RestApiId: !Ref Api, Type: COGNITO_USER_POOLS, ProviderARNs: [!GetAtt Pool.Arn], IdentitySource: method.request.header.Authorization } }
  Key: { Type: AWS::ApiGateway::ApiKey, Properties: { Value: secret } }
${method('A', 'GET', '!GetAtt Api.RootResourceId', 'AuthorizationType: CUSTOM, AuthorizerId: !Ref Token, ApiKeyRequired: true')}
${method('B', 'POST', '!GetAtt Api.RootResourceId', 'AuthorizationType: COGNITO_USER_POOLS, AuthorizerId: !Ref People, AuthorizationScopes: [a/b]')}
${method('C', 'PUT', '!GetAtt Api.RootResourceId', 'AuthorizationType: CUSTOM, AuthorizerId: abc123')}
  Options:
    Type: AWS::ApiGateway::Method
    Properties:
      { RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: OPTIONS, AuthorizationType: CUSTOM, AuthorizerId: !Ref Token, Integration: { Type: MOCK, IntegrationResponses: [{ StatusCode: 200, ResponseParameters: { method.response.header.Access-Control-Allow-Origin: "'*'" } }] } }
`);
    const tokens = {
      ...{ kind: 'lambda', name: 'tokens', functionId: 'Auth', type: 'token', cacheSeconds: 300 },
      identitySources: [{ from: 'header', name: 'Auth' }],
      validation: 'x.*',
    };
    expect(project.triggers).toMatchObject([
      {
        ...{ method: 'GET', authorizer: tokens, stageVariables: { a: '1' } },
        apiKeys: [{ name: 'Key', value: 'secret' }],
        preflightGuard: { authorizer: tokens },
      },
      {
        method: 'POST',
        authorizer: { kind: 'user-pool', name: 'People', issuers: [], scopes: ['a/b'] },
      },
      { method: 'PUT', authorizer: { kind: 'foreign', name: 'abc123' } },
    ]);
    expect(project.triggers[1]).not.toHaveProperty('apiKeys');
    expect(lines).toEqual([
      expect.stringMatching(
        /^warning not-emulated @\d+: authorizer "abc123" \(CUSTOM\) of PUT \/ is not declared/,
      ),
    ]);
  });

  test('routes of an HTTP API name theirs', async () => {
    const route = (id: string, path: string, more: string) =>
      `  ${id}: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Api, RouteKey: 'GET ${path}', Target: !Sub 'integrations/\${I}', ${more} } }`;
    const { byPath, lines } = await authorizersOf(`
Resources:
${plain('F')}
${plain('Auth')}
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: shop, ProtocolType: HTTP } }
  I: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt F.Arn, PayloadFormatVersion: '2.0' } }
  Fn: { Type: AWS::ApiGatewayV2::Authorizer, Properties: { ApiId: !Ref Api, Name: fn, AuthorizerType: REQUEST, AuthorizerUri: ${uri('Auth')}, AuthorizerPayloadFormatVersion: '2.0', EnableSimpleResponses: true, AuthorizerResultTtlInSeconds: 5, IdentitySource: [$request.header.Authorization, $context.routeKey] } }
  Jwt: { Type: AWS::ApiGatewayV2::Authorizer, Properties: { ApiId: !Ref Api, Name: jwt, AuthorizerType: JWT, IdentitySource: [$request.header.Authorization], JwtConfiguration: { Issuer: https://issuer.example, Audience: [a, b] } } }
${route('A', '/fn', 'AuthorizationType: CUSTOM, AuthorizerId: !Ref Fn')}
${route('B', '/jwt', 'AuthorizationType: JWT, AuthorizerId: !Ref Jwt, AuthorizationScopes: [read]')}
${route('C', '/iam', 'AuthorizationType: AWS_IAM')}
${route('D', '/open', 'AuthorizationType: NONE')}
`);
    expect(byPath['/fn']?.authorizer).toEqual({
      ...{ kind: 'lambda', name: 'fn', functionId: 'Auth', type: 'request', cacheSeconds: 5 },
      ...{ payloadFormat: '2.0', simpleResponses: true },
      identitySources: [bearer, { from: 'context', name: 'routeKey' }],
    });
    expect(byPath['/jwt']?.authorizer).toEqual({
      ...{ kind: 'jwt', name: 'jwt', identitySource: bearer, issuer: 'https://issuer.example' },
      ...{ audience: ['a', 'b'], scopes: ['read'] },
    });
    expect(byPath['/iam']?.authorizer).toEqual({ kind: 'iam' });
    expect(byPath['/open']).not.toHaveProperty('authorizer');
    expect(lines).toEqual([]);
  });

  test('an OpenAPI definition says it with security schemes', async () => {
    const { byPath, lines } = await authorizersOf(`
Resources:
${plain('F')}
${plain('Auth')}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        swagger: '2.0'
        securityDefinitions:
          tokens:
            { type: apiKey, name: X-Token, in: header, x-amazon-apigateway-authtype: custom, x-amazon-apigateway-authorizer: { type: token, authorizerUri: ${uri('Auth')}, authorizerResultTtlInSeconds: 7 } }
          sigv4: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4 }
          api_key: { type: apiKey, name: x-api-key, in: header }
          basic: { type: basic }
        paths:
          /tokens: { get: { security: [{ tokens: [] }, { api_key: [] }], x-amazon-apigateway-integration: { type: aws_proxy, uri: ${uri('F')} } } }
          /iam: { get: { security: [{ sigv4: [] }], x-amazon-apigateway-integration: { type: aws_proxy, uri: ${uri('F')} } } }
          /open: { get: { x-amazon-apigateway-integration: { type: aws_proxy, uri: ${uri('F')} } } }
          /basic: { get: { security: [{ basic: [] }], x-amazon-apigateway-integration: { type: aws_proxy, uri: ${uri('F')} } } }
`);
    expect(byPath['/tokens']).toMatchObject({
      authorizer: {
        ...{ kind: 'lambda', name: 'tokens', functionId: 'Auth', type: 'token', cacheSeconds: 7 },
        identitySources: [{ from: 'header', name: 'X-Token' }],
      },
      apiKeys: [],
    });
    expect(byPath['/iam']).toMatchObject({ authorizer: { kind: 'iam' } });
    expect(byPath['/open']).not.toHaveProperty('authorizer');
    expect(byPath['/basic']).not.toHaveProperty('authorizer');
    expect(lines).toEqual([
      expect.stringMatching(/the security scheme "basic" has no x-amazon-apigateway-authorizer/),
    ]);
  });
});
