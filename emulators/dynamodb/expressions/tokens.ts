/** Expression text → tokens, and the service's syntax error. */
import { requestError } from '../errors.ts';

export type TokenKind = 'name' | 'placeholder' | 'value' | 'number' | 'symbol' | 'unknown' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** `ConditionExpression`, `FilterExpression`, …: how the messages call the expression. */
export type ExpressionName =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression'
  /** A statement, whose messages name no expression. */
  | 'PartiQL';

/** Names begin with a letter; a placeholder may begin with anything a name may contain. */
const tokenPattern =
  /[ \t\r\n]*(?:([A-Za-z][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|([0-9]+)|(<>|<=|>=|[=<>()[\].,+-])|([^ \t\r\n]))/y;
const kinds = ['name', 'placeholder', 'value', 'number', 'symbol', 'unknown'] as const;

export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  for (let match = tokenPattern.exec(text); match; match = tokenPattern.exec(text)) {
    const group = match.findIndex((part, i) => i > 0 && part !== undefined);
    const end = match.index + match[0].length;
    const content = match[group] ?? '';
    tokens.push({ kind: kinds[group - 1] ?? 'unknown', text: content, start: end - content.length, end });
  }
  tokens.push({ kind: 'end', text: '<EOF>', start: text.length, end: text.length });
  return tokens;
}

export function expressionError(name: ExpressionName, detail: string) {
  return requestError(name === 'PartiQL' ? detail : `Invalid ${name}: ${detail}`);
}

const MAX_EXPRESSION_BYTES = 4096;
/** Plus, minus, comparators and the keywords between conditions; not functions. */
const MAX_OPERATORS = 300;

/** Walks over the tokens of one expression; whatever does not fit is a syntax error at the current token. */
export class TokenReader {
  readonly #name: ExpressionName;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #operators = 0;
  #depth = 0;

  constructor(name: ExpressionName, text: string) {
    if (text.trim() === '') throw expressionError(name, 'The expression can not be empty;');
    if (text.length * 3 > MAX_EXPRESSION_BYTES) checkSize(name, Buffer.byteLength(text));
    this.#name = name;
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  get current(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '<EOF>', start: 0, end: 0 };
  }

  get next(): Token | undefined {
    return this.#tokens[this.#at + 1];
  }

  isSymbol(symbol: string): boolean {
    return this.current.kind === 'symbol' && this.current.text === symbol;
  }

  /** Keywords are written in any case. */
  isKeyword(keyword: string): boolean {
    return this.current.kind === 'name' && this.current.text.toUpperCase() === keyword;
  }

  take(): Token {
    const token = this.current;
    this.#at++;
    return token;
  }

  takeIf(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#at++;
    return true;
  }

  expect(symbol: string): void {
    if (!this.takeIf(symbol)) throw this.syntaxError();
  }

  expectEnd(): void {
    if (this.current.kind !== 'end') throw this.syntaxError();
  }

  countOperator(): void {
    this.#operators++;
    if (this.#operators > MAX_OPERATORS)
      throw this.error(`The expression contains too many operators; operator count: ${this.#operators}`);
  }

  /** Within a parenthesis. As many as there may be operators can serve a purpose; more would end our stack. */
  nested<T>(parse: () => T): T {
    if (this.#depth > MAX_OPERATORS) throw this.error(REDUNDANT_PARENTHESES);
    this.#depth++;
    const parsed = parse();
    this.#depth--;
    return parsed;
  }

  /** `near` runs from the token before to the token after, as written. */
  syntaxError() {
    const token = this.current;
    const before = this.#tokens[this.#at - 1] ?? token;
    const after = this.#tokens[this.#at + 1] ?? token;
    const near = this.#text.slice(before.start, Math.max(after.end, token.end)).trimEnd();
    return this.error(`Syntax error; token: "${token.text}", near: "${near}"`);
  }

  error(detail: string) {
    return expressionError(this.#name, detail);
  }
}

export const REDUNDANT_PARENTHESES = 'The expression has redundant parentheses;';

/** For two of the expressions the service says how long it is, of an update in the newer layer only. */
function checkSize(name: ExpressionName, bytes: number): void {
  if (bytes <= MAX_EXPRESSION_BYTES) return;
  const message = `Invalid ${name}: Expression size has exceeded the maximum allowed size;`;
  const counted = `${message} expression size: ${bytes}`;
  if (name === 'FilterExpression' || name === 'ConditionExpression') throw requestError(counted);
  throw requestError(message, name === 'UpdateExpression' ? counted : message);
}
