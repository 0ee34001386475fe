/** Request validators, however a project file says them. */
import { expect, test } from 'vitest';
import { serverlessLoader } from '../../../src/loaders/serverless/loader.ts';
import { loadTemplate } from './cloudformation/project-on-disk.ts';
import { loadWith } from './temporary-project.ts';

const schema = { type: 'object', required: ['name'] };
const json = JSON.stringify(schema);
const check = {
  parameters: [
    { place: 'querystring', name: 'page' },
    { place: 'header', name: 'X-Tenant' },
  ],
  bodies: { 'application/json': schema },
};
const uri = `!Sub 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\${F.Arn}/invocations'`;
const fn =
  'F: { Type: AWS::Lambda::Function, Properties: { Code: code, Handler: a.b, Runtime: nodejs22.x } }';

const serverless = async (request: string, schemas = '{}') => {
  const { project, said } = await loadWith(serverlessLoader, {
    'serverless.yml': `service: s
provider: { name: aws, runtime: nodejs22.x, apiGateway: { request: { schemas: ${schemas} } } }
functions: { f: { handler: a.b, events: [{ http: { method: post, path: /a, request: ${request} } }] } }
`,
    'person.json': json,
  });
  return { trigger: project.triggers[0], said };
};

test.each([
  ['inline', `{ application/json: ${json} }`],
  ['from a file', '{ Application/JSON: "${file(person.json)}" }'],
  ['with a name beside it', `{ application/json: { name: Person, schema: ${json} } }`],
  ['by name', '{ application/json: person }'],
])('the schemas of the framework, %s', async (_, schemas) => {
  const parameters =
    '{ querystrings: { page: true, size: false }, headers: { X-Tenant: { required: true } }, paths: { id: true } }';
  const { trigger, said } = await serverless(
    `{ parameters: ${parameters}, schemas: ${schemas} }`,
    `{ person: { schema: ${json} } }`,
  );
  expect(said).toEqual([]);
  expect(trigger).toMatchObject({ requestCheck: check });
});

test('without schemas the framework makes no validator', async () => {
  const { trigger, said } = await serverless('{ parameters: { querystrings: { page: true } } }');
  expect(trigger).not.toHaveProperty('requestCheck');
  expect(said).toEqual([]);
});

test('a schema that cannot be followed is told, and asks for nothing', async () => {
  const { trigger, said } = await serverless(
    "{ schemas: { application/json: none, text/json: { $ref: 'https://a.example/b' } } }",
  );
  expect(trigger).not.toHaveProperty('requestCheck');
  expect(said).toEqual([
    expect.stringContaining(
      'the request schema for application/json cannot be followed: expected a JSON schema, or the name',
    ),
    expect.stringContaining(
      'the request schema for text/json cannot be followed: $ref "https://a.example/b" is not in it',
    ),
  ]);
});

test('validators and models of a template', async () => {
  const method = (http: string, more: string) => `
  ${http}:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: ${http}
      RequestParameters: { method.request.querystring.page: true, method.request.querystring.size: false, method.request.header.X-Tenant: true, method.request.path.id: true }
      Integration: { Type: AWS_PROXY, Uri: ${uri} }
      ${more}`;
  const { project, problems } = await loadTemplate(`
Resources:
  ${fn}
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: shop } }
  All: { Type: AWS::ApiGateway::RequestValidator, Properties: { RestApiId: !Ref Api, ValidateRequestBody: true, ValidateRequestParameters: true } }
  None: { Type: AWS::ApiGateway::RequestValidator, Properties: { RestApiId: !Ref Api } }
  Person: { Type: AWS::ApiGateway::Model, Properties: { RestApiId: !Ref Api, ContentType: application/json, Schema: ${json} } }
  Text: { Type: AWS::ApiGateway::Model, Properties: { RestApiId: !Ref Api, Name: Text, Schema: '${json}' } }${method('POST', 'RequestModels: { application/json: !Ref Person }\n      RequestValidatorId: !Ref All')}${method('PUT', 'RequestModels: { $default: Text }\n      RequestValidatorId: !GetAtt All.RequestValidatorId')}${method('PATCH', 'RequestModels: { application/json: !Ref Person }\n      RequestValidatorId: !Ref None')}${method('DELETE', 'RequestModels: { application/json: Empty }')}
`);
  expect(problems).toEqual([]);
  const [post, put, patch, none] = project.triggers;
  expect(post).toMatchObject({ requestCheck: check });
  expect(put).toMatchObject({ requestCheck: { ...check, bodies: { $default: schema } } });
  for (const trigger of [patch, none]) expect(trigger).not.toHaveProperty('requestCheck');
});

