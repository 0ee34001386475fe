/** The response of a REST route that is not proxied: a status chosen by the error's message, the result as the body. */
import type { Outcome } from '../../src/model/invocation.ts';
import { isRecord } from '../../src/model/json.ts';
import type {
  MappedBody,
  MappedResponse,
  MappedText,
  ResponseMapping,
} from '../../src/model/response-mapping.ts';
import type { Answer, Malformed } from './answer.ts';
import { addSingle, hasHeader } from './result-headers.ts';

/** Undefined for what never was an answer of the function: the gateway's own failures. */
export function mappedAnswer(
  { responses }: ResponseMapping,
  outcome: Outcome,
  requestId: string,
): Answer | Malformed | undefined {
  const output = outputOf(outcome, requestId);
  if (!output) return undefined;
  const { message, payload } = output;
  const chosen =
    responses.find(({ pattern }) => pattern !== '' && message !== undefined && isWhole(pattern, message)) ??
    responses.find(({ pattern }) => pattern === '');
  if (!chosen) return { malformed: 'no status code of the route has an empty pattern, which results need' };
  return answerFor(chosen, payload);
}

function answerFor({ status, headers, body }: MappedResponse, payload: string): Answer {
  const result = jsonOf(payload);
  const named: string[] = [];
  const values = Object.entries(headers).map(([name, value]) => [name, headerOf(value, result)]);
  addSingle(named, Object.fromEntries(values), {});
  const hasType = hasHeader(named, 'content-type');
  return {
    status,
    headers: [...(hasType ? [] : ['content-type', 'application/json']), ...named],
    body: body ? bodyFor(body, result) : payload,
  };
}

/** A runtime of the function's own may answer what is no JSON. */
function jsonOf(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}

function headerOf(value: MappedText, result: unknown): string {
  return 'text' in value ? value.text : plainText(at(result, value.path));
}

function bodyFor({ path, plain }: MappedBody, result: unknown): string {
  const value = at(result, path);
  return plain ? plainText(value) : JSON.stringify(value ?? null);
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, step) => (isRecord(found) ? found[step] : undefined), value);
}

function plainText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

interface Output {
  /** Of an error. */
  readonly message?: string;
  readonly payload: string;
}

/** What the Lambda service answers an invocation with. */
function outputOf(outcome: Outcome, requestId: string): Output | undefined {
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

function isWhole(pattern: string, message: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(message);
}
