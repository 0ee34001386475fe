/** What a service knows of who may call its routes: authorizers it declares, API keys, functions authorizers may be. */
import type { ApiKey, RouteAuthorizer } from '../../model/authorizers.ts';
import type { AuthorizerContext } from '../authorizers.ts';
import { apiKeysOf, lowerHttpAuthorizers, lowerRestAuthorizers } from '../cloudformation/api-authorizers.ts';
import { authorizerContext } from '../cloudformation/authorizer-context.ts';
import { isMap, listOf, textOf } from '../cloudformation/template.ts';
import type { TriggerContext } from '../cloudformation/trigger-context.ts';
import type { Fields } from '../fields.ts';

export interface Access {
  /** Whether there is a function of this key. */
  hasFunction(key: string): boolean;
  /** For what an authorizer below `key` of the section is made of; `named` takes keys of functions too. */
  context(section: Fields, key?: string): AuthorizerContext;
  /** Authorizers of `resources`, by what `Ref` of each gives. */
  restById(id: string): RouteAuthorizer | undefined;
  httpById(id: string): RouteAuthorizer | undefined;
  /** Those that have a value. */
  readonly apiKeys: readonly ApiKey[];
}

export interface AccessOptions {
  /** Of the service's template. */
  readonly template: TriggerContext;
  /** Keys of all functions. */
  readonly functions: ReadonlySet<string>;
  /** `provider.apiGateway.apiKeys`. */
  readonly apiKeys: unknown;
}

export function makeAccess({ template, functions, apiKeys }: AccessOptions): Access {
  const rest = once(() => lowerRestAuthorizers(template));
  const http = once(() => lowerHttpAuthorizers(template));
  return {
    hasFunction: (key) => functions.has(key),
    context(section, key) {
      const found = authorizerContext(template, section.path);
      return {
        ...found,
        named: (text) => (functions.has(text) ? text : found.named(text)),
        warn: (code, message, hint) =>
          section.warn({ code, message, ...(hint && { hint }), ...(key && { key }) }),
      };
    },
    restById: (id) => rest().get(id),
    httpById: (id) => http().get(id),
    apiKeys: [...keysOf(apiKeys), ...apiKeysOf(template)],
  };
}

/** Names, maps with a value, and usage plans with lists of both. */
function keysOf(written: unknown): ApiKey[] {
  return listOf(written).flatMap((entry): ApiKey[] => {
    if (!isMap(entry)) return [];
    const value = textOf(entry.value);
    if (value !== undefined) {
      const name = textOf(entry.name) ?? 'key';
      return entry.enabled === false ? [] : [{ id: idOf(value), name, value }];
    }
    return Object.values(entry).flatMap((plan) => (Array.isArray(plan) ? keysOf(plan) : []));
  });
}

/** Ten letters and digits that do not give the key away. */
function idOf(value: string): string {
  let hash = 5381n;
  for (const character of value) hash = (hash * 33n + BigInt(character.codePointAt(0) ?? 0)) % 36n ** 10n;
  return hash.toString(36).padStart(10, '0');
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
