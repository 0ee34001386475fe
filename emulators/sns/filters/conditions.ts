/** One condition of a filter policy: JSON → a test of a value. Throws what is wrong with it, in the service's words. */
import { BlockList, isIP } from 'node:net';
import type { JsonValue } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';

export type Scalar = string | number | boolean | null;

/** Sees all values of a field: none when it is absent, several when it is a list. */
export type FieldTest = (values: readonly Scalar[]) => boolean;

/** Thrown for a policy that the service refuses. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

type ValueTest = (value: Scalar) => boolean;

export function compileCondition(condition: JsonValue): FieldTest {
  if (condition === null || typeof condition !== 'object') return some((value) => value === condition);
  if (!isObject(condition)) throw new PolicyError('Match value must be String, number, true, false, or null');
  const [entry, ...more] = Object.entries(condition);
  if (!entry || more.length > 0) throw new PolicyError('Only one key allowed in match expression');
  const [operator, operand] = entry;
  if (operator === 'exists') {
    if (typeof operand !== 'boolean')
      throw new PolicyError('exists match pattern must be either true or false.');
    return (values) => values.length > 0 === operand;
  }
  return some(compileOperator(operator, operand));
}

const some =
  (test: ValueTest): FieldTest =>
  (values) =>
    values.some(test);

/** Names of operators: what `$or` must not hold as fields. */
export const OPERATORS = [
  'exists',
  'numeric',
  'anything-but',
  'cidr',
  'prefix',
  'suffix',
  'equals-ignore-case',
  'wildcard',
];

function compileOperator(operator: string, operand: JsonValue): ValueTest {
  if (operator === 'numeric') return compileNumeric(operand);
  if (operator === 'anything-but') return compileAnythingBut(operand);
  return compileText(operator, operand);
}

const TEXT_OPERATORS = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard', 'cidr'];

function compileText(operator: string, operand: JsonValue): ValueTest {
  if (!TEXT_OPERATORS.includes(operator)) throw new PolicyError(`Unrecognized match type ${operator}`);
  if (typeof operand !== 'string')
    throw new PolicyError(`${operator === 'cidr' ? 'prefix' : operator} match pattern must be a string`);
  const texts =
    (test: (text: string) => boolean): ValueTest =>
    (value) =>
      typeof value === 'string' && test(value);
  switch (operator) {
    case 'prefix':
      return texts((text) => text.startsWith(operand));
    case 'suffix':
      return texts((text) => text.endsWith(operand));
    case 'equals-ignore-case': {
      const lower = operand.toLowerCase();
      return texts((text) => text.toLowerCase() === lower);
    }
    case 'wildcard':
      return texts(compileWildcard(operand));
    default:
      return texts(compileCidr(operand));
  }
}

/** `*` stands for any characters, `\*` for itself. */
function compileWildcard(pattern: string): (text: string) => boolean {
  if (pattern.includes('**')) throw new PolicyError('Consecutive wildcard characters');
  const parts = pattern.split(/(?<!\\)\*/).map((part) => part.replace(/\\([*\\])/g, '$1'));
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
      return false;
    const end = text.length - last.length;
    let at = first.length;
    // The leftmost place of each part leaves the most room for the others.
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

function compileCidr(pattern: string): (text: string) => boolean {
  const [address = '', bits, ...more] = pattern.split('/');
  const version = isIP(address);
  const most = version === 6 ? 128 : 32;
  if (bits === undefined || more.length > 0) throw new PolicyError("Malformed CIDR, one '/' required");
  if (!/^\d+$/.test(bits)) throw new PolicyError('Malformed CIDR, mask bits must be an integer');
  if (version === 0) throw new PolicyError(`Nonstandard IP address: ${address}`);
  if (Number(bits) > most) throw new PolicyError(`Malformed CIDR, mask bits must not be more than ${most}`);
  const block = new BlockList();
  block.addSubnet(address, Number(bits), version === 6 ? 'ipv6' : 'ipv4');
  return (text) => {
    const found = isIP(text);
    return found === version && block.check(text, found === 6 ? 'ipv6' : 'ipv4');
  };
}

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

const MOST = 1e9;

/** `["=", 5]`, or a range: `[">", 0, "<=", 5]`. */
function compileNumeric(operand: JsonValue): ValueTest {
  if (!Array.isArray(operand)) throw new PolicyError('Value of numeric must be an array.');
  const [sign, bound, upperSign, upperBound] = operand;
  const lower = compileBound(sign, bound);
  if (operand.length === 2) return (value) => typeof value === 'number' && lower(value);
  if (!/^>=?$/.test(String(sign))) throw new PolicyError('Too many elements in numeric expression');
  if (typeof upperSign !== 'string')
    throw new PolicyError(`Bad value in numeric range: ${String(upperSign)}`);
  if (!/^<=?$/.test(upperSign)) throw new PolicyError(`Bad numeric range operator: ${upperSign}`);
  if (operand.length > 4) throw new PolicyError('Too many terms in numeric range expression');
  const upper = compileBound(upperSign, upperBound);
  if (Number(bound) >= Number(upperBound)) throw new PolicyError('Bottom must be less than top');
  return (value) => typeof value === 'number' && lower(value) && upper(value);
}

function compileBound(sign: JsonValue | undefined, bound: JsonValue | undefined): (value: number) => boolean {
  if (sign === undefined) throw new PolicyError('Invalid member in numeric match: ]');
  if (typeof sign !== 'string') throw new PolicyError(`Invalid member in numeric match: ${String(sign)}`);
  const compare = Object.hasOwn(comparisons, sign) ? comparisons[sign] : undefined;
  if (!compare) throw new PolicyError(`Unrecognized numeric range operator: ${String(sign)}`);
  if (typeof bound !== 'number')
    throw new PolicyError(`Value of ${sign === '=' ? 'equals' : sign} must be numeric`);
  if (Math.abs(bound) > MOST)
    throw new PolicyError(`Value of ${String(sign)} must be between -1.0E9 and 1.0E9, inclusive`);
  return (value) => compare(value, bound);
}

function compileAnythingBut(operand: JsonValue): ValueTest {
  if (isObject(operand)) {
    const [entry, ...more] = Object.entries(operand);
    if (!entry || more.length > 0) throw new PolicyError('Only one key allowed in match expression');
    const [operator, written] = entry;
    if (!TEXT_OPERATORS.includes(operator) || operator === 'cidr')
      throw new PolicyError(`Unsupported anything-but pattern: ${operator}`);
    const excluded = (Array.isArray(written) ? written : [written]).map((one) => compileText(operator, one));
    return (value) => !excluded.some((test) => test(value));
  }
  const excluded = Array.isArray(operand) ? operand : [operand];
  if (excluded.length === 0) throw new PolicyError('Empty arrays are not allowed');
  if (!excluded.every((one) => typeof one === 'string' || typeof one === 'number'))
    throw new PolicyError('anything-but match pattern must be strings or numbers');
  return (value) => !excluded.some((one) => one === value);
}
