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
