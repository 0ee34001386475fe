/** `http` and `httpApi` events: routes of a REST API and of an HTTP API. */
import type { HttpApiTrigger, HttpMethod, RestApiTrigger } from '../../model/project.ts';
import { isMap } from '../cloudformation/template.ts';
import { type Fields, makeFields } from '../fields.ts';
import type { Path } from '../yaml.ts';
import { httpAuthorizerOf, restAuthorizerOf } from './authorizers.ts';
import { restApiCors } from './cors.ts';
import type { EventContext } from './event-context.ts';
import { httpApiKeys, httpKeys } from './known-keys.ts';
import { lambdaIntegration, mockIntegration } from './lambda-integration.ts';
import { requestCheck } from './request-schemas.ts';

/** API Gateway's own limits: 29 s for a REST API, 30 s for an HTTP API. */
const REST_TIMEOUT_MS = 29_000;
const HTTP_TIMEOUT_MS = 30_000;

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'ANY'] as const;
const mappedIntegrations = new Set(['lambda', 'aws']);
const proxyIntegrations = new Set(['lambda-proxy', 'lambda_proxy', 'aws_proxy', 'aws-proxy']);

interface Route {
  readonly method: HttpMethod;
  readonly path: string;
}

/** `'GET /orders'`, or `{ path, method, … }`. */
export function lowerHttpEvent(value: unknown, path: Path, context: EventContext): RestApiTrigger[] {
  const section = sectionOf(value, path, context);
  section.unknownKeys(httpKeys);
  const route = routeOf(section, 'http');
  if (!route) return [];
  const isMock = section.text('integration')?.toLowerCase() === 'mock';
  const mapping = isMapped(section) ? lambdaIntegration(section) : undefined;
  if (!mapping && !isMock && !isProxied(section)) return [];
  const authorizer = restAuthorizerOf(section, context);
  const check = requestCheck(section, context.settings.restApi.schemas);
  const cors = restApiCors(section, route.method);
  const isKeyed = section.flag('private') && !context.settings.keysOfAuthorizers;
  const shared = {
    ...{ ...route, stage: context.settings.restApi.stage, place: section.place },
    ...(cors ? { cors } : {}),
    ...(authorizer ? { authorizer } : {}),
    ...(isKeyed ? { apiKeys: context.access.apiKeys } : {}),
    ...(check ? { requestCheck: check } : {}),
  };
  if (isMock) {
    const name = `${route.method} ${route.path}`;
    context.declare({ kind: 'rest-mock', name, ...shared, mapping: mockIntegration(section) });
    return [];
  }
  const operationName = section.text('operationId');
  return [
    {
      kind: 'rest-api',
      functionId: context.functionId,
      ...shared,
      timeoutMs: section.number('timeoutInMillis', { min: 50 }) ?? REST_TIMEOUT_MS,
      binaryMediaTypes: context.settings.restApi.binaryMediaTypes,
      ...(mapping ? { mapping } : {}),
      ...(operationName ? { operationName } : {}),
    },
  ];
}

/** The function gets an event that templates make, and the API makes the response; `async: true` alone says that too. */
function isMapped(section: Fields): boolean {
  const usual = section.values.async === true ? 'lambda' : 'lambda-proxy';
  return mappedIntegrations.has(section.text('integration')?.toLowerCase() ?? usual);
}

/** `'*'`, `'GET /orders'`, or `{ path, method, authorizer }`. */
export function lowerHttpApiEvent(value: unknown, path: Path, context: EventContext): HttpApiTrigger[] {
  const section = sectionOf(value, path, context);
  section.unknownKeys(httpApiKeys);
  const route = routeOf(section, 'httpApi');
  if (!route) return [];
  const authorizer = httpAuthorizerOf(section, context);
  const { cors } = context.settings.httpApi;
  return [
    {
      kind: 'http-api',
      functionId: context.functionId,
      ...route,
      payloadFormat: context.payloadFormat,
      timeoutMs: HTTP_TIMEOUT_MS,
      ...(cors ? { cors } : {}),
      ...(authorizer ? { authorizer } : {}),
      place: section.place,
    },
  ];
}

/** The short form becomes the long one: `get users/list` → `{ method: get, path: users/list }`. */
function sectionOf(value: unknown, path: Path, context: EventContext): Fields {
  if (isMap(value)) return makeFields(value, path, context.fields);
  const text = typeof value === 'string' ? value.trim() : '';
  const [first = '', ...rest] = text.split(/\s+/);
  const long = rest.length > 0 ? { method: first, path: rest.join(' ') } : { path: first };
  return makeFields(text === '' ? {} : long, path, context.fields);
}

function routeOf(section: Fields, kind: 'http' | 'httpApi'): Route | undefined {
  const path = section.text('path');
  const written = section.text('method')?.toUpperCase();
  if (path === undefined) {
    section.error({
      code: 'invalid-value',
      message: `${section.subject}: expected a method and a path, such as "GET /orders/{id}"`,
    });
    return undefined;
  }
  if (kind === 'httpApi' && path === '*' && (written === undefined || written === '*'))
    return { method: 'ANY', path: '$default' };
  const method = methods.find((known) => known === (written === '*' ? 'ANY' : written));
  if (method) return { method, path: normalPath(path) };
  section.error({
    code: 'invalid-value',
    message: `${section.subject}: expected a method (${methods.join(', ')}) and a path, found "${written ?? path}"`,
    hint: 'such as "GET /orders/{id}"',
  });
  return undefined;
}

/** Always with a slash in front, never with one at the end. */
function normalPath(path: string): string {
  return `/${path.replace(/^\/+|\/+$/g, '')}`;
}

function isProxied(section: Fields): boolean {
  const integration = section.text('integration')?.toLowerCase() ?? 'lambda-proxy';
  const isAsynchronous = section.values.async === true;
  if (proxyIntegrations.has(integration) && !isAsynchronous) return true;
  section.warn({
    code: 'not-emulated',
    key: isAsynchronous ? 'async' : 'integration',
    message: `the ${isAsynchronous ? 'asynchronous ' : ''}"${integration}" integration is not emulated; the route is left out`,
    hint: isAsynchronous
      ? 'leave integration away: with async: true it is "lambda"'
      : 'use integration: lambda-proxy, the default',
  });
  return false;
}
