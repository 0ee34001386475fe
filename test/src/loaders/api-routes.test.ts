import { expect, test } from 'vitest';
import { nativeLoader } from '../../../src/loaders/native/loader.ts';
import { serverlessLoader } from '../../../src/loaders/serverless/loader.ts';
import { loadTemplate } from './cloudformation/project-on-disk.ts';
import { loadWith } from './temporary-project.ts';

test('a route of two functions is told at the second, of each of the framework’s APIs', async () => {
  const { said } = await loadWith(serverlessLoader, {
    'serverless.yml': `service: shop
provider: { name: aws, runtime: nodejs22.x }
functions:
  a: { handler: a.b, events: [{ httpApi: GET /dup }, { http: GET /rest }, { httpApi: '*' }] }
  b:
    handler: a.b
    events:
      - httpApi: GET /dup
      - http: GET /rest
      - httpApi: POST /dup
      - http: GET /dup
      - httpApi: '*'
`,
  });
  const refused = 'the cloud refuses the second, here the first is served';
  expect(said).toEqual([
    `warning repeated-route functions.b:8 GET /dup of "b" is the route of "a" already (serverless.yml:4): ${refused}`,
    `warning repeated-route functions.b:9 GET /rest of "b" is the route of "a" already (serverless.yml:4): ${refused}`,
    `warning repeated-route functions.b:12 $default of "b" is the route of "a" already (serverless.yml:4): ${refused}`,
  ]);
});

test('a route of two functions of our own file is told', async () => {
  const { said } = await loadWith(nativeLoader, {
    'sls-local.config.yml': `name: shop
functions:
  a: { handler: a.b, http: GET /dup }
  b: { handler: a.b, http: [GET /dup, { route: GET /dup, api: rest }] }
`,
  });
  expect(said).toEqual([expect.stringContaining('GET /dup of "b" is the route of "a" already')]);
});

test('variables side by side in the framework’s REST API are told once, mocks counted', async () => {
  const { said } = await loadWith(serverlessLoader, {
    'serverless.yml': `service: shop
provider: { name: aws, runtime: nodejs22.x }
functions:
  a:
    handler: a.b
    events:
      - http: GET /r/{id}
      - http: GET /r/fixed
      - http: GET /r/{name}/x
      - http: POST /r/{name}/x
      - http: GET /{proxy+}
      - httpApi: GET /h/{id}
      - httpApi: GET /h/{name}/x
      - http: { method: get, path: '/m/{b}', integration: mock }
      - http: GET /m/{a}
`,
  });
  const refused = 'the cloud refuses a second variable beside one';
  expect(said).toEqual([
    `warning sibling-variable :9 /r/{name}/x has {name} where /r/{id} has {id} (serverless.yml:7): ${refused}`,
    expect.stringMatching(/^warning sibling-variable :14 .* has \{[ab]\} where \/m\/\{[ab]\} has \{[ab]\}/),
  ]);
});

test('variables side by side are told of each REST API of a template by itself', async () => {
  const { lines } = await loadTemplate(`Transform: AWS::Serverless-2016-10-31
Resources:
  One: { Type: AWS::Serverless::Api, Properties: { StageName: v1 } }
  Two: { Type: AWS::Serverless::Api, Properties: { StageName: v1 } }
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code
      Handler: index.handler
      Runtime: nodejs22.x
      Events:
        A: { Type: Api, Properties: { RestApiId: !Ref One, Path: '/r/{id}', Method: get } }
        B: { Type: Api, Properties: { RestApiId: !Ref Two, Path: '/r/{name}', Method: get } }
        C: { Type: Api, Properties: { RestApiId: !Ref Two, Path: '/r/{name}/{all+}', Method: get } }
        D: { Type: Api, Properties: { RestApiId: One, Path: '/r/{all+}', Method: get } }
  Plain: { Type: AWS::ApiGateway::RestApi, Properties: { Name: plain } }
  Id: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: !Ref Plain, ParentId: !GetAtt Plain.RootResourceId, PathPart: '{id}' } }
  Name: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: !Ref Plain, ParentId: !GetAtt Plain.RootResourceId, PathPart: '{name}' } }
  GetId: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref Plain, ResourceId: !Ref Id, HttpMethod: GET, Integration: { Type: MOCK } } }
  GetName: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref Plain, ResourceId: !Ref Name, HttpMethod: GET, Integration: { Type: MOCK } } }
  Body:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        paths:
          /r/{id}: { get: { x-amazon-apigateway-integration: { type: mock } } }
          /r/{name}: { get: { x-amazon-apigateway-integration: { type: mock } } }
`);
  const refused = 'the cloud refuses a second variable beside one';
  expect(
    lines.filter((line) => line.includes('sibling')).map((line) => line.replace(/template\.\w+/, 't')),
  ).toEqual([
    `warning sibling-variable @15: /r/{all+} has {all+} where /r/{id} has {id} (t:12): ${refused}`,
    `warning sibling-variable @20: /{name} has {name} where /{id} has {id} (t:19): ${refused}`,
    `warning sibling-variable @28: /r/{name} has {name} where /r/{id} has {id} (t:27): ${refused}`,
  ]);
});
