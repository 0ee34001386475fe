/** The JSON text clients get of a function's own failure. */
import type { FunctionError } from './invocation.ts';

/** As its runtime posted it; else as Node's does. */
export function errorPayload({ posted, errorType, errorMessage, trace }: FunctionError): string {
  return posted ?? JSON.stringify({ errorType, errorMessage, ...(trace && { trace }) });
}
