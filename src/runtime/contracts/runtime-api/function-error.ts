/** What a runtime posts as an error → the error an Outcome carries. */
import { isDeepStrictEqual } from 'node:util';
import type { FunctionError } from '../../../model/invocation.ts';
import { isRecord } from '../../../model/json.ts';

/** The platform takes an error type from the header only in this shape; what is left of another one is whose error it was. */
const HEADER_TYPE = /^(Function|Runtime)\.[A-Z][A-Za-z0-9.]+$/;

function typeOfHeader(type: string): string {
  if (HEADER_TYPE.test(type)) return type;
  return type.startsWith('Function.') ? 'Function.Unknown' : 'Runtime.Unknown';
}

/**
 * The body is `{errorType, errorMessage, stackTrace | trace}`; anything missing or not JSON is filled in
 * from the header `Lambda-Runtime-Function-Error-Type`, else with `fallbackType`.
 */
export function parseFunctionError(
  body: string,
  headerType: string | undefined,
  fallbackType: 'Function.Unknown' | 'Runtime.Unknown',
): FunctionError {
  const posted = parseObject(body);
  const ofHeader = headerType === undefined ? fallbackType : typeOfHeader(headerType);
  const error = readFunctionError(posted ?? {}, { errorType: ofHeader, errorMessage: body });
  return posted && differs(error, posted) ? { ...error, posted: body } : error;
}

/** `otherwise`: what is told where the runtime does not say. */
export function readFunctionError(
  posted: Readonly<Record<string, unknown>>,
  otherwise: { readonly errorType: string; readonly errorMessage: string },
): FunctionError {
  const trace = traceOf(posted.trace ?? posted.stackTrace);
  const cause = posted.errorCause ?? posted.cause;
  return {
    errorType: typeof posted.errorType === 'string' ? posted.errorType : otherwise.errorType,
    errorMessage: typeof posted.errorMessage === 'string' ? posted.errorMessage : otherwise.errorMessage,
    ...(trace && { trace }),
    ...(cause !== undefined && { cause }),
  };
}

/** Whether clients would get something else if only the error was told. */
function differs({ cause: _, ...error }: FunctionError, posted: Readonly<Record<string, unknown>>): boolean {
  return !isDeepStrictEqual(error, posted);
}

/** A stream that fails midway names its error in two trailers; the body one is base64 of the error object. */
export function parseTrailerError(type: string | undefined, body: string | undefined): FunctionError {
  const text = body === undefined ? '{}' : Buffer.from(body, 'base64').toString('utf8');
  const error = parseFunctionError(text, type, 'Function.Unknown');
  return type === undefined || error.errorType !== 'Function.Unknown' ? error : { ...error, errorType: type };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function traceOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return value.split('\n');
  if (!Array.isArray(value)) return undefined;
  return value.map((frame) => (typeof frame === 'string' ? frame : JSON.stringify(frame)));
}
