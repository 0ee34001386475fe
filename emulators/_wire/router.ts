/** Matches REST paths like `/2015-03-31/functions/{FunctionName}/invocations` against requests. */
import type { RestApi, RestRoute, ServiceApi } from '../../src/model/service-api.ts';

export interface Matched {
  readonly api: RestApi;
  readonly route: RestRoute;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Compiled {
  readonly api: RestApi;
  readonly route: RestRoute;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

export interface Router {
  /** The route of `service` where it is known, else the first that fits. A path that is not valid percent-encoding fits none. */
  match(method: string, path: string, service: string | undefined): Matched | undefined;
}

export function makeRouter(apis: readonly ServiceApi[]): Router {
  const compiled = apis
    .filter((api) => api.protocol === 'rest-json')
    .flatMap((api) => api.routes.map((route) => compile(api, route)));

  return {
    match(method, path, service) {
      let found: Matched | undefined;
      for (const candidate of compiled) {
        if (candidate.route.method !== method) continue;
        const matched = matchOne(candidate, path);
        if (!matched) continue;
        if (service === undefined || candidate.api.service === service) return matched;
        found ??= matched;
      }
      return found;
    },
  };
}

function compile(api: RestApi, route: RestRoute): Compiled {
  const names: string[] = [];
  const pattern = route.path
    .replace(/\/$/, '')
    .replace(/[.*+?^$()|[\]\\]|\{(\w+)(\+?)\}/g, (literal, name, greedy) => {
      if (name === undefined) return `\\${literal}`;
      names.push(name);
      return greedy ? '(.+)' : '([^/]+)';
    });
  return { api, route, pattern: new RegExp(`^${pattern}/?$`), names };
}

function matchOne({ api, route, pattern, names }: Compiled, path: string): Matched | undefined {
  const found = pattern.exec(path);
  if (!found) return undefined;
  try {
    const values = names.map((name, at) => [name, decodeURIComponent(found[at + 1] ?? '')]);
    return { api, route, pathParameters: Object.fromEntries(values) };
  } catch {
    return undefined;
  }
}
