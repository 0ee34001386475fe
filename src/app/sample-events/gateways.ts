/** Requests through load balancers and WebSocket APIs, and what authorizers are asked. */
import { formatGatewayTime } from '../../../emulators/apigateway/gateway-time.ts';
import { httpApiPath } from '../../../emulators/apigateway/http-api-path.ts';
import { parseQuery } from '../../../emulators/apigateway/incoming.ts';
import { pathParameters, requestOf } from './http.ts';
import { arn, oneOf, type Sample, type SampleOption, type SampleSource } from './sample.ts';

const REQUEST: readonly SampleOption[] = ['method', 'path', 'query', 'header', 'body'];
const AUTHORIZED: readonly SampleOption[] = [
  'method',
  'path',
  'resource',
  'query',
  'header',
  'token',
  'stage',
];

export const gatewaySources: readonly SampleSource[] = [
  {
    name: 'alb',
    describe: 'Application Load Balancer, a request to its target group',
    type: 'ALBEvent',
    options: REQUEST,
    make: makeBalanced,
  },
  {
    name: 'websocket',
    describe: 'WebSocket API: --type CONNECT, MESSAGE or DISCONNECT',
    type: 'APIGatewayProxyWebsocketEventV2',
    options: ['type', 'body', 'stage', 'name'],
    make: makeSocketEvent,
  },
  {
    name: 'authorizer-token',
    describe: 'REST API authorizer of kind TOKEN',
    type: 'APIGatewayTokenAuthorizerEvent',
    options: ['token', 'method', 'path', 'stage'],
    make: (sample) => ({
      type: 'TOKEN',
      methodArn: methodArn(sample),
      authorizationToken: tokenOf(sample),
    }),
  },
  {
    name: 'authorizer-request',
    describe: 'REST API authorizer of kind REQUEST',
    type: 'APIGatewayRequestAuthorizerEvent',
    options: AUTHORIZED,
    make: makeRequestAuthorizer,
  },
  {
    name: 'authorizer-http-api',
    describe: 'HTTP API authorizer, format 2.0',
    type: 'APIGatewayRequestAuthorizerEventV2',
    options: AUTHORIZED,
    make: makeHttpApiAuthorizer,
  },
];

function tokenOf({ given: { token = 'Bearer local' } }: Sample): string {
  return token;
}

function makeBalanced(sample: Sample) {
  const { method, path, query, headers, body } = requestOf(sample);
  return {
    requestContext: {
      elb: {
        targetGroupArn: arn(sample, 'elasticloadbalancing', `targetgroup/local/${sample.ids.hex(8)}`),
      },
    },
    httpMethod: method,
    path,
    // Not decoded, as the load balancer leaves them.
    queryStringParameters: Object.fromEntries(
      query
        .split('&')
        .filter((part) => part !== '')
        .map((part) => [part.split('=', 1)[0] ?? '', part.slice(part.indexOf('=') + 1)]),
    ),
    headers: {
      host: 'local.elb.amazonaws.com',
      ...Object.fromEntries(headers),
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': '80',
      'x-forwarded-proto': 'http',
    },
    body: body ?? '',
    isBase64Encoded: false,
  };
}

const ROUTES = { CONNECT: '$connect', MESSAGE: '$default', DISCONNECT: '$disconnect' } as const;

function makeSocketEvent(sample: Sample) {
  const { ids, at, region, given } = sample;
  const type = oneOf(given.type ?? 'MESSAGE', ['CONNECT', 'MESSAGE', 'DISCONNECT'], 'type');
  const apiId = ids.hex(5);
  const domainName = `${apiId}.execute-api.${region}.amazonaws.com`;
  return {
    ...(type === 'CONNECT' && {
      headers: { Host: domainName, 'Sec-WebSocket-Version': '13' },
      multiValueHeaders: { Host: [domainName], 'Sec-WebSocket-Version': ['13'] },
    }),
    requestContext: {
      routeKey: given.name ?? ROUTES[type],
      ...(type === 'MESSAGE' && { messageId: `${ids.hex(6)}=` }),
      eventType: type,
      extendedRequestId: ids.hex(6),
      requestTime: formatGatewayTime(at),
      messageDirection: 'IN',
      stage: given.stage ?? 'dev',
      connectedAt: at,
      requestTimeEpoch: at,
      identity: { sourceIp: '127.0.0.1' },
      requestId: ids.hex(6),
      domainName,
      connectionId: `${ids.hex(6)}=`,
      apiId,
    },
    ...(type === 'MESSAGE' && { body: given.body ?? '{"action":"hello"}' }),
    isBase64Encoded: false,
  };
}

function methodArn(sample: Sample): string {
  const { method, path } = requestOf(sample);
  return arn(sample, 'execute-api', `local/${sample.given.stage ?? 'dev'}/${method}${path}`);
}

function authorizedRequest(sample: Sample) {
  const request = requestOf(sample);
  const resource = sample.given.resource ?? request.path;
  const headers = Object.fromEntries([...request.headers, ['authorization', tokenOf(sample)]]);
  const query = Object.fromEntries(parseQuery(request.query));
  return { ...request, resource, headers, query, parameters: pathParameters(resource, request.path) };
}

function makeRequestAuthorizer(sample: Sample) {
  const { ids, at, accountId, given } = sample;
  const { method, path, resource, headers, query, parameters } = authorizedRequest(sample);
  const stage = given.stage ?? 'dev';
  const inLists = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
  return {
    type: 'REQUEST',
    methodArn: methodArn(sample),
    resource,
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: inLists(headers),
    queryStringParameters: query,
    multiValueQueryStringParameters: inLists(query),
    pathParameters: parameters ?? {},
    stageVariables: {},
    requestContext: {
      accountId,
      apiId: 'local',
      domainName: 'local.execute-api.amazonaws.com',
      domainPrefix: 'local',
      extendedRequestId: ids.hex(8),
      httpMethod: method,
      identity: ANONYMOUS,
      path: `/${stage}${path}`,
      protocol: 'HTTP/1.1',
      requestId: ids.uuid(),
      requestTime: formatGatewayTime(at),
      requestTimeEpoch: at,
      resourceId: ids.hex(3),
      resourcePath: resource,
      stage,
    },
  };
}

const ANONYMOUS = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp: '127.0.0.1',
  user: null,
  userAgent: 'sls-local',
  userArn: null,
};

function makeHttpApiAuthorizer(sample: Sample) {
  const { ids, at, accountId, given } = sample;
  const { method, path, resource, headers, query, parameters, query: queryText } = authorizedRequest(sample);
  const routeKey = `${method} ${resource}`;
  const stage = given.stage ?? '$default';
  const rawPath = httpApiPath({ stage }, path);
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn: arn(sample, 'execute-api', `local/${stage}/${method}${path}`),
    identitySource: [tokenOf(sample)],
    routeKey,
    rawPath,
    rawQueryString: new URLSearchParams(queryText).toString(),
    cookies: [],
    headers,
    queryStringParameters: query,
    requestContext: {
      accountId,
      apiId: 'local',
      domainName: 'local.execute-api.amazonaws.com',
      domainPrefix: 'local',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'sls-local' },
      requestId: ids.uuid(),
      routeKey,
      stage,
      time: formatGatewayTime(at),
      timeEpoch: at,
    },
    pathParameters: parameters ?? {},
    stageVariables: {},
  };
}
