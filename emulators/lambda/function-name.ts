/** The forms a function's name takes: name, `name:qualifier`, partial ARN, full ARN. */
import type { EmulatorContext } from '../../src/model/emulator.ts';
import type { FunctionSpec } from '../../src/model/project.ts';
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

/**
 * The function of that name in the cloud, or of that id in the project. Versions and aliases all mean the code
 * there is: nothing is published here. Throws the service's error when there is none.
 */
export function findFunction(context: EmulatorContext, { name, qualifier }: FunctionName): FunctionSpec {
  const all = context.functions();
  const found = all.find((fn) => fn.name === name) ?? all.find((fn) => fn.id === name);
  if (found) return found;
  const arn = `arn:aws:lambda:${context.region}:${context.accountId}:function:${name}`;
  throw functionNotFound(qualifier === undefined ? arn : `${arn}:${qualifier}`);
}
