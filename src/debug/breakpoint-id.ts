/** The ids V8 gives to breakpoints that are set by url, and to instrumentation breakpoints: the same in every instance. */
import type { CdpParams } from './cdp.ts';

const BY = [
  ['url', 1],
  ['urlRegex', 2],
  ['scriptHash', 3],
] as const;
const INSTRUMENTATION = 8;

/** Undefined for a breakpoint in one instance's own script, which means nothing in another. */
export function breakpointIdOf(method: string, params: CdpParams): string | undefined {
  if (method === 'Debugger.setInstrumentationBreakpoint')
    return `${INSTRUMENTATION}:${params.instrumentation}`;
  if (method !== 'Debugger.setBreakpointByUrl') return undefined;
  const kind = BY.find(([key]) => typeof params[key] === 'string');
  if (!kind) return undefined;
  return `${kind[1]}:${params.lineNumber ?? 0}:${params.columnNumber ?? 0}:${params[kind[0]]}`;
}
