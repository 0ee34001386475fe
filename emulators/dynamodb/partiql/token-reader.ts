/** Walks over the tokens of one statement. */
import { malformed } from './errors.ts';
import type { Position } from './syntax.ts';
import { type Token, tokenize } from './tokens.ts';

const nowhere: Token = { kind: 'end', text: '', at: { line: 1, column: 1, length: 0 } };

/** The service names symbols it misses by their type. */
const symbolTypes: Readonly<Record<string, string>> = {
  ')': 'RIGHT_PAREN',
  ']': 'RIGHT_BRACKET',
  '}': 'RIGHT_CURLY',
  '>>': 'RIGHT_DOUBLE_ANGLE_BRACKET',
  ':': 'COLON',
};

export class StatementReader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #parameters = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  get current(): Token {
    return this.#tokens[this.#at] ?? nowhere;
  }

  get next(): Token {
    return this.#tokens[this.#at + 1] ?? nowhere;
  }

  get position(): Position {
    return this.current.at;
  }

  take(): Token {
    const token = this.current;
    this.#at++;
    return token;
  }

  /** The number of the question mark, from 0. */
  takeParameter(): number {
    this.#at++;
    return this.#parameters++;
  }

  isSymbol(symbol: string): boolean {
    return this.current.kind === 'symbol' && this.current.text === symbol;
  }

  isKeyword(keyword: string): boolean {
    return this.current.kind === 'keyword' && this.current.text === keyword;
  }

  takeSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#at++;
    return true;
  }

  takeKeyword(keyword: string): boolean {
    if (!this.isKeyword(keyword)) return false;
    this.#at++;
    return true;
  }

  expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw malformed(`Expected ${symbolTypes[symbol] ?? symbol}`);
  }

  expectKeyword(keyword: string): void {
    if (!this.takeKeyword(keyword)) throw malformed(`Expected keyword ${keyword.toUpperCase()}`);
  }
}
