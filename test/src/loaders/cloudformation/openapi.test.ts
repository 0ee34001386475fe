import { expect, test } from 'vitest';
import { loadTemplate } from './project-on-disk.ts';

const fn = `
  F: { Type: AWS::Lambda::Function, Properties: { FunctionName: f, Code: code, Handler: index.handler, Runtime: nodejs22.x } }
  G: { Type: AWS::Lambda::Function, Properties: { FunctionName: g, Code: code, Handler: index.handler, Runtime: nodejs22.x } }`;
const uriOf = (id: string) =>
  `!Sub 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\${${id}.Arn}/invocations'`;
const proxyTo = (id: string, more = '') =>
  `x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: ${uriOf(id)}${more} }`;

test('a REST definition says CORS by an operation that answers by itself, guarded like any other', async () => {
  const { project, problems } = await loadTemplate(`
Resources:${fn}
  Stage: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Api, StageName: v1, Variables: { COLOUR: red } } }
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        swagger: '2.0'
        x-amazon-apigateway-binary-media-types: [image/png]
        securityDefinitions:
          keys: { type: apiKey, name: x-api-key, in: header }
        paths:
          /a:
            get: { ${proxyTo('F')} }
            options:
              security: [{ keys: [] }]
              x-amazon-apigateway-integration:
                type: mock
                responses:
                  default:
                    responseParameters:
                      method.response.header.Access-Control-Allow-Origin: "'https://shop.example'"
                      method.response.header.Access-Control-Allow-Methods: "'GET,OPTIONS'"
          /b:
            get: { ${proxyTo('F')} }
`);
  expect(problems).toEqual([]);
  const common = {
    ...{ kind: 'rest-api', method: 'GET', stage: 'v1', stageVariables: { COLOUR: 'red' } },
    binaryMediaTypes: ['image/png'],
  };
  const [first, second] = project.triggers;
  expect(first).toMatchObject({
    ...common,
    path: '/a',
    cors: { allowOrigins: ['https://shop.example'], allowMethods: ['GET', 'OPTIONS'] },
    preflightGuard: { apiKeys: [] },
  });
  expect(second).toMatchObject({ ...common, path: '/b' });
  expect(second).not.toHaveProperty('cors');
  expect(second).not.toHaveProperty('apiKeys');
});

test('an HTTP definition says CORS by its extension, and stage variables come of its stage', async () => {
  const { project, problems } = await loadTemplate(`
Resources:${fn}
  Stage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Api, StageName: $default, StageVariables: { COLOUR: red } } }
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Body:
        openapi: 3.0.1
        x-amazon-apigateway-cors: { allowOrigins: ['*'], allowMethods: [GET], maxAge: 60 }
        paths: { /a: { get: { ${proxyTo('F', ", payloadFormatVersion: '2.0'")} } } }
`);
  expect(problems).toEqual([]);
  expect(project.triggers).toMatchObject([
    {
      ...{ kind: 'http-api', path: '/a', stageVariables: { COLOUR: 'red' } },
      cors: { allowOrigins: ['*'], allowMethods: ['GET'], maxAgeSeconds: 60 },
    },
  ]);
});

test('the keys of a definition are not asked for where an authorizer hands them over', async () => {
  const { project, lines } = await loadTemplate(`
Resources:${fn}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        swagger: '2.0'
        x-amazon-apigateway-api-key-source: AUTHORIZER
        securityDefinitions: { keys: { type: apiKey, name: x-api-key, in: header } }
        paths: { /a: { get: { security: [{ keys: [] }], ${proxyTo('F')} } } }
`);
  expect(project.triggers[0]).not.toHaveProperty('apiKeys');
  expect(lines).toEqual([expect.stringMatching(/^warning not-emulated @\d+: API keys that the authorizers/)]);
});

test('an authorizer that is handed the request has no identity where the definition names none', async () => {
  const { project, problems } = await loadTemplate(`
Resources:${fn}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        swagger: '2.0'
        securityDefinitions:
          asked: { type: apiKey, name: Unused, in: header, x-amazon-apigateway-authorizer: { type: request, authorizerUri: ${uriOf('G')}, authorizerResultTtlInSeconds: 0 } }
        paths: { /a: { get: { security: [{ asked: [] }], ${proxyTo('F')} } } }
`);
  expect(problems).toEqual([]);
  expect(project.triggers).toMatchObject([{ authorizer: { kind: 'lambda', identitySources: [] } }]);
});

