/** Methods, paths and CORS settings as the API types of CloudFormation and SAM write them. */
import type { Cors, HttpMethod } from '../../model/project.ts';
import { asText } from './plain-functions.ts';
import { flagOf, isMap, listOf, numberOf, textOf } from './template.ts';

/** Longest an integration may take, and what it takes when nothing is said. Source: API Gateway quotas. */
export const httpApiTimeoutMs = 30_000;
export const restApiTimeoutMs = 29_000;

/** Of the API types: REST, not HTTP. */
export function isRest({ type }: { readonly type: string }): boolean {
  return type === 'AWS::Serverless::Api' || type === 'AWS::ApiGateway::RestApi';
}

const methods = new Set<string>(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'ANY']);

/** `get`, `ANY`, `*`, `x-amazon-apigateway-any-method`; undefined for what is no method. */
export function methodOf(value: unknown): HttpMethod | undefined {
  const text = asText(value).toUpperCase();
  if (text === '*' || text === 'X-AMAZON-APIGATEWAY-ANY-METHOD') return 'ANY';
  return isMethod(text) ? text : undefined;
}

function isMethod(text: string): text is HttpMethod {
  return methods.has(text);
}

/** Paths begin with a slash; both services take them without as well. */
export function pathOf(value: unknown): string {
  const text = asText(value);
  if (text === '$default' || text === '/$default') return '$default';
  return text.startsWith('/') ? text : `/${text}`;
}

/** `GET /orders/{id}`, `$default`; undefined for anything else. */
export function routeOf(key: string): { readonly method: HttpMethod; readonly path: string } | undefined {
  if (key === '$default') return { method: 'ANY', path: '$default' };
  const [verb, path, ...more] = key.trim().split(/\s+/);
  const method = methodOf(verb);
  return method && path?.startsWith('/') && more.length === 0 ? { method, path } : undefined;
}

/** A name of an OpenAPI extension as templates write it. */
export function capital(key: string): string {
  return `${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
}

/** CORS of an HTTP API or function URL: lists; `true` stands for every origin (SAM). */
export function listedCors(value: unknown): Cors | undefined {
  if (flagOf(value) === true) return corsOf({ AllowOrigins: ['*'] });
  return isMap(value) ? corsOf(value) : undefined;
}

function corsOf(value: Readonly<Record<string, unknown>>): Cors {
  const maxAgeSeconds = numberOf(value.MaxAge);
  return {
    allowOrigins: listOf(value.AllowOrigins).map(asText),
    allowMethods: listOf(value.AllowMethods).map(asText),
    allowHeaders: listOf(value.AllowHeaders).map(asText),
    exposeHeaders: listOf(value.ExposeHeaders).map(asText),
    allowCredentials: flagOf(value.AllowCredentials) ?? false,
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
  };
}

/**
 * CORS of a REST API in SAM: header values in quotes (`"'*'"`), or only that of the origin.
 * Without AllowMethods SAM answers the methods of the path. Source: SAM specification, CorsConfiguration.
 */
export function quotedCors(value: unknown, pathMethods: readonly HttpMethod[]): Cors | undefined {
  if (value === undefined || value === null) return undefined;
  const settings = isMap(value) ? value : { AllowOrigin: value };
  // Source: SAM specification, CorsConfiguration: "'*'" where it says nothing of origins.
  const origin = settings.AllowOrigin === undefined ? '*' : textOf(settings.AllowOrigin);
  if (origin === undefined) return undefined;
  const maxAgeSeconds = numberOf(unquoted(settings.MaxAge));
  const allowMethods = quotedList(settings.AllowMethods);
  return {
    allowOrigins: quotedList(origin),
    allowMethods: allowMethods.length > 0 ? allowMethods : preflightMethods(pathMethods),
    allowHeaders: quotedList(settings.AllowHeaders),
    exposeHeaders: [],
    allowCredentials: flagOf(settings.AllowCredentials) ?? false,
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
  };
}

/** Headers an OPTIONS method answers by itself, by API Gateway's names: `method.response.header.Access-Control-Allow-Origin`. */
export function preflightHeaders(headers: Readonly<Record<string, unknown>>): Cors {
  const header = (name: string) => headers[`method.response.header.Access-Control-${name}`];
  const maxAge = numberOf(unquoted(header('Max-Age')));
  return {
    allowOrigins: quotedList(header('Allow-Origin')),
    allowMethods: quotedList(header('Allow-Methods')),
    allowHeaders: quotedList(header('Allow-Headers')),
    exposeHeaders: quotedList(header('Expose-Headers')),
    allowCredentials: unquoted(header('Allow-Credentials')) === 'true',
    ...(maxAge === undefined ? {} : { maxAgeSeconds: maxAge }),
  };
}

function preflightMethods(methods: readonly HttpMethod[]): string[] {
  if (methods.includes('ANY')) return ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
  return [...new Set([...methods, 'OPTIONS'])].sort();
}

/** `'GET,POST'` in its own quotes → its items. */
function quotedList(value: unknown): string[] {
  const text = unquoted(value);
  return text === '' ? [] : text.split(',').map((item) => item.trim());
}

/** A header value as API Gateway's mappings write it: in single quotes. */
function unquoted(value: unknown): string {
  return asText(value).replace(/^'(.*)'$/, '$1');
}
