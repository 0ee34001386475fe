/** What the operations that look at and change functions share. */
import type { Deployments, EmulatorContext, JsonObject } from '../../src/model/emulator.ts';
import type { FunctionSpec } from '../../src/model/project.ts';
import type { ApiCall, RestReply, RestRequest, RestRoute } from '../../src/model/service-api.ts';
import { type Describe, makeDescribe } from './configuration.ts';
import { type Extras, openExtras } from './deployed/extras.ts';
import { openRecords, type Records } from './deployed/records.ts';
import { notEmulated } from './errors.ts';
import { findCurrent, findFunction, parseFunctionName } from './function-name.ts';

export interface Service {
  readonly context: EmulatorContext;
  readonly records: Records;
  readonly extras: Extras;
  readonly describe: Describe;
  /** Throws where functions cannot be deployed (no session runs). */
  deployments(): Deployments;
}

export function makeService(context: EmulatorContext): Service {
  return {
    context,
    records: openRecords(context.store),
    extras: openExtras(context.store),
    describe: makeDescribe(context),
    deployments: () => {
      if (context.deployments) return context.deployments;
      throw notEmulated('deploying functions where no session runs');
    },
  };
}

/** A route whose path has `{FunctionName}`. */
export function functionRoute(
  operation: string,
  method: string,
  path: string,
  handle: RestRoute['handle'],
): RestRoute {
  return { operation, method, path, handle, targetOf: (request) => request.pathParameters.FunctionName };
}

/** The function a request's path names, by its `Qualifier` too. */
export function namedFunction({ context }: Service, { pathParameters, query }: RestRequest): FunctionSpec {
  return findFunction(context, parseFunctionName(pathParameters.FunctionName ?? '', query.get('Qualifier')));
}

/** The same without its qualifier. */
export function namedCurrent({ context }: Service, { pathParameters }: RestRequest): FunctionSpec {
  return findCurrent(context, parseFunctionName(pathParameters.FunctionName ?? '', null));
}

export function reply(status: number, body: JsonObject): RestReply {
  return { status, body: JSON.stringify(body) };
}

/** The description of a function as it is after `follow`. */
export function describeNow(
  service: Service,
  name: string,
  version: string | undefined,
  call: ApiCall,
): JsonObject {
  const fn = findFunction(service.context, version === undefined ? { name } : { name, qualifier: version });
  return service.describe(fn, call);
}

/** One page of a sorted list: those after the marker. */
export function pageOf<T>(
  items: readonly T[],
  { query }: RestRequest,
  keyOf: (item: T) => string,
  mostPerPage = 50,
): { readonly shown: readonly T[]; readonly next: { readonly NextMarker?: string } } {
  const after = query.get('Marker');
  const size = Math.min(Math.max(1, Number(query.get('MaxItems')) || mostPerPage), mostPerPage);
  const from = after ? items.findIndex((item) => keyOf(item) === after) + 1 : 0;
  const shown = items.slice(from, from + size);
  const last = shown.at(-1);
  const isEnd = last === undefined || from + size >= items.length;
  return { shown, next: isEnd ? {} : { NextMarker: keyOf(last) } };
}
