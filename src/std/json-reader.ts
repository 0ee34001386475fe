/** Reads JSON without losing digits, says where it is wrong, and reads several values from one text. */
import { type ExactJson, ExactNumber } from './exact-json.ts';

/** `reason` says what was expected and quotes what was found. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  readonly reason: string;
  /** Where in the text, from 0. */
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.reason = reason;
    this.offset = offset;
  }
}

export interface LocatedJson {
  readonly value: ExactJson;
  /** Where the value begins in the text, from 0. */
  readonly offset: number;
}

/** Deeper than any service takes, and shallow enough for the stack. */
const MAX_DEPTH = 500;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Plain characters up to the closing quote: most strings have no escape. */
const PLAIN = /[ !#-[\]-\uffff]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const BLANK = /[ \t\r\n]*/y;
const WORD = /[^\s,:[\]{}"]*/y;

/** One value and nothing else. Throws `JsonSyntaxError`. */
export function parseExactJson(text: string): ExactJson {
  const reader = new JsonReader(text);
  const value = reader.value();
  reader.end();
  return value;
}

/** Values one after another, as in JSON lines; a list gives its members. Read lazily. Throws `JsonSyntaxError`. */
export function* jsonValues(text: string): Generator<LocatedJson> {
  const reader = new JsonReader(text);
  while (!reader.atEnd()) {
    if (reader.take('[')) yield* reader.members();
    else yield reader.located();
  }
}

/** 1-based line and column of an offset. */
export function positionAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}

class JsonReader {
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  atEnd(): boolean {
    this.#skip(BLANK);
    return this.#at >= this.#text.length;
  }

  end(): void {
    if (!this.atEnd()) throw this.#wrong('the end');
  }

  /** Steps over this character if it is next. */
  take(character: string): boolean {
    this.#skip(BLANK);
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  located(depth = 0): LocatedJson {
    this.#skip(BLANK);
    const offset = this.#at;
    return { value: this.value(depth), offset };
  }

  /** The members of a list whose bracket was taken. */
  *members(depth = 1): Generator<LocatedJson> {
    if (this.take(']')) return;
    do yield this.located(depth);
    while (this.take(','));
    this.#need(']', '"," or "]"');
  }

  value(depth = 0): ExactJson {
    if (depth > MAX_DEPTH)
      throw new JsonSyntaxError(`values are nested more than ${MAX_DEPTH} deep`, this.#at);
    this.#skip(BLANK);
    switch (this.#text[this.#at]) {
      case '{':
        this.#at++;
        return this.#map(depth);
      case '[':
        this.#at++;
        return Array.from(this.members(depth + 1), ({ value }) => value);
      case '"':
        return this.#string();
      default:
        return this.#literal();
    }
  }

  #map(depth: number): ExactJson {
    const map = new Map<string, ExactJson>();
    if (this.take('}')) return map;
    do {
      this.#skip(BLANK);
      const at = this.#at;
      if (this.#text[at] !== '"') throw this.#wrong('a key in double quotes');
      const key = this.#string();
      if (map.has(key)) throw new JsonSyntaxError(`the key ${JSON.stringify(key)} is there twice`, at);
      this.#need(':', '":"');
      map.set(key, this.value(depth + 1));
    } while (this.take(','));
    this.#need('}', '"," or "}"');
    return map;
  }

  #string(): string {
    const start = this.#at++;
    this.#skip(PLAIN);
    if (this.#text[this.#at] === '"') return this.#text.slice(start + 1, this.#at++);
    for (;;) {
      const next = this.#text[this.#at];
      if (next === '"') break;
      if (next === undefined) throw new JsonSyntaxError('a text has no closing quote', start);
      if (next !== '\\')
        throw new JsonSyntaxError(`a text holds ${JSON.stringify(next)}, which must be escaped`, this.#at);
      if (!this.#skip(ESCAPE)) throw this.#wrong('an escape such as \\n');
      this.#skip(PLAIN);
    }
    this.#at++;
    return JSON.parse(this.#text.slice(start, this.#at)) as string;
  }

  #literal(): ExactJson {
    const start = this.#at;
    if (this.#skip(NUMBER) && !/[\w.+-]/.test(this.#text[this.#at] ?? ''))
      return new ExactNumber(this.#text.slice(start, this.#at));
    this.#at = start;
    const word = this.#word();
    if (word !== 'true' && word !== 'false' && word !== 'null') throw this.#wrong('a value');
    this.#at += word.length;
    return word === 'null' ? null : word === 'true';
  }

  #need(character: string, expected: string): void {
    if (!this.take(character)) throw this.#wrong(expected);
  }

  /** True when the pattern matched at least one character. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const length = pattern.exec(this.#text)?.[0].length ?? 0;
    this.#at += length;
    return length > 0;
  }

  #word(): string {
    WORD.lastIndex = this.#at;
    return WORD.exec(this.#text)?.[0] ?? '';
  }

  #wrong(expected: string): JsonSyntaxError {
    const found = this.#word().slice(0, 30) || this.#text.slice(this.#at, this.#at + 1);
    return new JsonSyntaxError(
      `expected ${expected}, found ${found === '' ? 'the end' : JSON.stringify(found)}`,
      this.#at,
    );
  }
}
