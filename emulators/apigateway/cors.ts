/** Cross-origin rules of HTTP APIs and function URLs, which the platform applies itself, and REST's mocked OPTIONS. */
import type { Cors } from '../../src/model/project.ts';
import type { Answer } from './answer.ts';
import type { Incoming } from './incoming.ts';

/** An OPTIONS request a browser sends ahead of the real one. */
export function isPreflight(incoming: Incoming): boolean {
  return (
    incoming.method === 'OPTIONS' &&
    incoming.headers.origin !== undefined &&
    incoming.headers['access-control-request-method'] !== undefined
  );
}

/** 204 from an HTTP API, 200 from a function URL; without cross-origin headers when the origin is not allowed. */
export function preflightAnswer(cors: Cors, origin: string, status: number): Answer {
  const allowed = allowedOrigin(cors, origin);
  const headers: string[] = [];
  if (allowed === undefined) return { status, headers, body: undefined };
  addOrigin(headers, cors, allowed);
  if (cors.allowMethods.length > 0) headers.push('access-control-allow-methods', cors.allowMethods.join(','));
  if (cors.allowHeaders.length > 0) headers.push('access-control-allow-headers', cors.allowHeaders.join(','));
  addExposed(headers, cors);
  if (cors.maxAgeSeconds !== undefined) headers.push('access-control-max-age', String(cors.maxAgeSeconds));
  return { status, headers, body: undefined };
}

/** Adds the headers of an actual response to a cross-origin request. */
export function addCorsHeaders(into: string[], cors: Cors, origin: string | undefined): void {
  if (origin === undefined) return;
  const allowed = allowedOrigin(cors, origin);
  if (allowed === undefined) return;
  addOrigin(into, cors, allowed);
  addExposed(into, cors);
}

/** Where the platform answers for it, the function's own cross-origin headers do not count. */
export function isCorsHeader(lowerName: string): boolean {
  return lowerName.startsWith('access-control-');
}

/** The OPTIONS method that `cors: true` adds to a REST resource: a mock that answers 200 whatever is asked. */
export function mockOptions(cors: Cors, methods: readonly string[], origin: string | undefined): Answer {
  const [first = '*'] = cors.allowOrigins;
  const allowed = (origin === undefined ? undefined : allowedOrigin(cors, origin)) ?? first;
  const headers = ['content-type', 'application/json'];
  addOrigin(headers, cors, allowed);
  headers.push('access-control-allow-methods', methods.join(','));
  if (cors.allowHeaders.length > 0) headers.push('access-control-allow-headers', cors.allowHeaders.join(','));
  if (cors.maxAgeSeconds !== undefined) headers.push('access-control-max-age', String(cors.maxAgeSeconds));
  return { status: 200, headers, body: '' };
}

function allowedOrigin(cors: Cors, origin: string): string | undefined {
  if (cors.allowOrigins.includes('*')) return '*';
  const matches = (pattern: string) =>
    pattern === origin || (pattern.includes('*') && wildcard(pattern).test(origin));
  return cors.allowOrigins.some(matches) ? origin : undefined;
}

function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

function addOrigin(into: string[], cors: Cors, allowed: string): void {
  into.push('access-control-allow-origin', allowed);
  if (allowed !== '*') into.push('vary', 'origin');
  if (cors.allowCredentials) into.push('access-control-allow-credentials', 'true');
}

function addExposed(into: string[], cors: Cors): void {
  if (cors.exposeHeaders.length > 0) into.push('access-control-expose-headers', cors.exposeHeaders.join(','));
}
