/**
 * Reads what `--filter` says of the items wanted: the service's own filter language with the values written where they are
 * meant, `total >= 100 and begins_with(customer, 'A')`, instead of placeholders.
 */
import { type Item, typedValue } from '../../app/data-plain.ts';
import { SlsError } from '../../std/errors.ts';
import { parseExactJson } from '../../std/json-reader.ts';

export interface FilterInput {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
}

const TOKEN =
  /\s+|(?<mark><=|>=|<>|!=|==|[=<>(),])|(?<text>'(?:[^']|'')*'|"(?:[^"\\]|\\.)*")|(?<word>[^\s<>=!(),'"]+)/sy;
const KEYWORDS = new Set(['and', 'or', 'not', 'between', 'in']);
const FUNCTIONS = new Set([
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
]);
const SPELLING: Readonly<Record<string, string>> = { '!=': '<>', '==': '=' };
const EXAMPLE = `for example --filter "total >= 100 and begins_with(customer, 'A')"`;

/**
 * A word is an attribute where a condition begins and as the first argument of a function, and a value everywhere else.
 * Several filters must all hold. Throws `SlsError` `bad-filter`.
 */
export function parseFilters(texts: readonly string[]): FilterInput | undefined {
  if (texts.length === 0) return undefined;
  const names: Record<string, string> = {};
  const values: Record<string, Item[string]> = {};
  const parts = texts.map((text) => new Translation(text, names, values).run());
  return {
    expression: parts.map((part) => (parts.length > 1 ? `(${part})` : part)).join(' AND '),
    names,
    values,
  };
}

class Translation {
  readonly #text: string;
  readonly #names: Record<string, string>;
  readonly #values: Record<string, Item[string]>;
  readonly #out: string[] = [];
  /** Where an attribute stands next; else a value. */
  #attributeNext = true;
  #function = '';

  constructor(text: string, names: Record<string, string>, values: Record<string, Item[string]>) {
    this.#text = text;
    this.#names = names;
    this.#values = values;
  }

  run(): string {
    TOKEN.lastIndex = 0;
    for (let at = 0; at < this.#text.length; at = TOKEN.lastIndex) {
      TOKEN.lastIndex = at;
      const groups = TOKEN.exec(this.#text)?.groups;
      if (!groups) throw this.#wrong(`"${this.#text.slice(at)}" is not understood`);
      const { mark, text, word } = groups;
      if (mark !== undefined) this.#mark(mark);
      else if (text !== undefined) this.#value(unquoted(text, () => this.#wrong(`${text} is no text`)));
      else if (word !== undefined) this.#word(word, this.#text[TOKEN.lastIndex] === '(');
    }
    if (this.#out.length === 0) throw this.#wrong('there is no condition in it');
    return this.#out.join(' ');
  }

  #mark(mark: string): void {
    this.#out.push(SPELLING[mark] ?? mark);
    // The members of IN ( … ) are values.
    if (mark === '(') this.#attributeNext = this.#function !== 'in';
    else if (mark !== ')') this.#attributeNext = false;
  }

  #word(word: string, opens: boolean): void {
    const lower = word.toLowerCase();
    if (FUNCTIONS.has(lower) && opens) {
      this.#function = lower;
      this.#out.push(lower);
    } else if (KEYWORDS.has(lower) && !this.#isOperand(lower)) this.#keyword(lower);
    else if (this.#attributeNext) this.#attribute(word);
    else this.#value(scalarOf(word));
  }

  /** A condition cannot begin with AND; what stands there is an attribute of that name. */
  #isOperand(keyword: string): boolean {
    return this.#attributeNext && keyword !== 'not';
  }

  #keyword(keyword: string): void {
    this.#attributeNext = keyword !== 'between' && keyword !== 'in';
    // The AND of a BETWEEN stands between two values.
    if (keyword === 'and' && this.#function === 'between') {
      this.#attributeNext = false;
      this.#function = '';
    } else this.#function = keyword;
    this.#out.push(keyword.toUpperCase());
  }

  /** `address.lines[0]`: each name becomes a placeholder, so that none can be a reserved word. */
  #attribute(path: string): void {
    const steps = path.split('.').map((step) => {
      const [, name = step, indexes = ''] = /^(.*?)((?:\[\d+\])*)$/s.exec(step) ?? [];
      if (name === '') throw this.#wrong(`"${path}" is no attribute`);
      const placeholder = `#f${Object.keys(this.#names).length}`;
      this.#names[placeholder] = name;
      return placeholder + indexes;
    });
    this.#out.push(steps.join('.'));
    this.#attributeNext = false;
  }

  #value(value: Item[string]): void {
    if (this.#attributeNext)
      throw this.#wrong('a condition begins with the name of an attribute, without quotes');
    const placeholder = `:f${Object.keys(this.#values).length}`;
    this.#values[placeholder] = value;
    this.#out.push(placeholder);
  }

  #wrong(reason: string): SlsError {
    return new SlsError('bad-filter', `--filter ${JSON.stringify(this.#text)}: ${reason}`, { hint: EXAMPLE });
  }
}

function unquoted(text: string, wrong: () => SlsError): Item[string] {
  if (text.startsWith("'")) return { S: text.slice(1, -1).replaceAll("''", "'") };
  try {
    return typedValue(parseExactJson(text), '');
  } catch {
    throw wrong();
  }
}

/** A number, true, false or null as in JSON; anything else is text. */
function scalarOf(word: string): Item[string] {
  try {
    return typedValue(parseExactJson(word), '');
  } catch {
    return { S: word };
  }
}
