/** Adds to JSON with comments by inserting text, so that everything a person wrote stays as it is. */
import { messageOf } from '../std/errors.ts';

/** What lies between the brackets of an object or array. */
interface Span {
  /** Index behind the opening bracket. */
  readonly start: number;
  readonly isEmpty: boolean;
}

interface Token {
  readonly text: string;
  readonly at: number;
}

/** Strings, punctuation and bare words; comments and blanks are passed over. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[{}[\]:,]|[^\s{}[\]:,"/]+/g;
/** Strings are matched so that a comma in one is passed over. */
const TRAILING_COMMA = /"(?:[^"\\\n]|\\.)*"|(?<=[^\s[{,:]\s*),(?=\s*[\]}])/g;

/** Why the text is no JSON, even with comments and commas at the end allowed; undefined when it is. */
export function faultIn(text: string): string | undefined {
  try {
    JSON.parse(withoutExtras(text));
    return undefined;
  } catch (failure) {
    return messageOf(failure).replace(/\s+/g, ' ');
  }
}

/** Whether some object in the text has this key with this string value. */
export function hasProperty(text: string, key: string, value: string): boolean {
  const tokens = tokensOf(text);
  return tokens.some(
    ({ text: token }, i) =>
      isString(token, key) && tokens[i + 1]?.text === ':' && isString(tokens[i + 2]?.text, value),
  );
}

/**
 * Puts `item` first into the array `key` of the outermost object, making the array where there is none.
 * Undefined when the text is no object, or `key` is no array.
 */
export function insertIntoArray(text: string, key: string, item: object): string | undefined {
  const tokens = tokensOf(text);
  if (tokens[0]?.text !== '{' || tokens.at(-1)?.text !== '}') return undefined;
  const indent = indentOf(text);
  const value = valueAt(tokens, key);
  if (value === undefined)
    return insert(text, spanAt(tokens, 0), `"${key}": [${block(item, indent, 2)}\n${indent}]`, indent);
  if (tokens[value]?.text !== '[') return undefined;
  return insert(text, spanAt(tokens, value), JSON.stringify(item, null, indent), indent.repeat(2));
}

/** Without comments and commas at the end. */
function withoutExtras(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(TOKEN, (token) => (token.startsWith('/') ? ' ' : token))
    .replace(TRAILING_COMMA, (match) => (match === ',' ? '' : match));
}

function tokensOf(text: string): readonly Token[] {
  return [...text.matchAll(TOKEN)]
    .map((match) => ({ text: match[0], at: match.index }))
    .filter(({ text: token }) => !token.startsWith('/'));
}

/** Index of the first token of a property's value in the outermost object. */
function valueAt(tokens: readonly Token[], key: string): number | undefined {
  let depth = 0;
  for (const [i, { text }] of tokens.entries()) {
    if (text === '{' || text === '[') depth++;
    if (text === '}' || text === ']') depth--;
    if (depth === 1 && isString(text, key) && tokens[i + 1]?.text === ':') return i + 2;
  }
  return undefined;
}

function spanAt(tokens: readonly Token[], open: number): Span {
  const next = tokens[open + 1]?.text;
  return { start: (tokens[open]?.at ?? 0) + 1, isEmpty: next === '}' || next === ']' };
}

function insert(text: string, { start, isEmpty }: Span, added: string, indent: string): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = added.split('\n').join(`${newline}${indent}`);
  const rest = text.slice(start);
  // An empty pair of brackets may stand on one line; its closing one then goes on a line of its own.
  const gap = isEmpty && /^\s*[\]}]/.test(rest) ? `${newline}${indent.slice(0, indent.length / 2)}` : '';
  const after = isEmpty ? gap + (gap ? rest.trimStart() : rest) : `,${rest}`;
  return `${text.slice(0, start)}${newline}${indent}${lines}${after}`;
}

function block(item: object, indent: string, depth: number): string {
  return `\n${JSON.stringify(item, null, indent)}`.split('\n').join(`\n${indent.repeat(depth - 1)}`);
}

function isString(token: string | undefined, value: string): boolean {
  return token === JSON.stringify(value);
}

function indentOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
}
