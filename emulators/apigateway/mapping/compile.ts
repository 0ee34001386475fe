/** Parses the templates and expressions of a route once, when the project is loaded. */
import type {
  IntegrationMapping,
  MappedResponse,
  PassThrough,
  RequestTemplate,
} from '../../../src/model/integration-mapping.ts';
import { messageOf } from '../../../src/std/errors.ts';
import { makePattern } from '../../../src/std/vtl/java-regex.ts';
import { parseTemplate } from '../../../src/std/vtl/parse.ts';
import { type Node, TemplateError } from '../../../src/std/vtl/syntax.ts';

/** One that cannot be parsed fails each time it is used. */
export type CompiledTemplate = { readonly nodes: readonly Node[] } | { readonly broken: string };

export interface CompiledMapping {
  /** By media type. */
  readonly requests: ReadonlyMap<string, CompiledTemplate | 'framework'>;
  readonly passThrough: PassThrough;
  readonly invocationType: IntegrationMapping['invocationType'];
  readonly responses: readonly CompiledResponse[];
}

export interface CompiledResponse extends Pick<MappedResponse, 'status' | 'headers'> {
  readonly isDefault: boolean;
  /** Whether it is for this error message, or status of a mock. */
  matches(text: string): boolean;
  readonly templates: ReadonlyMap<string, CompiledTemplate>;
}

export function compileMapping(mapping: IntegrationMapping): CompiledMapping {
  const { requests, passThrough, invocationType, responses } = mapping;
  return {
    requests: new Map(
      Object.entries(requests).map(([type, template]) => [type.toLowerCase(), compiled(template)]),
    ),
    passThrough,
    invocationType,
    responses: responses.map(compileResponse),
  };
}

function compiled(template: RequestTemplate): CompiledTemplate | 'framework' {
  return template.kind === 'framework' ? 'framework' : compileTemplate(template.text);
}

function compileTemplate(text: string): CompiledTemplate {
  try {
    return { nodes: parseTemplate(text) };
  } catch (failure) {
    return { broken: templateWords(failure) };
  }
}

/** With the line of the template. */
export function templateWords(failure: unknown): string {
  return failure instanceof TemplateError
    ? `line ${failure.line} of the template: ${failure.message}`
    : `the template: ${messageOf(failure)}`;
}

function compileResponse({ status, headers, pattern, templates }: MappedResponse): CompiledResponse {
  const whole = pattern === '' ? undefined : patternOf(pattern);
  return {
    ...{ status, headers, isDefault: pattern === '' },
    matches: (text) => whole?.test(text) === true,
    templates: new Map(
      Object.entries(templates).map(([type, text]) => [type.toLowerCase(), compileTemplate(text)]),
    ),
  };
}

/** What is no expression, which the loaders have told, matches nothing. */
function patternOf(pattern: string): RegExp | undefined {
  try {
    return makePattern(`^(?:${pattern})$`, '');
  } catch {
    return undefined;
  }
}
