/** Requests through HTTP APIs, REST APIs and function URLs, made by the code that makes those of a session. */
import { makeEventV1 } from '../../../emulators/apigateway/event-v1.ts';
import { makeEventV2 } from '../../../emulators/apigateway/event-v2.ts';
import type { Incoming } from '../../../emulators/apigateway/incoming.ts';
import { makeRouter } from '../../../emulators/apigateway/router.ts';
import {
  GATEWAY_BODY_BYTES,
  type PayloadFormat,
  type Target,
} from '../../../emulators/apigateway/targets.ts';
import { SlsError } from '../../std/errors.ts';
import { makeTraceId } from '../../std/ids.ts';
import { formatTraceHeader } from '../../std/trace-header.ts';
import { namedValues, type Sample, type SampleOption, type SampleSource } from './sample.ts';
import { setMember } from './set-member.ts';

const OPTIONS: readonly SampleOption[] = ['method', 'path', 'resource', 'query', 'header', 'body'];

export const httpSources: readonly SampleSource[] = [
  {
    name: 'http-api',
    describe: 'HTTP API, payload format 2.0',
    type: 'APIGatewayProxyEventV2',
    options: [...OPTIONS, 'stage'],
    make: (sample) => makeRequest(sample, 'http-2.0'),
  },
  {
    name: 'http-api-v1',
    describe: 'HTTP API, payload format 1.0',
    options: [...OPTIONS, 'stage'],
    make: (sample) => makeRequest(sample, 'http-1.0'),
  },
  {
    name: 'rest-api',
    describe: 'REST API, proxy integration',
    type: 'APIGatewayProxyEvent',
    options: [...OPTIONS, 'stage'],
    make: (sample) => withoutCertificate(makeRequest(sample, 'rest')),
  },
  {
    name: 'function-url',
    describe: 'Function URL',
    type: 'LambdaFunctionURLEvent',
    options: OPTIONS.filter((name) => name !== 'resource'),
    make: (sample) => makeRequest(sample, 'url'),
  },
];

/** The type wants to hear that the client showed none; the gateway leaves that out. */
function withoutCertificate(event: unknown): unknown {
  setMember(event, 'requestContext.identity.clientCert:=null');
  return event;
}

/** The parts of a request, with defaults: GET without a body, POST with one. */
export function requestOf({ given }: Sample) {
  const { body, method = body === undefined ? 'GET' : 'POST', path = '/', query = '' } = given;
  if (!path.startsWith('/')) throw new SlsError('bad-option', `--path begins with a slash, found "${path}"`);
  const headers: [string, string][] = [
    ['accept', '*/*'],
    ...(body === undefined ? [] : [['content-type', 'application/json'] satisfies [string, string]]),
  ];
  const named = namedValues(given.header, 'header').map(([name, value]): [string, string] => [
    name.toLowerCase(),
    value,
  ]);
  const replaced = new Set(named.map(([name]) => name));
  return {
    ...{ method: method.toUpperCase(), path, query, body },
    headers: [...headers.filter(([name]) => !replaced.has(name)), ...named],
  };
}

/** What the variables of `resource` stand for in `path`. Throws `SlsError` `bad-option` where it does not fit. */
export function pathParameters(resource: string, path: string): Record<string, string> | undefined {
  const router = makeRouter<true>();
  router.add('ANY', resource, true);
  const found = router.find('ANY', path);
  if (found) return found.parameters;
  throw new SlsError('bad-option', `the path "${path}" does not belong to the resource "${resource}"`);
}

function makeRequest(sample: Sample, format: PayloadFormat): unknown {
  const request = requestOf(sample);
  const { path, method } = request;
  const isUrl = format === 'url';
  const resource = sample.given.resource ?? path;
  const parameters = isUrl ? undefined : pathParameters(resource, path);
  const incoming = incomingOf(sample, request, format);
  const target: Target = {
    ...{ format, functionId: '', resource, timeoutMs: undefined, maximumBodyBytes: GATEWAY_BODY_BYTES },
    api: isUrl ? 'function-url' : format === 'rest' ? 'rest-api' : 'http-api',
    routeKey: isUrl ? '$default' : `${method} ${resource}`,
    stage: sample.given.stage ?? (format === 'rest' ? 'dev' : '$default'),
    apiId: incoming.domainName.slice(0, incoming.domainName.indexOf('.')),
    cors: undefined,
    isBinary: () => false,
  };
  const make = format === 'rest' || format === 'http-1.0' ? makeEventV1 : makeEventV2;
  return JSON.parse(make(incoming, target, path, parameters, sample.accountId));
}

function incomingOf(
  { ids, at, region }: Sample,
  { method, path, query, body, headers }: ReturnType<typeof requestOf>,
  format: PayloadFormat,
): Incoming {
  const domain = format === 'url' ? `lambda-url.${region}.on.aws` : `execute-api.${region}.amazonaws.com`;
  const domainName = `${ids.hex(5)}.${domain}`;
  const all = [['host', domainName], ['user-agent', 'sls-local'], ...headers];
  const trace = { traceId: makeTraceId({ now: () => at }, ids) };
  return {
    ...{ method, rawPath: path, rawQuery: query, domainName, trace, now: at },
    rawHeaders: all.flat(),
    headers: Object.fromEntries(all),
    sourceIp: '127.0.0.1',
    port: 443,
    protocol: 'HTTP/1.1',
    requestId: ids.uuid(),
    traceHeader: formatTraceHeader(trace),
    body: body === undefined ? undefined : Buffer.from(body),
  };
}
