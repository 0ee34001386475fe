/** Composes YAML as other readers of it do, for whom indentation means nothing within brackets. */
import { type Document, LineCounter, parseDocument } from 'yaml';

type Options = Parameters<typeof parseDocument>[1];

export interface ComposedText {
  readonly document: Document;
  /** What was composed: on every line what the given text has there, some further to the right. */
  readonly text: string;
  /** Of an offset in `text`, in the given text; both from 1 on. */
  positionOf(offset: number): { line: number; column: number };
}

/** Further than any key stands. */
const FURTHER = 200;
/** Lists and maps in brackets, each of which the document is composed once more for. */
const MOST_BRACKETS = 100;
const NOT_FAR_ENOUGH = /^Flow \w+ in block collection must be sufficiently indented/;
/** Within brackets: a text in quotes, a comment, a bracket. */
const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?:^|\s)#[^\n]*|[[{\]}]/gmu;

/**
 * Lines within brackets that are not indented more than the key before the bracket are, by YAML's rules, not within them. The
 * readers of SAM, CloudFormation and the framework take them so all the same: such lines are moved to the right until all is
 * well. Where that does not help, the document is the one with the errors of the text as given.
 */
export function composeText(given: string, options: Options): ComposedText {
  const first = compose(given, options, new Set());
  const moved = new Set<number>();
  let composed = first;
  for (let tries = 0; tries < MOST_BRACKETS; tries++) {
    const lines = tooFarLeft(composed);
    if (!lines || moved.has(lines.from)) break;
    for (let line = lines.from; line <= lines.to; line++) moved.add(line);
    composed = compose(given, options, moved);
  }
  return composed.document.errors.some(({ code }) => code !== 'DUPLICATE_KEY') ? first : composed;
}

/** Lines of which the first is said not to be within the brackets it is in; the last has the bracket that closes them. */
function tooFarLeft({ document, positionOf, text }: ComposedText): { from: number; to: number } | undefined {
  const error = document.errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  if (error?.code !== 'BAD_INDENT' || !NOT_FAR_ENOUGH.test(error.message)) return undefined;
  const [offset] = error.pos;
  const end = closingAfter(text, offset);
  return end === undefined ? undefined : { from: positionOf(offset).line, to: positionOf(end).line };
}

function closingAfter(text: string, offset: number): number | undefined {
  TOKEN.lastIndex = offset;
  let depth = 1;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const [token] = found;
    if (token === '[' || token === '{') depth++;
    if ((token === ']' || token === '}') && --depth === 0) return found.index;
  }
  return undefined;
}

function compose(given: string, options: Options, moved: ReadonlySet<number>): ComposedText {
  const text = moved.size === 0 ? given : withMoved(given, moved);
  const lines = new LineCounter();
  const document = parseDocument(text, { ...options, lineCounter: lines });
  return {
    document,
    text,
    positionOf(offset) {
      const { line, col } = lines.linePos(Math.max(0, Math.min(offset, text.length)));
      return { line: Math.max(1, line), column: Math.max(1, moved.has(line) ? col - FURTHER : col) };
    },
  };
}

function withMoved(text: string, moved: ReadonlySet<number>): string {
  const space = ' '.repeat(FURTHER);
  return text
    .split('\n')
    .map((line, i) => (moved.has(i + 1) ? space + line : line))
    .join('\n');
}
