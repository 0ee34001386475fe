/** The X-Ray header that travels with a message. */
import type { TraceContext } from '../../src/model/invocation.ts';

/** `Root=1-…;Parent=…;Sampled=1;Lineage=…`. */
export function writeTraceHeader({ traceId, parentId, lineage }: TraceContext): string {
  const head = `Root=${traceId}${parentId === undefined ? '' : `;Parent=${parentId}`};Sampled=1`;
  return lineage === undefined ? head : `${head};Lineage=${lineage}`;
}

/** Undefined when it names no trace. Other fields (`Self`) are skipped. */
export function parseTraceHeader(header: string): TraceContext | undefined {
  const traceId = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})/.exec(header)?.[1];
  if (traceId === undefined) return undefined;
  const parentId = /(?:^|;)\s*Parent=([0-9a-f]{16})/.exec(header)?.[1];
  const lineage = /(?:^|;)\s*Lineage=([0-9a-f:|]+)/.exec(header)?.[1];
  return {
    traceId,
    ...(parentId === undefined ? {} : { parentId }),
    ...(lineage === undefined ? {} : { lineage }),
  };
}
