/** Statement text → tokens. */
import { malformed } from './errors.ts';
import { keywords } from './keywords.ts';
import type { Position } from './syntax.ts';

export type TokenKind = 'name' | 'keyword' | 'string' | 'number' | 'parameter' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Keywords in small letters, texts and quoted names without their quotes. */
  readonly text: string;
  readonly at: Position;
}

/** Blanks and comments; a block comment must end. */
const space = /(?:[ \t\v\f\r\n]|--[^\r\n]*|\/\*[\s\S]*?\*\/)+/y;
const word = /[A-Za-z_$][A-Za-z0-9_$]*/y;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const quoted = /'(?:[^']|'')*'|"(?:[^"]|"")*"/y;
const symbol = /<<|>>|<=|>=|<>|!=|\|\||[()[\]{}:,*;?.=+\-/%<>@]/y;

const MAX_SCALE = 2 ** 31;

/** Throws the service's complaint about text no token can be made of. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const places = makePlaces(text);
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  for (;;) {
    at += take(space)?.length ?? 0;
    if (at >= text.length) break;
    const token = readWord(take(word)) ?? readNumber(take(number)) ?? readRest(take(quoted) ?? take(symbol));
    const rest = text.slice(at + token.length, at + token.length + 1);
    if (isBroken(token, rest)) throw malformed();
    tokens.push({ kind: token.kind, text: token.text, at: places(at, token.length) });
    at += token.length;
  }
  tokens.push({ kind: 'end', text: '', at: places(text.length, 0) });
  return tokens;
}

interface Lexeme {
  readonly kind: TokenKind;
  readonly text: string;
  /** As written. */
  readonly length: number;
}

function readWord(written: string | undefined): Lexeme | undefined {
  if (written === undefined) return undefined;
  const small = written.toLowerCase();
  if (keywords.has(small)) return { kind: 'keyword', text: small, length: written.length };
  return { kind: 'name', text: written, length: written.length };
}

/** The service reads a number as Java does: exponent and scale must fit into 32 bits. */
function readNumber(written: string | undefined): Lexeme | undefined {
  if (written === undefined) return undefined;
  const [mantissa = '', exponent = '0'] = written.toLowerCase().split('e');
  const scale = (mantissa.split('.')[1] ?? '').length - Number(exponent);
  if (!fitsInt(Number(exponent)) || !fitsInt(scale)) throw malformed();
  return { kind: 'number', text: written, length: written.length };
}

/** An exponent without digits, a block comment without an end. */
function isBroken({ kind, text }: Lexeme, next: string): boolean {
  if (kind === 'number') return !/e/i.test(text) && /e/i.test(next);
  return kind === 'symbol' && text === '/' && next === '*';
}

function fitsInt(value: number): boolean {
  return value >= -MAX_SCALE && value < MAX_SCALE;
}

function readRest(written: string | undefined): Lexeme {
  if (written === undefined) throw malformed();
  const { length } = written;
  if (written === '?') return { kind: 'parameter', text: written, length };
  const quote = written[0];
  if (quote !== "'" && quote !== '"')
    return { kind: 'symbol', text: written === '!=' ? '<>' : written, length };
  const text = written.slice(1, -1).replaceAll(quote + quote, quote);
  return { kind: quote === "'" ? 'string' : 'name', text, length };
}

/** Offset → line and column; asked in ascending order. */
function makePlaces(text: string): (offset: number, length: number) => Position {
  let line = 1;
  let lineStart = 0;
  return (offset, length) => {
    for (;;) {
      const end = text.indexOf('\n', lineStart);
      if (end < 0 || end >= offset) break;
      line++;
      lineStart = end + 1;
    }
    return { line, column: offset - lineStart + 1, length };
  };
}
