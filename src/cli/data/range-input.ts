/** Reads what `--range` says of the range key: `begins_with:2026`, `between:1,5`, `>=:5`, or a value. */
import type { Item } from '../../app/data-plain.ts';
import { SlsError } from '../../std/errors.ts';

/** A part of a key condition. */
export interface RangeCondition {
  readonly expression: string;
  readonly values: Item;
}

const OPERATORS: Readonly<Record<string, string>> = {
  eq: '=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};
const FORMS =
  'eq:V, lt:V, le:V, gt:V, ge:V (or =, <, <=, >, >= for those), between:A,B, begins_with:V, or a value alone';

/**
 * `toValue` makes a value of its text; `suffix` goes to the placeholders: `#r` stands for the attribute, `:r` and `:to` for values.
 * Throws `SlsError` `bad-range`.
 */
export function parseRange(
  text: string,
  toValue: (text: string) => Item[string],
  suffix = '',
): RangeCondition {
  const { expression, values } = parse(text, toValue);
  return {
    expression: expression.replace(/[#:](?:r|to)\b/g, (name) => name + suffix),
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name + suffix, value])),
  };
}

function parse(text: string, toValue: (text: string) => Item[string]): RangeCondition {
  const sign = /^(<=|>=|<|>|=):?(.+)$/s.exec(text);
  if (sign?.[1] !== undefined && sign[2] !== undefined) return compare(sign[1], sign[2], toValue);
  const at = text.indexOf(':');
  const form = text.slice(0, Math.max(0, at));
  const rest = text.slice(at + 1);
  if (form === 'begins_with') return { expression: 'begins_with(#r, :r)', values: { ':r': toValue(rest) } };
  if (form === 'between') return between(rest, toValue);
  return Object.hasOwn(OPERATORS, form) ? compare(form, rest, toValue) : compare('=', text, toValue);
}

function compare(form: string, text: string, toValue: (text: string) => Item[string]): RangeCondition {
  return { expression: `#r ${OPERATORS[form] ?? form} :r`, values: { ':r': toValue(text) } };
}

function between(text: string, toValue: (text: string) => Item[string]): RangeCondition {
  const ends = text.split(',');
  const [from, to] = ends;
  if (from === undefined || to === undefined || ends.length > 2)
    throw new SlsError('bad-range', `--range between takes two values with a comma, found "${text}"`, {
      hint: `it can be ${FORMS}`,
    });
  return {
    expression: '#r BETWEEN :r AND :to',
    values: { ':r': toValue(from.trim()), ':to': toValue(to.trim()) },
  };
}
