/** JSON whose numbers keep every digit: values, and writing them as text. Reading is in json-reader.ts. */

/** A number as it is written; JavaScript's own keep 15 to 17 digits only. */
export class ExactNumber {
  /** A JSON number literal: `-12.50e3`. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type ExactMap = ReadonlyMap<string, ExactJson>;
/** Maps keep the order of their keys, and `__proto__` is one like the others. */
export type ExactJson = null | boolean | string | ExactNumber | readonly ExactJson[] | ExactMap;

export function isExactMap(value: ExactJson | undefined): value is ExactMap {
  return value instanceof Map;
}

export function isExactList(value: ExactJson | undefined): value is readonly ExactJson[] {
  return Array.isArray(value);
}

/** On one line, or with `indent` blanks a level. */
export function formatJson(value: ExactJson, indent = 0): string {
  return format(value, indent, '');
}

function format(value: ExactJson, indent: number, margin: string): string {
  if (value instanceof ExactNumber) return value.text;
  if (isExactList(value)) {
    const members = value.map((member) => format(member, indent, inner(margin, indent)));
    return enclosed('[', members, ']', indent, margin);
  }
  if (isExactMap(value)) {
    const colon = indent > 0 ? ': ' : ':';
    const members = [...value].map(
      ([key, member]) => JSON.stringify(key) + colon + format(member, indent, inner(margin, indent)),
    );
    return enclosed('{', members, '}', indent, margin);
  }
  return JSON.stringify(value);
}

function inner(margin: string, indent: number): string {
  return indent > 0 ? margin + ' '.repeat(indent) : '';
}

function enclosed(open: string, members: readonly string[], close: string, indent: number, margin: string) {
  if (indent === 0 || members.length === 0) return open + members.join(',') + close;
  const line = `\n${inner(margin, indent)}`;
  return `${open}${line}${members.join(`,${line}`)}\n${margin}${close}`;
}
