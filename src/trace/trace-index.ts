/** Finds the rows of a trace: most by the time in its id, the others by an index. */
import type { InvocationRecord } from '../model/invocation.ts';

const NONE: readonly string[] = [];

/** How long after the second in its trace id a row that begins a trace may start. */
const WINDOW_MS = 2000;

/**
 * Traces a row must be indexed under. A row that begins its trace needs no entry: the trace id holds the second, and
 * rows are ordered by time. This spares most invocations a write at a random place, which costs more than the row.
 * A replay's link leads back; the replay does not belong to that trace.
 */
export function indexedTraces(record: InvocationRecord): readonly string[] {
  if (record.links === undefined) return isBeginning(record) ? NONE : [record.traceId];
  const links = record.cause.kind === 'replay' ? [] : record.links.map((link) => link.traceId);
  const own = isBeginning(record) ? [] : [record.traceId];
  return [...new Set([...own, ...links])];
}

/** Record ids between which rows that begin the trace lie. */
export function beginningsOf(traceId: string): { readonly from: string; readonly to: string } {
  const at = secondOf(traceId) * 1000;
  const key = (epochMs: number) => epochMs.toString(16).padStart(11, '0');
  return { from: key(at), to: key(at + WINDOW_MS) };
}

function isBeginning(record: InvocationRecord): boolean {
  if (record.parentId !== undefined) return false;
  const afterMs = hexIn(record.id, 0, 11) - secondOf(record.traceId) * 1000;
  return afterMs >= 0 && afterMs < WINDOW_MS;
}

/** Epoch seconds in `1-<8 hex>-…`; 0 for anything else. */
function secondOf(traceId: string): number {
  const second = hexIn(traceId, 2, 10);
  return Number.isNaN(second) ? 0 : second;
}

/** What these characters are as a number; NaN where they are none. Runs for every row: to cut the text out and parse it takes far longer. */
function hexIn(text: string, from: number, to: number): number {
  let number = 0;
  for (let i = from; i < to; i++) number = number * 16 + digitOf(text.charCodeAt(i));
  return number;
}

function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : Number.NaN;
}
