/** The place in a template that is being parsed. */
import { type Node, TemplateError } from './syntax.ts';

export interface Scanner {
  readonly text: string;
  at: number;
  /** How deep the parser is in blocks and brackets. */
  depth: number;
  /** The line the text begins at, of a text within a template. */
  readonly firstLine: number;
  /** Parses a text in double quotes, which is a template itself. */
  readonly parseText: (text: string, line: number) => readonly Node[];
}

/** The match of a sticky expression here, which is then behind; undefined = nothing moved. */
export function take(scanner: Scanner, expression: RegExp): RegExpExecArray | undefined {
  expression.lastIndex = scanner.at;
  const found = expression.exec(scanner.text) ?? undefined;
  if (found) scanner.at += found[0].length;
  return found;
}

export function startsWith(scanner: Scanner, text: string): boolean {
  return scanner.text.startsWith(text, scanner.at);
}

export function skipSpace(scanner: Scanner): void {
  take(scanner, /\s*/y);
}

export function expect(scanner: Scanner, text: string): void {
  skipSpace(scanner);
  if (!startsWith(scanner, text)) throw failure(scanner, `expected "${text}", found ${found(scanner)}`);
  scanner.at += text.length;
}

export function failure(scanner: Scanner, message: string): TemplateError {
  return new TemplateError(message, lineAt(scanner));
}

export function lineAt({ text, at, firstLine }: Scanner): number {
  let line = firstLine;
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line++;
  return line;
}

/** For messages: what stands here. */
export function found({ text, at }: Scanner): string {
  const rest = text.slice(at, at + 20).split('\n')[0];
  return at >= text.length ? 'the end' : `"${rest}"`;
}

const MOST_DEPTH = 200;

/** Runs `parse` one level deeper; what is nested without end is refused before the stack is. */
export function deeper<T>(scanner: Scanner, parse: () => T): T {
  if (scanner.depth >= MOST_DEPTH) throw failure(scanner, 'it is nested too deeply');
  scanner.depth++;
  try {
    return parse();
  } finally {
    scanner.depth--;
  }
}
