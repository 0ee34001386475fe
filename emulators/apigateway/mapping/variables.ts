/** What mapping templates begin with: `$context`, `$stageVariables`, `$input`, `$util`. */
import { isRecord } from '../../../src/model/json.ts';
import { evaluateTemplate } from '../../../src/std/vtl/evaluate.ts';
import type { Malformed } from '../answer.ts';
import type { Caller } from '../authorizers/access.ts';
import { contextV1, headersV1, queryV1 } from '../event-v1.ts';
import type { Incoming } from '../incoming.ts';
import type { Target } from '../targets.ts';
import { type CompiledTemplate, templateWords } from './compile.ts';
import { makeInput, type Parameters, util } from './hosts.ts';

export interface MappedRequest {
  readonly incoming: Incoming;
  readonly target: Target;
  /** Percent-encoded, without the stage. */
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>> | undefined;
  readonly accountId: string;
  readonly caller: Caller | undefined;
}

/** Of one request: what its request template sets in the context its response template sees. */
export interface Variables {
  readonly context: Readonly<Record<string, unknown>>;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly parameters: Parameters;
}

export function makeVariables({
  incoming,
  target,
  path,
  parameters = {},
  accountId,
  caller,
}: MappedRequest): Variables {
  const requestOverride = { header: {}, path: {}, querystring: {} };
  const responseOverride = { header: {} };
  const context = structuredClone(contextV1(incoming, target, path, accountId, caller));
  return {
    context: { ...context, requestOverride, responseOverride },
    stageVariables: target.stageVariables ?? {},
    parameters: {
      path: parameters,
      querystring: queryV1(incoming.rawQuery)?.last ?? {},
      header: headersV1(incoming).last,
    },
  };
}

/** `read` is the body as templates look into it. */
export function render(
  template: CompiledTemplate,
  { context, stageVariables, parameters }: Variables,
  body: string,
  read: () => unknown,
): string | Malformed {
  if ('broken' in template) return { malformed: template.broken };
  const input = makeInput(body, read, parameters);
  try {
    return evaluateTemplate(template.nodes, { input, util, context, stageVariables });
  } catch (failure) {
    return { malformed: templateWords(failure) };
  }
}

/** The entry at a path of maps; undefined where there is none. */
export function entryAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, step) => (isRecord(found) && Object.hasOwn(found, step) ? found[step] : undefined),
    value,
  );
}

/** A value where a text is asked for: maps and lists as JSON, nothing for null. */
export function plainText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
