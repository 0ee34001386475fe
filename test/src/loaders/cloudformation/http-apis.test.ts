import { expect, test } from 'vitest';
import { loadTemplate } from './project-on-disk.ts';

const fn =
  'F: { Type: AWS::Lambda::Function, Properties: { Code: code, Handler: index.handler, Runtime: nodejs22.x } }';

test('routes lead over their integrations to functions', async () => {
  const { project, problems } = await loadTemplate(`
Resources:
  ${fn}
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: shop, ProtocolType: HTTP, CorsConfiguration: { AllowOrigins: ['*'] } } }
  Two: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt F.Arn, PayloadFormatVersion: '2.0', TimeoutInMillis: 2000 } }
  One: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt F.Arn } }
  Get: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Api, RouteKey: 'GET /orders/{id}', Target: !Sub 'integrations/\${Two}' } }
  Rest: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Api, RouteKey: $default, Target: !Join ['/', [integrations, !Ref One]] } }
  Stage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Api, StageName: $default } }
`);
  expect(problems).toEqual([]);
  expect(project.triggers).toMatchObject([
    {
      kind: 'http-api',
      functionId: 'F',
      method: 'GET',
      path: '/orders/{id}',
      payloadFormat: '2.0',
      timeoutMs: 2_000,
      cors: { allowOrigins: ['*'] },
    },
    { method: 'ANY', path: '$default', payloadFormat: '1.0', timeoutMs: 30_000 },
  ]);
});

test('an API made in one go has one route', async () => {
  const { project } = await loadTemplate(`
Resources:
  ${fn}
  All: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: a, ProtocolType: HTTP, Target: !GetAtt F.Arn } }
  One: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: b, ProtocolType: HTTP, RouteKey: GET /one, Target: !GetAtt F.Arn } }
`);
  expect(project.triggers).toMatchObject([
    { path: '$default', payloadFormat: '2.0' },
    { method: 'GET', path: '/one' },
  ]);
});

test('WebSocket APIs, other integrations, authorizers and hidden routes are warnings', async () => {
  const { project, lines } = await loadTemplate(`
Resources:
  ${fn}
  G: { Type: AWS::Lambda::Function, Properties: { Code: code, Handler: index.handler, Runtime: nodejs22.x } }
  Socket: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: s, ProtocolType: WEBSOCKET } }
  Connect: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Socket, RouteKey: $connect } }
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: a, ProtocolType: HTTP, Target: !GetAtt F.Arn } }
  Other: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: b, ProtocolType: HTTP, Target: !GetAtt G.Arn } }
  Web: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationUri: 'https://example.com' } }
  Out: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Api, RouteKey: GET /out, Target: !Sub 'integrations/\${Web}' } }
  Own: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt F.Arn } }
  In: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Api, RouteKey: GET /in, AuthorizationType: JWT, Target: !Sub 'integrations/\${Own}' } }
`);
  expect(project.triggers).toHaveLength(3);
  expect(lines).toEqual([
    'warning not-emulated @5: WebSocket API "Socket" is not emulated',
    'warning not-emulated @10: route "GET /out" is passed on to "https://example.com", which is not emulated: the route is left out',
    'warning not-emulated @12: authorizer "" (JWT) of route "GET /in" is not declared in this project: requests are let through',
    'warning repeated-route @8: $default leads to "F" and to "G": all APIs share one address here, and the first is served',
  ]);
});

test('routes have the stage of their API, unless it has one without a name', async () => {
  const route = (id: string, api: string) => `
  Own${id}: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref ${api}, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt F.Arn } }
  ${id}: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref ${api}, RouteKey: GET /${id}, Target: !Sub 'integrations/\${Own${id}}' } }
  Named${id}: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref ${api}, StageName: v1 } }`;
  const { project, problems } = await loadTemplate(`
Resources:
  ${fn}
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: a, ProtocolType: HTTP } }
  Both: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: b, ProtocolType: HTTP } }
  Quick: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: c, ProtocolType: HTTP, RouteKey: GET /quick, Target: !GetAtt F.Arn } }${route('a', 'Api')}${route('b', 'Both')}${route('c', 'Quick')}
  Plain: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Both, StageName: $default } }
  Body:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Body:
        openapi: 3.0.1
        paths: { /d: { get: { x-amazon-apigateway-integration: { type: aws_proxy, uri: !Sub 'arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${F.Arn}/invocations' } } } }
  OfBody: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Body, StageName: v2 } }
`);
  expect(problems).toEqual([]);
  const stages = project.triggers.map((one) => one.kind === 'http-api' && [one.path, one.stage]);
  expect(stages).toEqual([
    ['/quick', undefined],
    ['/a', 'v1'],
    ['/b', undefined],
    ['/c', undefined],
    ['/d', 'v2'],
  ]);
});
