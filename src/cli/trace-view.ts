/** Draws journal rows for this terminal. */
import type { InvocationRecord } from '../model/invocation.ts';
import type { Palette } from '../trace/palette.ts';
import { makeTraceTree, type TraceTree } from '../trace/tree.ts';
import { drawWaterfall } from '../trace/waterfall.ts';

export interface TraceView {
  /** Columns. */
  readonly width: number;
  readonly palette: Palette;
  readonly logs: boolean;
}

/** The waterfall of the trace these rows belong to. */
export function traceLines(
  rows: readonly InvocationRecord[],
  traceId: string,
  { width, palette, logs }: TraceView,
): string[] {
  const tree = treeOf(rows, traceId);
  return tree ? drawWaterfall(tree, { width, palette, logs }) : [];
}

export function treeOf(rows: readonly InvocationRecord[], traceId: string): TraceTree | undefined {
  return makeTraceTree(rows, traceId);
}

/** Minutes east of UTC of this machine's zone. */
export function localOffset(): number {
  return -new Date().getTimezoneOffset();
}
