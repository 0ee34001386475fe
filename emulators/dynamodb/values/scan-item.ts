/**
 * Reads an item from the text of a request without parsing it, where the text is what would be stored anyway: most items that SDKs
 * send are. Parsing, checking, measuring and writing it again take several times as long.
 */
import type { AttributeValue } from './attribute-value.ts';
import type { ItemSizes } from './item-size.ts';
import { numberSize } from './number-bytes.ts';
import { MAX_DEPTH } from './validate-value.ts';

/** An item that is valid and in normal form. */
export interface ScannedItem {
  /** As the item, validated and written again, would be. */
  readonly json: string;
  readonly sizes: ItemSizes;
  /** The value of a top-level attribute, if there is one of this name. */
  attribute(name: string): AttributeValue | undefined;
}

/** A text that has none of these is ASCII, and ends with the next quotation mark: no escapes, no control characters. */
const UNUSUAL = /[^ !#-[\]-~"]/;
/** Written as the service gives them back, with room to the limits of digits and magnitude. */
const NORMAL_NUMBER = /^(?:0|-?[1-9]\d{0,17}|-?(?:0|[1-9]\d{0,17})\.\d{0,16}[1-9])$/;
/** More attributes in one map than this are left to the parser: each name is compared with the others. */
const MOST_NAMES = 64;
const NOT_PLAIN = -1;

const [QUOTE, COLON, COMMA, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [34, 58, 44, 123, 125, 91, 93];
const [B, L, M, N, S] = [66, 76, 77, 78, 83];

/** Whether texts of this can be scanned at all. */
export function isPlain(text: string): boolean {
  return !UNUSUAL.test(text);
}

/** One at a time: what it has found is in its members until the next. */
class ItemScanner {
  #text = '';
  /** Behind what was read last. */
  #at = 0;
  /** Beginnings and ends of the names of the maps that are open, the outermost's first. */
  readonly #names = new Int32Array(2 * MOST_NAMES * MAX_DEPTH);
  #used = 0;
  size = 0;
  stored = 0;
  /** Of top-level attributes: where the name and the value begin. */
  places: number[] = [];

  /** Behind the item whose `{` is at `from`; −1 where it is better parsed. `text` is plain. */
  scan(text: string, from: number): number {
    this.#text = text;
    this.#at = from;
    this.#used = 0;
    this.size = 0;
    this.stored = 0;
    this.places = [];
    const isRead = this.#item();
    // A request of megabytes is not kept until the next one comes.
    this.#text = '';
    return isRead ? this.#at : NOT_PLAIN;
  }

  #item(): boolean {
    if (!this.#takes(OPEN)) return false;
    do {
      const nameAt = this.#at + 1;
      const nameSize = this.#name(0);
      if (nameSize < 0) return false;
      const valueAt = this.#at;
      const type = this.#text.charCodeAt(valueAt + 2);
      const size = this.#value(1);
      if (size < 0) return false;
      this.places.push(nameAt, valueAt);
      this.size += nameSize + size;
      this.stored += storedSize(type, this.#text.charCodeAt(valueAt + 3), size);
    } while (this.#takes(COMMA));
    return this.#takes(CLOSE);
  }

  /** With the colon behind it. Answers its length, −1 where it is none that can be told here. `base`: where the names of its map begin. */
  #name(base: number): number {
    if (!this.#takes(QUOTE)) return NOT_PLAIN;
    const text = this.#text;
    const from = this.#at;
    const to = text.indexOf('"', from);
    const first = text.charCodeAt(from);
    // Names of digits change places when they are parsed, and one has a meaning in JavaScript.
    if (to <= from || (first >= 48 && first <= 57) || first === 95) return NOT_PLAIN;
    const names = this.#names;
    const length = to - from;
    for (let i = base; i < this.#used; i += 2) {
      const known = names[i] as number;
      if ((names[i + 1] as number) - known !== length || text.charCodeAt(known) !== first) continue;
      if (text.startsWith(text.slice(from, to), known)) return NOT_PLAIN;
    }
    if (this.#used - base >= 2 * MOST_NAMES) return NOT_PLAIN;
    names[this.#used++] = from;
    names[this.#used++] = to;
    this.#at = to + 1;
    return this.#takes(COLON) ? length : NOT_PLAIN;
  }

  /** `{"S":"…"}`. Answers what it counts, −1 where it is better parsed. */
  #value(depth: number): number {
    const text = this.#text;
    const at = this.#at;
    if (text.charCodeAt(at) !== OPEN || text.charCodeAt(at + 1) !== QUOTE) return NOT_PLAIN;
    const type = text.charCodeAt(at + 2);
    if (text.charCodeAt(at + 3) !== QUOTE) return this.#word(at);
    if (text.charCodeAt(at + 4) !== COLON) return NOT_PLAIN;
    this.#at = at + 5;
    let size = NOT_PLAIN;
    if (type === S) size = this.#string();
    else if (type === N) size = this.#number();
    else if (type === M && depth < MAX_DEPTH) size = this.#map(depth + 1);
    else if (type === L && depth < MAX_DEPTH) size = this.#list(depth + 1);
    return size >= 0 && this.#takes(CLOSE) ? size : NOT_PLAIN;
  }

  #string(): number {
    if (!this.#takes(QUOTE)) return NOT_PLAIN;
    const from = this.#at;
    const to = this.#text.indexOf('"', from);
    if (to < 0) return NOT_PLAIN;
    this.#at = to + 1;
    return to - from;
  }

  #number(): number {
    if (!this.#takes(QUOTE)) return NOT_PLAIN;
    const from = this.#at;
    const to = this.#text.indexOf('"', from);
    if (to < 0) return NOT_PLAIN;
    this.#at = to + 1;
    const written = this.#text.slice(from, to);
    return NORMAL_NUMBER.test(written) ? numberSize(written) : NOT_PLAIN;
  }

  #map(depth: number): number {
    if (!this.#takes(OPEN)) return NOT_PLAIN;
    if (this.#takes(CLOSE)) return 3;
    const base = this.#used;
    let size = 3;
    do {
      const nameSize = this.#name(base);
      const valueSize = nameSize < 0 ? NOT_PLAIN : this.#value(depth);
      if (valueSize < 0) return NOT_PLAIN;
      size += 1 + nameSize + valueSize;
    } while (this.#takes(COMMA));
    this.#used = base;
    return this.#takes(CLOSE) ? size : NOT_PLAIN;
  }

  #list(depth: number): number {
    if (!this.#takes(OPEN_LIST)) return NOT_PLAIN;
    if (this.#takes(CLOSE_LIST)) return 3;
    let size = 3;
    do {
      const valueSize = this.#value(depth);
      if (valueSize < 0) return NOT_PLAIN;
      size += 1 + valueSize;
    } while (this.#takes(COMMA));
    return this.#takes(CLOSE_LIST) ? size : NOT_PLAIN;
  }

  /** The types of longer names. */
  #word(at: number): number {
    const text = this.#text;
    for (const written of WORDS)
      if (text.startsWith(written, at)) {
        this.#at = at + written.length;
        return 1;
      }
    return NOT_PLAIN;
  }

  #takes(character: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== character) return false;
    this.#at++;
    return true;
  }
}

const WORDS = ['{"BOOL":true}', '{"BOOL":false}', '{"NULL":true}'];

/** As `itemSizes` counts. */
function storedSize(type: number, second: number, size: number): number {
  if (second !== QUOTE) return type === B || type === N ? 1 + size : size + 2;
  if (type === S) return size + (size < 128 ? 2 : size < 16384 ? 3 : 4);
  return size + 2;
}

/** Keys are texts and numbers. */
function valueIn(text: string, from: number, to: number): AttributeValue {
  if (text.startsWith('{"S":"', from)) return { S: text.slice(from + 6, to - 2) };
  if (text.startsWith('{"N":"', from)) return { N: text.slice(from + 6, to - 2) };
  return JSON.parse(text.slice(from, to)) as AttributeValue;
}

const scanner = new ItemScanner();

/** The item whose `{` is at `from` of a plain text, and where it ends; undefined where it is better parsed. */
export function scanItem(text: string, from: number): { item: ScannedItem; end: number } | undefined {
  const end = scanner.scan(text, from);
  if (end < 0) return undefined;
  const { size, stored, places } = scanner;
  return {
    end,
    item: {
      json: text.slice(from, end),
      sizes: { size, stored },
      attribute(name) {
        const quoted = `${name}":`;
        for (let i = 0; i < places.length; i += 2)
          if (text.startsWith(quoted, places[i] as number)) {
            // Up to the next attribute, or the end of the item.
            const next = places[i + 2];
            return valueIn(text, places[i + 1] as number, next === undefined ? end - 1 : next - 2);
          }
        return undefined;
      },
    },
  };
}