test("a model of one's own may have the name of one of the service's", async () => {
  const { project, problems } = await loadTemplate(`
Resources:
  ${fn}
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: shop } }
  All: { Type: AWS::ApiGateway::RequestValidator, Properties: { RestApiId: !Ref Api, ValidateRequestBody: true } }
  Own: { Type: AWS::ApiGateway::Model, Properties: { RestApiId: !Ref Api, Name: Error, Schema: ${json} } }
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      RequestValidatorId: !Ref All
      RequestModels: { application/json: Error, text/json: Empty }
      Integration: { Type: AWS_PROXY, Uri: ${uri} }
`);
  expect(problems).toEqual([]);
  expect(project.triggers).toMatchObject([{ requestCheck: { bodies: { 'application/json': schema } } }]);
  expect(project.triggers[0]).not.toHaveProperty(['requestCheck', 'bodies', 'text/json']);
});

test('mocks are held to their validators too', async () => {
  const { project, problems } = await loadTemplate(`
Resources:
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: shop } }
  All: { Type: AWS::ApiGateway::RequestValidator, Properties: { RestApiId: !Ref Api, ValidateRequestParameters: true } }
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      RequestValidatorId: !Ref All
      RequestParameters: { method.request.querystring.page: true }
      Integration: { Type: MOCK, RequestTemplates: { application/json: '{"statusCode":200}' }, IntegrationResponses: [{ StatusCode: 200 }] }
`);
  expect(problems).toEqual([]);
  expect(project.resources).toMatchObject([
    { kind: 'rest-mock', requestCheck: { parameters: [{ place: 'querystring', name: 'page' }] } },
  ]);
});

test("models of SAM's events, where they are validated", async () => {
  const event = (path: string, model: string) =>
    `{ Type: Api, Properties: { Path: ${path}, Method: post, RestApiId: !Ref Api, RequestModel: ${model}, RequestParameters: [method.request.querystring.size, { method.request.querystring.page: { Required: true } }, { method.request.header.X-Tenant: { Required: true } }] } }`;
  const { project, lines } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: { Type: AWS::Serverless::Api, Properties: { StageName: v1, Models: { Person: ${json} } } }
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: a.b
      CodeUri: code
      Events:
        A: ${event('/a', '{ Model: Person, ValidateBody: true, ValidateParameters: true }')}
        B: ${event('/b', '{ Model: Person, Required: true }')}
        C: ${event('/c', '{ Model: Nobody, ValidateBody: true }')}
`);
  expect(project.triggers[0]).toMatchObject({ requestCheck: check });
  for (const trigger of project.triggers.slice(1)) expect(trigger).not.toHaveProperty('requestCheck');
  expect(lines).toEqual([
    expect.stringContaining(
      'event "C" of function "F": the model "Nobody" cannot be followed: the API has no such model in its Models',
    ),
  ]);
});

test.each([
  [
    'of version 3',
    'openapi: 3.0.1',
    `parameters: [{ name: page, in: query, required: true }, { name: size, in: query }, { name: X-Tenant, in: header, required: true }, { name: id, in: path, required: true }]
            requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Person' } } } }`,
    `components: { schemas: { Person: ${json} } }`,
  ],
  [
    'of version 2',
    "swagger: '2.0'",
    `parameters: [{ name: page, in: query, required: true }, { name: X-Tenant, in: header, required: true }, { name: body, in: body, schema: { $ref: '#/definitions/Person' } }]`,
    `definitions: { Person: ${json} }`,
  ],
])('validators of an OpenAPI definition %s', async (_, version, asked, shared) => {
  const body = (named: string, operation: string) => `
        ${version}
        x-amazon-apigateway-request-validators: { all: { validateRequestBody: true, validateRequestParameters: true } }
        ${named}
        paths:
          /a:
            post:
              x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: ${uri} }
              ${operation}
              ${asked.replaceAll('\n            ', '\n              ')}
        ${shared}`;
  const load = async (named: string, operation: string) => {
    const { project, problems } = await loadTemplate(`
Resources:
  ${fn}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:${body(named, operation)}
`);
    expect(problems).toEqual([]);
    return project.triggers[0] as { requestCheck?: { parameters: unknown; bodies: Record<string, object> } };
  };
  for (const trigger of [
    await load('x-amazon-apigateway-request-validator: all', 'operationId: a'),
    await load('info: { title: a }', 'x-amazon-apigateway-request-validator: all'),
  ]) {
    expect(trigger.requestCheck?.parameters).toEqual(check.parameters);
    expect(trigger.requestCheck?.bodies['application/json']).toMatchObject({
      $ref: expect.stringContaining('Person'),
    });
  }
  expect(await load('info: { title: a }', 'operationId: a')).not.toHaveProperty('requestCheck');
});
