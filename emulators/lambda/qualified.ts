/** The function and the version or alias whose settings a request is about. */

import type { FunctionSpec } from '../../src/model/project.ts';
import type { RestRequest } from '../../src/model/service-api.ts';
import type { Records } from './deployed/records.ts';
import { functionNotFound } from './errors.ts';
import { findCurrent, parseFunctionName } from './function-name.ts';
import type { Service } from './service.ts';

export interface Qualified {
  /** Its `$LATEST`. */
  readonly fn: FunctionSpec;
  /** `$LATEST` where the request names none. */
  readonly qualifier: string;
  /** As the service tells it: qualified where the request is. */
  readonly arn: string;
}

/** Throws the service's error where there is no such function, version or alias. */
export function namedQualified(
  { context, records }: Service,
  { pathParameters, query }: RestRequest,
): Qualified {
  const named = parseFunctionName(pathParameters.FunctionName ?? '', query.get('Qualifier'));
  const fn = findCurrent(context, named);
  const { qualifier = '$LATEST' } = named;
  if (!isThere(records, fn.name, qualifier)) throw functionNotFound(`${fn.arn}:${qualifier}`);
  return { fn, qualifier, arn: named.qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}` };
}

export function isVersion(qualifier: string): boolean {
  return /^\d+$/.test(qualifier);
}

function isThere({ versions, aliases }: Records, name: string, qualifier: string): boolean {
  if (qualifier === '$LATEST') return true;
  return isVersion(qualifier) ? versions.has([name, Number(qualifier)]) : aliases.has([name, qualifier]);
}
