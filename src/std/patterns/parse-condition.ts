/** One element of a field's list in an event pattern: a value, or a map with one operator. */
import type { JsonObject, JsonValue } from '../../model/emulator.ts';
import { isObject } from '../../model/json.ts';
import { messageOf } from '../errors.ts';
import { PatternError } from '../event-pattern.ts';
import { addressBits, blockBits } from './address.ts';
import type { Condition, NumberRange } from './condition.ts';
import { parseWildcard } from './wildcard.ts';

/** Throws `PatternError`. */
export function parseCondition(path: string, value: JsonValue): Condition {
  const refuse = (reason: string) => new PatternError(`${reason}: "${path}" holds ${JSON.stringify(value)}`);
  if (Array.isArray(value)) throw refuse('Match value must be String, number, true, false, or null');
  if (!isObject(value)) return { kind: 'equals', value };
  const { operator, operand } = onlyEntry(value, refuse, 'Match expression name not found');
  switch (operator) {
    case 'exactly':
      return { kind: 'equals', value: textOf(operand, refuse, 'exact match pattern must be a string') };
    case 'prefix':
    case 'suffix':
      return affix(operator, operand, refuse);
    case 'equals-ignore-case':
      return {
        kind: 'folded-equals',
        text: textOf(operand, refuse, `${operator} match pattern must be a string`).toLowerCase(),
      };
    case 'wildcard':
      return wildcardOf(operand, refuse);
    case 'numeric':
      return rangeOf(operand, refuse);
    case 'cidr':
      return blockOf(operand, refuse);
    case 'exists':
      if (typeof operand !== 'boolean') throw refuse('exists match pattern must be either true or false.');
      return { kind: operand ? 'exists' : 'absent' };
    case 'anything-but':
      return anythingBut(operand, refuse);
    default:
      throw refuse(`Unrecognized match type ${operator}`);
  }
}

type Refuse = (reason: string) => PatternError;

function onlyEntry(map: JsonObject, refuse: Refuse, none: string) {
  const [first, ...more] = Object.entries(map);
  if (!first) throw refuse(none);
  if (more.length > 0) throw refuse('Only one key allowed in match expression');
  return { operator: first[0], operand: first[1] };
}

function textOf(operand: JsonValue, refuse: Refuse, reason: string): string {
  if (typeof operand !== 'string') throw refuse(reason);
  return operand;
}

function affix(kind: 'prefix' | 'suffix', operand: JsonValue, refuse: Refuse): Condition {
  if (!isObject(operand))
    return { kind, text: textOf(operand, refuse, `${kind} match pattern must be a string`) };
  const word = kind === 'prefix' ? 'Prefix' : 'Suffix';
  const { operator, operand: text } = onlyEntry(operand, refuse, `${word} expression name not found`);
  if (operator !== 'equals-ignore-case') throw refuse(`Unsupported ${kind} pattern: ${operator}`);
  const folded = textOf(text, refuse, 'equals-ignore-case match pattern must be a string').toLowerCase();
  return { kind: `folded-${kind}`, text: folded };
}

function wildcardOf(operand: JsonValue, refuse: Refuse): Condition {
  const text = textOf(operand, refuse, 'wildcard match pattern must be a string');
  try {
    return { kind: 'wildcard', wildcard: parseWildcard(text) };
  } catch (failure) {
    throw refuse(messageOf(failure));
  }
}

function blockOf(operand: JsonValue, refuse: Refuse): Condition {
  // The service says so of this operator too.
  const text = textOf(operand, refuse, 'prefix match pattern must be a string');
  const bits = blockBits(text);
  if (bits === undefined) throw refuse(blockFlaw(text));
  return { kind: 'cidr', bits };
}

function blockFlaw(text: string): string {
  const [address = '', size = '', ...more] = text.split('/');
  if (!text.includes('/') || more.length > 0) return "Malformed CIDR, one '/' required";
  if (!/^\d+$/.test(size)) return 'Malformed CIDR, mask bits must be an integer';
  return addressBits(address) === undefined
    ? `Nonstandard IP address: ${address}`
    : `Malformed CIDR, mask bits must not be more than ${address.includes(':') ? 128 : 32}`;
}

