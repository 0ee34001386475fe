/** The Extensions API `/2020-01-01/extension/…` and the subscriptions to telemetry, as extensions call them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from '../contracts/runtime-api/refusal.ts';
import { accept, refuse, reply } from '../contracts/runtime-api/reply.ts';
import { readBody } from '../contracts/runtime-api/request-body.ts';
import { Extension } from './extension.ts';
import {
  emptyName,
  invalidFormat,
  invalidIdentifier,
  missingErrorType,
  missingIdentifier,
  unknownIdentifier,
} from './extension-refusal.ts';
import type { ExtensionRegistry } from './registry.ts';

export interface ExtensionsApiOptions {
  readonly registry: ExtensionRegistry;
  /** What an extension learns of the function when it registers. */
  readonly function: {
    readonly functionName: string;
    readonly functionVersion: string;
    readonly handler: string;
  };
  readonly accountId: string;
  onFailure(extension: Extension, kind: 'InitError' | 'ExitError'): void;
  /** Takes the body of a subscription; answers why not. */
  subscribe(extension: Extension, api: 'Telemetry' | 'Logs', body: string): Refusal | undefined;
}

const BASE = '/2020-01-01/extension/';
const SUBSCRIPTIONS: Readonly<Record<string, 'Telemetry' | 'Logs'>> = {
  '/2022-07-01/telemetry': 'Telemetry',
  '/2020-08-15/logs': 'Logs',
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** More than any call here has to say. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Answers a call that is one of its own; false for any other path. */
export type ExtensionsApi = (request: IncomingMessage, response: ServerResponse, path: string) => boolean;

export function makeExtensionsApi(options: ExtensionsApiOptions): ExtensionsApi {
  const { registry } = options;

  const register = async (request: IncomingMessage, response: ServerResponse) => {
    const name = headerOf(request, 'lambda-extension-name');
    const text = await bodyOf(request);
    if (name === '') return refuse(response, emptyName);
    const body = parseRegistration(text);
    if (typeof body === 'string') return refuse(response, invalidFormat(body));
    const extension = registry.register(name, body.events);
    if (!(extension instanceof Extension)) return refuse(response, extension);
    const features = headerOf(request, 'lambda-extension-accept-feature').split(',');
    const wantsAccount = features.some((feature) => feature.trim() === 'accountId');
    const answer = { ...options.function, ...(wantsAccount && { accountId: options.accountId }) };
    reply(response, 200, JSON.stringify(answer), ['Lambda-Extension-Identifier', extension.id]);
  };

  const next = (response: ServerResponse, extension: Extension) => {
    const answer = (event: string) =>
      reply(response, 200, event, ['Lambda-Extension-Event-Identifier', extension.id]);
    const refusal = extension.next(answer);
    if (refusal) return refuse(response, refusal);
    response.once('close', () => extension.lost(answer));
  };

  const fail = (
    request: IncomingMessage,
    response: ServerResponse,
    extension: Extension,
    kind: 'InitError' | 'ExitError',
  ) => {
    const errorType = headerOf(request, 'lambda-extension-function-error-type');
    const refusal = errorType === '' ? missingErrorType : extension.fail(kind, errorType);
    if (refusal) return refuse(response, refusal);
    accept(response);
    options.onFailure(extension, kind);
  };

  const subscribe = async (
    request: IncomingMessage,
    response: ServerResponse,
    extension: Extension,
    api: 'Telemetry' | 'Logs',
  ) => {
    const refusal = options.subscribe(extension, api, await bodyOf(request));
    if (refusal) return refuse(response, refusal);
    reply(response, 200, '"OK"');
  };

  /** Calls of a registered extension. */
  const route = async (request: IncomingMessage, response: ServerResponse, path: string) => {
    const extension = callerOf(request, registry);
    const api = SUBSCRIPTIONS[path];
    if (extension instanceof Extension && api) return subscribe(request, response, extension, api);
    // Read to its end: the connection serves the next call.
    await bodyOf(request);
    if (!(extension instanceof Extension)) return refuse(response, extension);
    if (path === `${BASE}event/next`) return next(response, extension);
    fail(request, response, extension, path === `${BASE}init/error` ? 'InitError' : 'ExitError');
  };

  return (request, response, path) => {
    if (!isOurs(request.method, path)) return false;
    void (path === `${BASE}register` ? register(request, response) : route(request, response, path));
    return true;
  };
}

function isOurs(method: string | undefined, path: string): boolean {
  if (method === 'PUT') return Object.hasOwn(SUBSCRIPTIONS, path);
  if (method === 'GET') return path === `${BASE}event/next`;
  return method === 'POST' && ['register', 'init/error', 'exit/error'].some((name) => path === BASE + name);
}

function callerOf(request: IncomingMessage, registry: ExtensionRegistry): Extension | Refusal {
  const id = headerOf(request, 'lambda-extension-identifier');
  if (id === '') return missingIdentifier;
  if (!UUID.test(id)) return invalidIdentifier;
  return registry.find(id.toLowerCase()) ?? unknownIdentifier(id);
}

/** What is wrong with it, as text. */
function parseRegistration(body: string): { readonly events: readonly string[] } | string {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null) return 'the body is not a JSON object';
    const { events = [], configurationKeys = [] } = value as {
      events?: unknown;
      configurationKeys?: unknown;
    };
    if (Array.isArray(configurationKeys) && configurationKeys.length > 0)
      return 'configurationKeys are deprecated; use environment variables instead';
    if (events !== null && !Array.isArray(events)) return '"events" is not a list';
    return { events: (events ?? []).map(String) };
  } catch (failure) {
    return failure instanceof Error ? failure.message : String(failure);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const body = await readBody(request, MAX_BODY_BYTES);
  return body.status === 'complete' ? body.bytes.toString('utf8') : '';
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