test('what SAM’s API says of callers and CORS holds for the operations of its definition', async () => {
  const { project, problems } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:${fn}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Variables: { COLOUR: red }
      Cors: { AllowHeaders: "'x-shop'" }
      Auth:
        ApiKeyRequired: true
        DefaultAuthorizer: Asked
        Authorizers: { Asked: { FunctionArn: !GetAtt G.Arn }, Other: { FunctionArn: !GetAtt G.Arn } }
      DefinitionBody:
        swagger: '2.0'
        paths:
          /usual: { get: { ${proxyTo('F')} } }
          /other: { get: { security: [{ Other: [] }], ${proxyTo('F')} } }
          /open: { get: { security: [{ NONE: [] }], ${proxyTo('F')} } }
`);
  expect(problems).toEqual([]);
  expect(project.triggers).toMatchObject([
    {
      ...{ path: '/usual', authorizer: { name: 'Asked' }, apiKeys: [], stageVariables: { COLOUR: 'red' } },
      cors: { allowOrigins: ['*'], allowMethods: ['GET', 'OPTIONS'], allowHeaders: ['x-shop'] },
      preflightGuard: { authorizer: { name: 'Asked' }, apiKeys: [] },
    },
    { path: '/other', authorizer: { name: 'Other' } },
    { path: '/open', apiKeys: [] },
  ]);
  expect(project.triggers[2]).not.toHaveProperty('authorizer');
});

const events = `
      Events:
        Listed: { Type: Api, Properties: { RestApiId: Api, Path: /a, Method: get, Auth: { Authorizer: NONE } } }
        Overridden: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /b, Method: get, Auth: { Authorizer: NONE, OverrideApiAuth: true } } }
        Missing: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /c, Method: get } }
        Any: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /d, Method: post } }`;

const apiWith = (more: string) => `
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: f
      Runtime: nodejs22.x
      Handler: a.b
      CodeUri: code${events}
  G: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs22.x, Handler: a.b, CodeUri: code } }
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      ${more}
      Auth: { DefaultAuthorizer: Asked, Authorizers: { Asked: { FunctionArn: !GetAtt G.Arn } } }`;

const definition = `DefinitionBody:
        swagger: '2.0'
        paths: { /a: { get: { ${proxyTo('F')} } }, /b: { get: { ${proxyTo('F')} } }, /d: { x-amazon-apigateway-any-method: { ${proxyTo('F')} } } }`;

test('events add nothing to a definition: what it does not list is told, and their Auth counts only as an override', async () => {
  const { project, lines } = await loadTemplate(apiWith(definition));
  const [overridden, listed, any, ...others] = project.triggers;
  expect(others).toEqual([]);
  expect(any).toMatchObject({ method: 'ANY', path: '/d' });
  expect(listed).toMatchObject({ path: '/a', authorizer: { name: 'Asked' } });
  expect(overridden).toMatchObject({ path: '/b' });
  expect(overridden).not.toHaveProperty('authorizer');
  expect(lines).toEqual([
    'warning route-not-defined @14: event "Missing" of function "F" is for GET /c, which the definition of its API does not list: there is no such route',
  ]);
});

test('with MergeDefinitions events are added to the definition', async () => {
  const { project, problems } = await loadTemplate(apiWith(`MergeDefinitions: true\n      ${definition}`));
  expect(problems).toEqual([]);
  expect(project.triggers.map((one) => 'path' in one && one.path)).toEqual(['/a', '/b', '/c', '/d', '/d']);
});

test('a definition that is not here is told of, and events are served as they stand', async () => {
  const away = await loadTemplate(apiWith('DefinitionUri: s3://bucket/api.yaml'));
  expect(away.lines).toEqual([
    'warning not-emulated @21: the definition of "Api" is not on this machine, but at s3://bucket/api.yaml: only the routes of events are served',
  ]);
  expect(away.project.triggers).toHaveLength(4);
  const missing = await loadTemplate(apiWith('DefinitionUri: api.yaml'));
  expect(missing.lines).toEqual([
    'warning definition-not-found @21: the definition "api.yaml" of "Api" does not exist: only the routes of events are served',
  ]);
});

test('an HTTP definition keeps its own functions, formats and callers beside the events', async () => {
  const { project, problems } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: f
      Runtime: nodejs22.x
      Handler: a.b
      CodeUri: code
      Events:
        Mine: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /mine, Method: get } }
        Taken: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /taken, Method: get } }
        Empty: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /empty, Method: get } }
        Preflight: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /empty, Method: options } }
  G: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs22.x, Handler: a.b, CodeUri: code } }
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Asked
        Authorizers:
          Asked:
            FunctionArn: !GetAtt G.Arn
            AuthorizerPayloadFormatVersion: '2.0'
            Identity: { Headers: [auth], Context: [identity.sourceIp] }
          Other: { FunctionArn: !GetAtt G.Arn, AuthorizerPayloadFormatVersion: '2.0' }
      DefinitionBody:
        openapi: 3.0.1
        paths:
          /mine: { get: { ${proxyTo('F', ", payloadFormatVersion: '1.0', timeoutInMillis: 5000")} } }
          /taken: { get: { ${proxyTo('G', ", payloadFormatVersion: '2.0'")} } }
          /empty: { get: { security: [{ Other: [] }] } }
`);
  expect(problems).toEqual([]);
  expect(project.triggers).toMatchObject([
    { functionId: 'F', path: '/mine', payloadFormat: '1.0', timeoutMs: 5000, authorizer: { name: 'Asked' } },
    { functionId: 'F', path: '/empty', method: 'GET', payloadFormat: '2.0', authorizer: { name: 'Other' } },
    { functionId: 'F', path: '/empty', method: 'OPTIONS' },
    { functionId: 'G', path: '/taken', authorizer: { name: 'Asked' } },
  ]);
  expect(project.triggers[2]).not.toHaveProperty('authorizer');
  // In the order functions are handed the values.
  expect(project.triggers[0]).toMatchObject({
    authorizer: {
      identitySources: [
        { from: 'context', name: 'identity.sourceIp' },
        { from: 'header', name: 'auth' },
      ],
    },
  });
});