const EVERY_NUMBER: NumberRange = {
  kind: 'range',
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  withLow: true,
  withHigh: true,
};

/** `["=", 5]`, `["<", 5]`, or a range from below: `[">", 0, "<=", 5]`. */
function rangeOf(operand: JsonValue, refuse: Refuse): Condition {
  if (!Array.isArray(operand)) throw refuse('Value of numeric must be an array.');
  const [sign, bound, topSign, top, ...more] = operand;
  if (typeof sign !== 'string') throw refuse(`Invalid member in numeric match: ${JSON.stringify(sign)}`);
  if (!['=', '<', '<=', '>', '>='].includes(sign))
    throw refuse(`Unrecognized numeric range operator: ${sign}`);
  if (typeof bound !== 'number') throw refuse(`Value of ${sign === '=' ? 'equals' : sign} must be numeric`);
  if (sign === '=' || sign === '<' || sign === '<=') {
    if (topSign !== undefined) throw refuse('Too many elements in numeric expression');
    if (sign === '=') return { kind: 'equals', value: bound };
    return { ...EVERY_NUMBER, high: bound, withHigh: sign === '<=' };
  }
  const from = { ...EVERY_NUMBER, low: bound, withLow: sign === '>=' };
  if (topSign === undefined) return from;
  if (typeof topSign !== 'string') throw refuse(`Bad value in numeric range: ${JSON.stringify(topSign)}`);
  if (topSign !== '<' && topSign !== '<=') throw refuse(`Bad numeric range operator: ${topSign}`);
  if (typeof top !== 'number') throw refuse(`Value of ${topSign} must be numeric`);
  if (more.length > 0) throw refuse('Too many terms in numeric range expression');
  if (top <= bound) throw refuse('Bottom must be less than top');
  return { ...from, high: top, withHigh: topSign === '<=' };
}

function anythingBut(operand: JsonValue, refuse: Refuse): Condition {
  if (isObject(operand)) return anythingButLike(operand, refuse);
  const values = Array.isArray(operand) ? operand : [operand];
  const texts = values.filter((one) => typeof one === 'string').length;
  const numbers = values.filter((one) => typeof one === 'number').length;
  if (texts + numbers < values.length)
    throw refuse(
      Array.isArray(operand)
        ? 'Inside anything but list, start|null|boolean is not supported.'
        : 'Value of anything-but must be an array or single string/number value.',
    );
  if (texts > 0 === numbers > 0)
    throw refuse(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  const excluded = values.map((value): Condition => parseCondition('', value));
  return { kind: 'anything-but', excluded };
}

function wrongLike(operator: string, text: JsonValue): string {
  if (isObject(text)) return 'Value of anything-but must be an array or single string/number value.';
  if (operator === 'equals-ignore-case')
    return 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.';
  return `${operator === 'wildcard' ? operator : 'prefix/suffix'} match pattern must be a string`;
}

const LIKE: ReadonlySet<string> = new Set(['prefix', 'suffix', 'equals-ignore-case', 'wildcard']);

function anythingButLike(operand: JsonObject, refuse: Refuse): Condition {
  const { operator, operand: written } = onlyEntry(operand, refuse, 'Anything-But expression name not found');
  if (!LIKE.has(operator)) throw refuse(`Unsupported anything-but pattern: ${operator}`);
  const texts = Array.isArray(written) ? written : [written];
  const excluded = texts.map((text): Condition => {
    if (typeof text !== 'string') throw refuse(wrongLike(operator, text));
    if (text === '' && (operator === 'prefix' || operator === 'suffix'))
      throw refuse('Null prefix/suffix not allowed');
    return parseCondition('', { [operator]: text });
  });
  return { kind: 'anything-but', excluded };
}
