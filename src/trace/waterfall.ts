/** Draws the tree of a trace as lines for a terminal: name, bar, duration, end. */
import { barOf, LEGEND, phasesOf, type Scale } from './bar.ts';
import { logLine } from './log-lines.ts';
import { type Palette, plain } from './palette.ts';
import type { CallSpan, InvocationSpan, Span, TraceTree } from './tree.ts';
import { causeText, durationText, endPaint, endText, toWidth } from './words.ts';

export interface WaterfallOptions {
  /** Columns of the terminal; less than 60 is taken as 60. */
  readonly width: number;
  readonly palette?: Palette;
  /** A row for each phase of an invocation. Default: phases show within the bar only. */
  readonly phases?: boolean;
  /** The lines each invocation printed. */
  readonly logs?: boolean;
  /** Of the reader's zone, minutes east of UTC. */
  readonly offsetMinutes?: number;
}

const DURATION_WIDTH = 9;
const END_WIDTH = 14;
const NAME_SHARE = 0.42;
const NARROWEST = 60;

interface Drawing {
  readonly options: WaterfallOptions;
  readonly palette: Palette;
  readonly scale: Scale;
  readonly nameWidth: number;
  readonly lines: string[];
}

export function drawWaterfall(tree: TraceTree, options: WaterfallOptions): string[] {
  const palette = options.palette ?? plain;
  const width = Math.max(options.width, NARROWEST);
  const nameWidth = Math.floor(width * NAME_SHARE);
  const barWidth = width - nameWidth - DURATION_WIDTH - END_WIDTH - 3;
  const scale = { startedAt: tree.startedAt, endedAt: tree.endedAt, width: barWidth };
  const drawing: Drawing = { options, palette, scale, nameWidth, lines: headLines(tree, palette, width) };
  for (const root of tree.roots) drawSpan(drawing, root, '', '');
  drawing.lines.push(palette.dim(LEGEND));
  return drawing.lines.map((line) => line.trimEnd());
}

function headLines(tree: TraceTree, palette: Palette, width: number): string[] {
  const count = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
  const name = `trace ${tree.traceId}`;
  const facts = [
    count(tree.invocations, 'invocation'),
    count(tree.calls, 'call'),
    durationText(tree.endedAt - tree.startedAt),
    new Date(tree.startedAt).toISOString(),
  ].join(', ');
  const lines = [palette.bold(name), palette.dim(facts)];
  return name.length + facts.length + 2 <= width ? [lines.join('  ')] : lines;
}

/** `own` is the guide in front of this span's name, `below` the one in front of what belongs to it. */
function drawSpan(drawing: Drawing, span: Span, own: string, below: string): void {
  if (span.kind === 'call') drawCall(drawing, span, own);
  else drawInvocation(drawing, span, own, below);
  span.children.forEach((child, at) => {
    const last = at === span.children.length - 1;
    drawSpan(drawing, child, `${below}${last ? '└ ' : '├ '}`, `${below}${last ? '  ' : '│ '}`);
  });
}

function drawCall(drawing: Drawing, span: CallSpan, guide: string): void {
  const { call } = span;
  const { palette } = drawing;
  const late = call.late ? ' (late)' : '';
  const name = `${call.service} ${call.operation}${call.target === undefined ? '' : ` ${call.target}`}${late}`;
  const end = call.status === 'ok' ? 'ok' : (call.errorCode ?? 'error');
  const paint = call.status === 'ok' ? palette.dim : palette.red;
  drawLine(
    drawing,
    guide,
    name,
    barOf(span, drawing.scale, palette),
    call.durationMs,
    paint(toWidth(end, END_WIDTH)),
  );
}

function drawInvocation(drawing: Drawing, span: InvocationSpan, guide: string, below: string): void {
  const { palette, scale, options } = drawing;
  const { record } = span;
  const marks = `${record.coldStart ? ' cold' : ''}${record.attempt > 1 ? ` #${record.attempt}` : ''}${span.linked ? ' (batch of another trace)' : ''}`;
  const name = `${record.functionId}${marks} ← ${causeText(record.cause)}`;
  const ms = record.endedAt === undefined ? undefined : span.endedAt - span.startedAt;
  const end = endPaint(record, palette)(toWidth(endText(record), END_WIDTH));
  drawLine(drawing, guide, name, barOf(span, scale, palette), ms, end);
  const inner = `${below}${span.children.length > 0 ? '│ ' : '  '}`;
  if (options.phases) drawPhases(drawing, span, inner);
  if (options.logs) drawLogs(drawing, span, inner);
}

function drawPhases(drawing: Drawing, span: InvocationSpan, guide: string): void {
  const { record, waitMs } = span;
  const row = (name: string, ms: number) =>
    drawLine(drawing, guide, name, ' '.repeat(drawing.scale.width), ms, '');
  if (waitMs > 0) row('waited', waitMs);
  for (const { name, ms } of phasesOf(record, drawing.palette)) row(name, ms);
  if (record.phases) row('handler', record.phases.handlerMs);
}

function drawLogs({ options, palette, lines }: Drawing, { record }: InvocationSpan, guide: string): void {
  const { offsetMinutes = 0 } = options;
  for (const line of record.logs)
    for (const text of logLine(line, { palette, offsetMinutes }).split('\n'))
      lines.push(`${palette.dim(guide)}${text}`);
}

function drawLine(
  { palette, nameWidth, lines }: Drawing,
  guide: string,
  name: string,
  bar: string,
  ms: number | undefined,
  end: string,
): void {
  const shown = toWidth(name, Math.max(nameWidth - guide.length, 1));
  const duration = (ms === undefined ? '' : durationText(ms)).padStart(DURATION_WIDTH);
  lines.push(`${palette.dim(guide)}${shown} ${bar} ${duration} ${end}`);
}