test('a definition without paths is told', async () => {
  const { lines } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      DefinitionBody: openapi.yaml
`);
  expect(lines).toEqual([
    'warning invalid-definition @8: DefinitionBody of "Api" has no paths: it is no OpenAPI definition',
  ]);
});

test('an aws integration of a REST definition has its templates in small letters', async () => {
  const { project, lines } = await loadTemplate(`
Resources:${fn}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        paths:
          /a:
            post:
              operationId: makeA
              x-amazon-apigateway-integration:
                type: aws
                httpMethod: POST
                uri: ${uriOf('G')}
                passthroughBehavior: when_no_templates
                requestParameters: { integration.request.header.X-Amz-Invocation-Type: method.request.header.Type }
                requestTemplates: { application/json: '{}' }
                responses:
                  default: { statusCode: '200', responseTemplates: { application/json: 'x' } }
                  '.*bad.*':
                    statusCode: '400'
                    responseParameters: { method.response.header.X-A: "'b'" }
            get: { x-amazon-apigateway-integration: { type: aws, uri: 'arn:aws:apigateway:us-east-1:sqs:path/q' } }
`);
  expect(project.triggers).toMatchObject([
    {
      ...{ kind: 'rest-api', functionId: 'G', method: 'POST', path: '/a', operationName: 'makeA' },
      mapping: {
        requests: { 'application/json': { kind: 'own', text: '{}' } },
        passThrough: 'WHEN_NO_TEMPLATES',
        invocationType: { parameter: 'header', name: 'Type' },
        responses: [
          { status: 200, pattern: '', headers: {}, templates: { 'application/json': 'x' } },
          { status: 400, pattern: '.*bad.*', headers: { 'X-A': { text: 'b' } }, templates: {} },
        ],
      },
    },
  ]);
  expect(lines).toEqual([expect.stringMatching(/GET \/a of "Api" calls sqs:path\/q without a function/)]);
});

test('a mock of a REST definition answers without a function', async () => {
  const { project, lines } = await loadTemplate(`
Resources:${fn}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      DefinitionBody:
        openapi: 3.0.1
        paths:
          /health:
            get:
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: { application/json: '{"statusCode": 200}' }
                responses: { default: { statusCode: 200, responseTemplates: { application/json: '{"ok": true}' } } }
`);
  expect(lines).toEqual([]);
  expect(project.resources).toMatchObject([
    {
      ...{ kind: 'rest-mock', name: 'GET /health', path: '/health', stage: 'v1' },
      mapping: { responses: [{ status: 200, templates: { 'application/json': '{"ok": true}' } }] },
    },
  ]);
});
