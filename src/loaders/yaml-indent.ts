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
/** Each is found by composing anew. */
const MOST_LINES = 200;
const NOT_FAR_ENOUGH = /^Flow \w+ in block collection must be sufficiently indented/;

/**
 * Lines within brackets that are not indented more than the key before the bracket are, by YAML's rules, not within them. Those
 * of SAM, CloudFormation and the framework read them so all the same: such lines are moved to the right until all is well.
 * Where that does not help, the document is the one with the errors of the text as given.
 */
export function composeText(given: string, options: Options): ComposedText {
  const first = compose(given, options, new Set());
  const moved = new Set<number>();
  let composed = first;
  for (let line = tooFarLeft(composed); line !== undefined; line = tooFarLeft(composed)) {
    if (moved.has(line) || moved.size === MOST_LINES) return first;
    moved.add(line);
    composed = compose(given, options, moved);
  }
  return moved.size === 0 || composed.document.errors.length > 0 ? first : composed;
}

function tooFarLeft({ document, positionOf }: ComposedText): number | undefined {
  const [error] = document.errors;
  if (error?.code !== 'BAD_INDENT' || !NOT_FAR_ENOUGH.test(error.message)) return undefined;
  return positionOf(error.pos[0]).line;
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
