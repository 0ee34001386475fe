/** Finds the service a request is for among those that run now. */
import type { JsonApi, RawApi, ServiceApi } from '../../src/model/service-api.ts';
import { makeRouter, type Router } from './router.ts';

export interface Directory {
  readonly services: readonly string[];
  /** By the part of `X-Amz-Target` before its last dot. */
  byTarget(prefix: string): JsonApi | undefined;
  byService(service: string): ServiceApi | undefined;
  /** The service that answers a query-protocol call: by signing name, else by API version, else by operation name. */
  byQuery(service: string | undefined, version: string | null, action: string): JsonApi | undefined;
  readonly router: Router;
  /** Services that read the request themselves. */
  readonly raw: readonly RawApi[];
}

/** Answers the same directory as long as the same services run. */
export function makeDirectoryCache(apis: () => readonly ServiceApi[]): () => Directory {
  let known: readonly ServiceApi[] = [];
  let directory = makeDirectory(known);
  return () => {
    const now = apis();
    if (now.length !== known.length || now.some((api, at) => api !== known[at])) {
      known = [...now];
      directory = makeDirectory(known);
    }
    return directory;
  };
}

function makeDirectory(apis: readonly ServiceApi[]): Directory {
  const json = apis.filter((api) => api.protocol === 'json');
  const targets = new Map(json.map((api) => [api.targetPrefix, api]));
  const services = new Map(apis.map((api) => [api.service, api]));
  const queries = json.filter((api) => api.query);
  return {
    services: [...services.keys()],
    byTarget: (prefix) => targets.get(prefix),
    byService: (service) => services.get(service),
    byQuery: (service, version, action) =>
      queries.find((api) => api.service === service) ??
      (service !== undefined
        ? undefined
        : (queries.find((api) => api.query?.version === version) ??
          queries.find((api) => Object.hasOwn(api.operations, action)))),
    router: makeRouter(apis),
    raw: apis.filter((api) => api.protocol === 'raw'),
  };
}
