/** Draws one span as a bar on the trace's time scale. */
import type { InvocationRecord } from '../model/invocation.ts';
import type { Palette } from './palette.ts';
import type { Span } from './tree.ts';

export interface Scale {
  readonly startedAt: number;
  readonly endedAt: number;
  /** Columns. */
  readonly width: number;
}

/** What the characters mean, in the order they appear in a bar. */
export const LEGEND = '┄ waiting  · queued  ░ start  ▒ init  █ handler  ━ call';

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly character: string;
  readonly paint: (text: string) => string;
}

/** Exactly `scale.width` columns (colour codes not counted). */
export function barOf(span: Span, scale: Scale, palette: Palette): string {
  const pieces = span.kind === 'call' ? [callPiece(span, palette)] : invocationPieces(span, palette);
  const columns = new Array<Piece | undefined>(scale.width).fill(undefined);
  for (const piece of pieces) {
    const [first, last] = columnsOf(piece, scale);
    for (let at = first; at <= last; at++) columns[at] = piece;
  }
  return paintRuns(columns);
}

function callPiece(span: Extract<Span, { kind: 'call' }>, palette: Palette): Piece {
  const paint = span.call.status === 'ok' ? palette.cyan : palette.red;
  return { from: span.startedAt, to: span.endedAt, character: '━', paint };
}

function invocationPieces(span: Extract<Span, { kind: 'invocation' }>, palette: Palette): Piece[] {
  const { record, startedAt, endedAt, waitMs } = span;
  const pieces: Piece[] = [];
  if (waitMs > 0)
    pieces.push({ from: startedAt - waitMs, to: startedAt, character: '┄', paint: palette.dim });
  let at = startedAt;
  for (const { ms, character, paint } of phasesOf(record, palette)) {
    pieces.push({ from: at, to: Math.min(at + ms, endedAt), character, paint });
    at += ms;
  }
  if (at < endedAt || pieces.length === 0)
    pieces.push({ from: at, to: endedAt, character: '█', paint: handlerPaint(record, palette) });
  return pieces;
}

/** Phases before the handler; whatever remains is the handler's. */
export function phasesOf(record: InvocationRecord, palette: Palette) {
  const { queuedMs = 0, startMs = 0, initMs = 0 } = record.phases ?? {};
  return [
    { name: 'queued', ms: queuedMs, character: '·', paint: palette.dim },
    { name: 'start', ms: startMs, character: '░', paint: palette.yellow },
    { name: 'init', ms: initMs, character: '▒', paint: palette.yellow },
  ].filter((phase) => phase.ms > 0);
}

function handlerPaint(record: InvocationRecord, palette: Palette): (text: string) => string {
  if (record.outcome === undefined) return palette.yellow;
  return record.outcome.status === 'ok' ? palette.green : palette.red;
}

/** First and last column, inclusive; every piece has at least one. */
function columnsOf(piece: Piece, { startedAt, endedAt, width }: Scale): [number, number] {
  const perColumn = Math.max(endedAt - startedAt, 0.001) / width;
  const column = (at: number) => Math.floor((at - startedAt) / perColumn);
  const first = Math.min(Math.max(column(piece.from), 0), width - 1);
  const last = Math.min(Math.max(Math.ceil((piece.to - startedAt) / perColumn) - 1, first), width - 1);
  return [first, last];
}

function paintRuns(columns: readonly (Piece | undefined)[]): string {
  let text = '';
  for (let at = 0; at < columns.length; ) {
    const piece = columns[at];
    let end = at;
    while (end < columns.length && columns[end] === piece) end++;
    text += piece ? piece.paint(piece.character.repeat(end - at)) : ' '.repeat(end - at);
    at = end;
  }
  return text;
}
