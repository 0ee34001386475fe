import { expect, test } from 'vitest';
import { loadTemplate } from './project-on-disk.ts';

const uri = (name: string) =>
  `!Sub 'arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${name}.Arn}/invocations'`;

const template = `
Resources:
  F: { Type: AWS::Lambda::Function, Properties: { Code: code, Handler: index.handler, Runtime: nodejs22.x } }
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: shop, BinaryMediaTypes: [image/*] } }
  Orders: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders } }
  Order: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: !Ref Api, ParentId: !Ref Orders, PathPart: '{id}' } }
  Root:
    Type: AWS::ApiGateway::Method
    Properties: { RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: ANY, Integration: { Type: AWS_PROXY, Uri: ${uri('F')} } }
  Get:
    Type: AWS::ApiGateway::Method
    Properties: { RestApiId: !Ref Api, ResourceId: !Ref Order, HttpMethod: GET, AuthorizationType: AWS_IAM, Integration: { Type: AWS_PROXY, TimeoutInMillis: 1000, Uri: ${uri('F')} } }
  Options:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Order
      HttpMethod: OPTIONS
      Integration:
        Type: MOCK
        IntegrationResponses:
          - StatusCode: '204'
            ResponseParameters:
              method.response.header.Access-Control-Allow-Origin: "'*'"
              method.response.header.Access-Control-Allow-Methods: "'GET,OPTIONS'"
  Http:
    Type: AWS::ApiGateway::Method
    Properties: { RestApiId: !Ref Api, ResourceId: !Ref Orders, HttpMethod: GET, Integration: { Type: HTTP_PROXY, Uri: 'https://example.com' } }
  Deployment: { Type: AWS::ApiGateway::Deployment, Properties: { RestApiId: !Ref Api } }
  Stage: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Api, StageName: live, DeploymentId: !Ref Deployment } }
`;

test('the tree of resources becomes paths, and a mocked OPTIONS method the CORS of its path', async () => {
  const { project, lines } = await loadTemplate(template);
  const common = { kind: 'rest-api', functionId: 'F', stage: 'live', binaryMediaTypes: ['image/*'] };
  expect(project.triggers).toMatchObject([
    { ...common, method: 'ANY', path: '/', timeoutMs: 29_000 },
    {
      ...common,
      method: 'GET',
      path: '/orders/{id}',
      timeoutMs: 1_000,
      authorizer: { kind: 'iam' },
      cors: { allowOrigins: ['*'], allowMethods: ['GET', 'OPTIONS'] },
    },
  ]);
  expect(project.triggers[0]).not.toHaveProperty('cors');
  expect(lines).toEqual([
    expect.stringMatching(/^warning not-emulated @\d+: method GET \/orders is passed on to "https/),
  ]);
});

const mapped = `
Resources:
  F: { Type: AWS::Lambda::Function, Properties: { Code: code, Handler: index.handler, Runtime: nodejs22.x } }
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: shop } }
  Root:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      OperationName: makeOrder
      Integration:
        Type: AWS
        Uri: ${uri('F')}
        PassthroughBehavior: NEVER
        RequestParameters:
          integration.request.header.X-Amz-Invocation-Type: "'Event'"
          integration.request.header.X-Amz-Client-Context: method.request.header.Client
          integration.request.querystring.a: method.request.querystring.a
        RequestTemplates:
          application/json: !Sub '{"region": "\${AWS::Region}", "id": "$input.params(''id'')"}'
          text/plain: |
            {"a": 1}
            #if($a
        IntegrationResponses:
          - StatusCode: 200
            ResponseParameters:
              method.response.header.Location: integration.response.body.to.url
              method.response.header.X-Id: context.requestId
              method.response.header.X-Failed: integration.response.header.X-Amz-Function-Error
              method.response.header.X-Odd: integration.response.trailer.Odd
            ResponseTemplates: { application/json: "$input.json('$')", text/html: '' }
          - { StatusCode: '404', SelectionPattern: '.*lost.*' }
`;

test('an AWS integration of a function is a route with templates, patterns and parameters', async () => {
  const { project, lines } = await loadTemplate(mapped);
  const [route] = project.triggers;
  expect(route).toMatchObject({
    kind: 'rest-api',
    functionId: 'F',
    method: 'POST',
    path: '/',
    operationName: 'makeOrder',
  });
  expect(route && 'mapping' in route && route.mapping).toEqual({
    requests: {
      'application/json': { kind: 'own', text: '{"region": "us-east-1", "id": "$input.params(\'id\')"}' },
      'text/plain': { kind: 'own', text: '{"a": 1}\n#if($a\n' },
    },
    passThrough: 'NEVER',
    invocationType: { text: 'Event' },
    responses: [
      {
        ...{ status: 200, pattern: '', templates: { 'application/json': "$input.json('$')" } },
        headers: {
          Location: { path: ['to', 'url'] },
          'X-Id': { context: ['requestId'] },
          'X-Failed': { header: 'X-Amz-Function-Error' },
        },
      },
      { status: 404, pattern: '.*lost.*', headers: {}, templates: {} },
    ],
  });
  expect(lines).toEqual([
    expect.stringMatching(
      /^warning not-emulated @22: the template cannot be evaluated, .*: line 3: expected "\)", found the end/,
    ),
    expect.stringMatching(/^warning not-emulated @18: .*X-Amz-Client-Context: .* has no effect here/),
    expect.stringMatching(/^warning not-emulated @26: the header X-Odd is left out/),
  ]);
});

test('a mock answers without a function, also one for OPTIONS that says nothing of origins', async () => {
  const mock = (method: string, more: string) => `
  ${method}Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: ${method}
      ApiKeyRequired: true
      Integration:
        Type: MOCK
        RequestTemplates: { application/json: '{"statusCode": 204}' }
        IntegrationResponses:
          - StatusCode: 204
            ResponseParameters: { ${more} }
`;
  const allow = 'method.response.header.Allow: "\'GET\'"';
  const { project, lines } = await loadTemplate(`
Resources:
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: shop } }
  F: { Type: AWS::Lambda::Function, Properties: { Code: code, Handler: index.handler, Runtime: nodejs22.x } }
${mock('GET', '')}${mock('OPTIONS', allow)}`);
  expect(lines).toEqual([]);
  const common = { kind: 'rest-mock', path: '/', stage: 'prod', apiKeys: [] };
  const mapping = {
    requests: { 'application/json': { kind: 'own', text: '{"statusCode": 204}' } },
    passThrough: 'WHEN_NO_MATCH',
  };
  expect(project.resources).toMatchObject([
    { ...common, name: 'GET /', mapping: { ...mapping, responses: [{ status: 204, headers: {} }] } },
    { ...common, method: 'OPTIONS', mapping: { responses: [{ headers: { Allow: { text: 'GET' } } }] } },
  ]);
  expect(project.triggers).toEqual([]);
});
