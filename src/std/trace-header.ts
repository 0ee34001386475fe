/** Reads and writes the headers by which a trace travels: X-Ray's `X-Amzn-Trace-Id` and W3C `traceparent`. */
import type { TraceContext } from '../model/invocation.ts';

const TRACE_ID = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{8})([0-9a-f]{24})-([0-9a-f]{16})-[0-9a-f]{2}/;
const LINEAGE = /^[0-9a-f]{8}:\d{1,5}(?:\|[0-9a-f]{8}:\d{1,5})*$/;
const NO_SPAN = '0000000000000000';

/** `Root=1-…;Parent=…;Sampled=1;Lineage=…` in any order, further fields ignored; undefined when there is no valid root. */
export function parseTraceHeader(header: string): TraceContext | undefined {
  let traceId: string | undefined;
  let parentId: string | undefined;
  let lineage: string | undefined;
  for (const field of header.split(';')) {
    const at = field.indexOf('=');
    const name = field.slice(0, at).trim();
    const value = field.slice(at + 1).trim();
    if (name === 'Root' && TRACE_ID.test(value)) traceId = value;
    if (name === 'Parent' && SPAN_ID.test(value)) parentId = value;
    if (name === 'Lineage' && LINEAGE.test(value)) lineage = value;
  }
  if (traceId === undefined) return undefined;
  return {
    traceId,
    ...(parentId === undefined ? {} : { parentId }),
    ...(lineage === undefined ? {} : { lineage }),
  };
}

/** `00-<32 hex>-<16 hex>-01`, the trace id brought to the X-Ray form. */
export function parseTraceparent(header: string): TraceContext | undefined {
  const match = TRACEPARENT.exec(header);
  if (!match) return undefined;
  const [, epoch = '', unique = '', parentId = ''] = match;
  const traceId = `1-${epoch}-${unique}`;
  return parentId === NO_SPAN ? { traceId } : { traceId, parentId };
}

/** What is handed to a function or stored with a message. */
export function formatTraceHeader({ traceId, parentId, lineage }: TraceContext): string {
  const head = parentId === undefined ? `Root=${traceId}` : `Root=${traceId};Parent=${parentId};Sampled=1`;
  return lineage === undefined ? head : `${head};Lineage=${lineage}`;
}
