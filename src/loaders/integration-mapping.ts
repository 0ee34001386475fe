/** Lowers what project files say of integrations that are not proxied: templates, patterns of statuses, parameters. */
import type {
  FoundText,
  IntegrationMapping,
  MappedRequestValue,
  MappedResponse,
  MappedText,
  PassThrough,
  RequestTemplate,
} from '../model/integration-mapping.ts';
import { messageOf } from '../std/errors.ts';
import { makePattern } from '../std/vtl/java-regex.ts';
import { textOf, type Values } from './cloudformation/template.ts';
import { templateProblem } from './mapping-templates.ts';
import type { Path } from './yaml.ts';

export interface WrittenMapping {
  readonly requests: Readonly<Record<string, WrittenTemplate>>;
  /** In capitals or not; absent = WHEN_NO_MATCH. */
  readonly passThrough: unknown;
  /** `integration.request.header.X-Amz-Invocation-Type` → `'Event'`. */
  readonly parameters: Values;
  /** Where they stand, as `at` of the others. */
  readonly parametersAt: Path;
  readonly responses: readonly WrittenResponse[];
}

export interface WrittenTemplate {
  readonly template: RequestTemplate;
  /** Below the integration. */
  readonly at: Path;
}

export interface WrittenResponse {
  readonly status: unknown;
  readonly pattern: unknown;
  /** By the name of the header. */
  readonly headers: Values;
  /** By media type. */
  readonly templates: Values;
  readonly at: Path;
}

/** Tells the user of what cannot be evaluated, with its place below the integration. */
export type Say = (at: Path, message: string, hint?: string) => void;

export function lowerMapping(written: WrittenMapping, tell: Say): IntegrationMapping {
  const say = once(tell);
  const requests = Object.entries(written.requests).map(([type, { template, at }]) => {
    if (template.kind === 'own') checkTemplate(template.text, at, say);
    return [type, template] as const;
  });
  const invocationType = invocationTypeOf(written, say);
  return {
    requests: Object.fromEntries(requests),
    passThrough: passThroughOf(written.passThrough),
    ...(invocationType ? { invocationType } : {}),
    responses: written.responses.flatMap((response) => responseOf(response, say) ?? []),
  };
}

/** What several responses share is wrong only once. */
function once(say: Say): Say {
  const said = new Set<string>();
  return (at, message, hint) => {
    if (said.has(message)) return;
    said.add(message);
    say(at, message, hint);
  };
}

function checkTemplate(text: string, at: Path, say: Say): void {
  const problem = templateProblem(text);
  if (problem !== undefined)
    say(at, `the template cannot be evaluated, who needs it gets a 500: ${problem}`, 'mend the template');
}

function passThroughOf(written: unknown): PassThrough {
  const text = textOf(written)?.toUpperCase();
  return text === 'NEVER' || text === 'WHEN_NO_TEMPLATES' ? text : 'WHEN_NO_MATCH';
}

const HEADER = 'integration.request.header.';

/** Of what a request tells the Lambda service beside the event, this alone is heard. */
function invocationTypeOf(
  { parameters, parametersAt }: WrittenMapping,
  say: Say,
): MappedRequestValue | undefined {
  let found: MappedRequestValue | undefined;
  for (const [name, written] of Object.entries(parameters)) {
    const header = name.startsWith(HEADER) ? name.slice(HEADER.length).toLowerCase() : '';
    if (!header.startsWith('x-amz-')) continue;
    const value = header === 'x-amz-invocation-type' ? requestValueOf(textOf(written) ?? '') : undefined;
    if (value) found = value;
    else say([...parametersAt, name], `${name}: ${textOf(written) ?? 'this'} has no effect here`);
  }
  return found;
}

function requestValueOf(text: string): MappedRequestValue | undefined {
  const found = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(text);
  const [, parameter, name = ''] = found ?? [];
  if (parameter === 'header' || parameter === 'querystring' || parameter === 'path')
    return { parameter, name };
  return textAt(text);
}

/** Texts stand in quotes of their own: `'text/html'`. */
function textAt(text: string): FoundText | undefined {
  const quoted = /^'(.*)'$/s.exec(text)?.[1];
  if (quoted !== undefined) return { text: quoted };
  const context = /^context\.([\w.-]+)$/.exec(text)?.[1];
  if (context !== undefined) return { context: context.split('.') };
  const stageVariable = /^stageVariables\.(\w+)$/.exec(text)?.[1];
  return stageVariable === undefined ? undefined : { stageVariable };
}

/** Undefined, with a warning, for what has no status. */
function responseOf(
  { status, pattern, headers, templates, at }: WrittenResponse,
  say: Say,
): MappedResponse | undefined {
  const code = Number(textOf(status));
  if (!Number.isInteger(code) || code < 100 || code > 599) {
    say(at, `"${textOf(status) ?? ''}" is no status code from 100 to 599: the response is left out`);
    return undefined;
  }
  const texts = Object.entries(templates).map(([type, template]) => [type, textOf(template) ?? ''] as const);
  for (const [, text] of texts) checkTemplate(text, at, say);
  return {
    status: code,
    pattern: patternOf(textOf(pattern) ?? '', at, say),
    headers: headersOf(headers, at, say),
    // An empty template passes the body on.
    templates: Object.fromEntries(texts.filter(([, text]) => text !== '')),
  };
}

function patternOf(pattern: string, at: Path, say: Say): string {
  try {
    makePattern(pattern, '');
  } catch (failure) {
    say(at, `the pattern "${pattern}" is no regular expression, it matches nothing: ${messageOf(failure)}`);
  }
  return pattern;
}

function headersOf(headers: Values, at: Path, say: Say): Record<string, MappedText> {
  const found: Record<string, MappedText> = {};
  for (const [name, written] of Object.entries(headers)) {
    const text = textOf(written) ?? '';
    const value = responseTextAt(text);
    if (value) found[name] = value;
    else
      say(
        at,
        `the header ${name} is left out: "${text}" is not understood here`,
        "write 'a text' in quotes of its own, integration.response.body.…, integration.response.header.…, context.… or stageVariables.…",
      );
  }
  return found;
}

function responseTextAt(text: string): MappedText | undefined {
  const path = /^integration\.response\.body((?:\.[\w-]+)*)$/.exec(text)?.[1];
  if (path !== undefined) return { path: path.split('.').filter(Boolean) };
  const header = /^integration\.response\.header\.([\w-]+)$/.exec(text)?.[1];
  return header === undefined ? textAt(text) : { header };
}
