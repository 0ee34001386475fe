/** The forms a function's name takes: name, `name:qualifier`, partial ARN, full ARN; and which code a qualifier means. */
import type { EmulatorContext } from '../../src/model/emulator.ts';
import type { FunctionSpec } from '../../src/model/project.ts';
import { type AliasRecord, openRecords } from './deployed/records.ts';
import { functionNotFound, qualifierMismatch, validation } from './errors.ts';

export interface FunctionName {
  readonly name: string;
  readonly qualifier?: string;
}

const PATTERN =
  /^(?:arn:[\w-]+:lambda:)?(?:[a-z]{2,4}(?:-[a-z]+)+-\d:)?(?:\d{12}:)?(?:function:)?([\w.-]+)(?::(\$LATEST|[\w-]+))?$/;

/** Throws the service's error for what is no name. `qualifier` is the request's own. */
export function parseFunctionName(text: string, qualifier: string | null): FunctionName {
  const found = PATTERN.exec(text);
  if (!found?.[1])
    throw validation(
      text,
      'functionName',
      'regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?',
    );
  const [, name, own] = found;
  if (own !== undefined && qualifier !== null && own !== qualifier) throw qualifierMismatch();
  const either = own ?? qualifier;
  return either === null ? { name } : { name, qualifier: either };
}

/** The function of that name in the cloud, or of that id in the project; of its versions the one the qualifier means. */
export function findFunction(context: EmulatorContext, name: FunctionName): FunctionSpec {
  const current = findCurrent(context, name);
  return name.qualifier === undefined || name.qualifier === '$LATEST'
    ? current
    : findVersion(context, current, name.qualifier);
}

/** As the function is told that it was called: by the version or alias that was named. */
export function qualifiedArn({ arn, version }: FunctionSpec, qualifier: string): string {
  return `${version === undefined ? arn : arn.slice(0, -version.length - 1)}:${qualifier}`;
}

/** Its `$LATEST`. Throws the service's error when there is none. */
export function findCurrent(context: EmulatorContext, { name, qualifier }: FunctionName): FunctionSpec {
  const all = context.functions();
  const found =
    all.find((fn) => fn.name === name && fn.version === undefined) ?? all.find((fn) => fn.id === name);
  if (found) return found;
  const arn = `arn:aws:lambda:${context.region}:${context.accountId}:function:${name}`;
  throw functionNotFound(qualifier === undefined ? arn : `${arn}:${qualifier}`);
}

/** The project's functions have versions and aliases the session does not know of: those mean the code there is. */
function findVersion(context: EmulatorContext, current: FunctionSpec, qualifier: string): FunctionSpec {
  const records = openRecords(context.store);
  const alias = records.aliases.get([current.name, qualifier]);
  const version = alias ? chooseVersion(alias, context) : qualifier;
  if (version === '$LATEST') return current;
  const found = context.functions().find((fn) => fn.name === current.name && fn.version === version);
  if (found) return found;
  if (!records.functions.has(current.name)) return current;
  throw functionNotFound(`${current.arn}:${qualifier}`);
}

/** By the shares of its routing configuration. */
function chooseVersion({ version, weights }: AliasRecord, { ids }: EmulatorContext): string {
  const further = Object.entries(weights);
  if (further.length === 0) return version;
  let drawn = Number.parseInt(ids.hex(4), 16) / 0x1_0000_0000;
  for (const [other, share] of further) {
    if (drawn < share) return other;
    drawn -= share;
  }
  return version;
}
