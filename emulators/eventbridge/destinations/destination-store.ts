/** Connections and the API destinations that use them. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Store } from '../../../src/model/platform.ts';
import { notFound } from '../errors.ts';

export const AUTHORIZATION_TYPES = ['BASIC', 'OAUTH_CLIENT_CREDENTIALS', 'API_KEY'] as const;
export type AuthorizationType = (typeof AUTHORIZATION_TYPES)[number];

export interface ConnectionRecord {
  readonly name: string;
  readonly arn: string;
  readonly secretArn: string;
  readonly description?: string;
  readonly authorizationType: AuthorizationType;
  /** As they were given, with their secrets. */
  readonly authParameters: JsonObject;
  readonly state: 'AUTHORIZED' | 'DEAUTHORIZED';
  /** Epoch ms. */
  readonly createdAt: number;
  readonly changedAt: number;
  readonly declared?: string;
}

export const METHODS = ['POST', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

export interface DestinationRecord {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly connectionArn: string;
  /** With a `*` for each path parameter. */
  readonly url: string;
  readonly method: Method;
  readonly invocationsPerSecond: number;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly changedAt: number;
  readonly declared?: string;
}

interface Kept<R> {
  all(): readonly R[];
  find(name: string): R | undefined;
  byArn(arn: string): R | undefined;
  /** Throws the service's error. */
  get(name: string): R;
  save(record: R): void;
  remove(name: string): void;
}

export interface Destinations {
  readonly connections: Kept<ConnectionRecord>;
  readonly destinations: Kept<DestinationRecord>;
}

export function openDestinations(store: Store): Destinations {
  return {
    connections: keep<ConnectionRecord>(store, 'events:connections', (name) => `Connection '${name}'`),
    destinations: keep<DestinationRecord>(
      store,
      'events:destinations',
      (name) => `Failed to describe the api-destination(s). An api-destination '${name}'`,
    ),
  };
}

function keep<R extends { readonly name: string; readonly arn: string }>(
  store: Store,
  map: string,
  called: (name: string) => string,
): Kept<R> {
  const records = store.map<R>(map);
  const all = () => [...records.range()].map(({ value }) => value);
  return {
    all,
    find: (name) => records.get(name),
    byArn: (arn) => records.get(nameIn(arn)),
    get(name) {
      const record = records.get(name);
      if (!record) throw notFound(called(name));
      return record;
    },
    save: (record) => records.put(record.name, record),
    remove: (name) => records.remove(name),
  };
}

/** `…:connection/name/id` → `name`. */
function nameIn(arn: string): string {
  return arn.split('/')[1] ?? arn;
}
