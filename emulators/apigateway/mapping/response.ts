/** The response of a REST route that is not proxied: chosen by the error's message, its body made by a template. */

import type { MappedText } from '../../../src/model/integration-mapping.ts';
import type { Outcome } from '../../../src/model/invocation.ts';
import { isRecord } from '../../../src/model/json.ts';
import type { Answer, Malformed } from '../answer.ts';
import { addSingle, hasHeader } from '../result-headers.ts';
import type { CompiledMapping, CompiledResponse, CompiledTemplate } from './compile.ts';
import { entryAt, plainText, render, type Variables } from './variables.ts';

export function mappedAnswer(
  { responses }: CompiledMapping,
  output: Output,
  variables: Variables,
  accept: string | undefined,
): Answer | Malformed {
  const { message, payload } = output;
  const chosen =
    responses.find((response) => message !== undefined && response.matches(message)) ??
    responses.find(({ isDefault }) => isDefault);
  if (!chosen) return { malformed: 'no status code of the route has an empty pattern, which results need' };
  const read = () => resultOf(payload);
  const template = templateFor(chosen, accept);
  const body = template ? render(template, variables, payload, read) : payload;
  return typeof body === 'string' ? answerFor(chosen, body, { ...output, read }, variables) : body;
}

/** By what the client accepts; else that of JSON, else the first. */
function templateFor({ templates }: CompiledResponse, accept = ''): CompiledTemplate | undefined {
  const [first] = templates.values();
  return templates.get(accept.toLowerCase()) ?? templates.get('application/json') ?? first;
}

function answerFor(
  { status, headers }: CompiledResponse,
  body: string,
  output: ReadOutput,
  variables: Variables,
): Answer {
  const values = Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    const text = headerOf(value, output, variables);
    return text === undefined ? [] : [[name, text]];
  });
  const override = entryAt(variables.context, ['responseOverride']);
  const named: string[] = [];
  addSingle(named, withOverrides(values, entryAt(override, ['header'])), {});
  const hasType = hasHeader(named, 'content-type');
  return {
    status: statusOf(entryAt(override, ['status'])) ?? status,
    headers: [...(hasType ? [] : ['content-type', 'application/json']), ...named],
    body,
  };
}

/** Undefined for a header that is not there. */
function headerOf(
  value: MappedText,
  { headers, read }: ReadOutput,
  { context, stageVariables }: Variables,
): string | undefined {
  if ('text' in value) return value.text;
  if ('header' in value) return headers?.[value.header.toLowerCase()];
  if ('context' in value) return plainText(entryAt(context, value.context));
  if ('stageVariable' in value) return stageVariables[value.stageVariable] ?? '';
  return plainText(entryAt(read(), value.path));
}

/** Header names are the same in any spelling. */
function withOverrides(headers: readonly [string, string][], overrides: unknown): Record<string, string> {
  const own = Object.entries(isRecord(overrides) ? overrides : {});
  const replaced = new Set(own.map(([name]) => name.toLowerCase()));
  return Object.fromEntries([
    ...headers.filter(([name]) => !replaced.has(name.toLowerCase())),
    ...own.map(([name, value]) => [name, plainText(value)]),
  ]);
}

/** Others than these are passed over, as in the cloud. */
function statusOf(value: unknown): number | undefined {
  const status = Number(value ?? Number.NaN);
  return Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined;
}

/** Nothing, as an asynchronous invocation answers, is an empty map; a runtime may answer what is no JSON. */
function resultOf(payload: string): unknown {
  if (payload === '') return {};
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}

export interface Output {
  /** Of an error. */
  readonly message?: string;
  readonly payload: string;
  /** Of the Lambda service's answer, in small letters. */
  readonly headers?: Readonly<Record<string, string>>;
}

interface ReadOutput extends Output {
  readonly read: () => unknown;
}

/** What the Lambda service answers an invocation with; undefined where there was none. */
export function outcomeOf(outcome: Outcome, requestId: string): Output | undefined {
  const output = answerOf(outcome, requestId);
  return (
    output && {
      ...output,
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(output.payload)),
        'x-amzn-requestid': requestId,
        ...(output.message === undefined ? {} : { 'x-amz-function-error': 'Unhandled' }),
      },
    }
  );
}

function answerOf(outcome: Outcome, requestId: string): Output | undefined {
  switch (outcome.status) {
    case 'ok':
      return { payload: outcome.payload };
    case 'error': {
      const { errorType, errorMessage, trace, posted } = outcome.error;
      return { message: errorMessage, payload: posted ?? JSON.stringify({ errorMessage, errorType, trace }) };
    }
    case 'timeout': {
      const errorMessage = `${requestId} Task timed out after ${(outcome.afterMs / 1000).toFixed(2)} seconds`;
      return failed(errorMessage, { errorMessage });
    }
    case 'crash':
    case 'out-of-memory': {
      const errorMessage = `RequestId: ${requestId} Process exited before completing request`;
      return failed(errorMessage, { errorMessage });
    }
    default:
      return undefined;
  }
}

function failed(message: string, payload: object): Output {
  return { message, payload: JSON.stringify(payload) };
}
