/** Evaluates a template's `Conditions`, each once, when first asked for. */
import type { Report } from '../problems.ts';
import type { Path } from '../yaml.ts';
import { asText, quote } from './plain-functions.ts';
import { dotted, flagOf, isMap, mapOf, type PlaceOf, type Template } from './template.ts';

export interface ConditionOptions {
  readonly template: Template;
  readonly place: PlaceOf;
  readonly report: Report;
  /** Resolves the operands of `Fn::Equals`. */
  resolve(value: unknown, path: Path): unknown;
}

export type Conditions = (name: string, path: Path) => boolean;

/** An unknown condition and one that refers to itself are reported and hold. */
export function makeConditions({ template, place, report, resolve }: ConditionOptions): Conditions {
  const declared = mapOf(template.Conditions);
  const known = new Map<string, boolean>();
  const underWay: string[] = [];

  return named;

  function named(name: string, path: Path): boolean {
    const found = known.get(name);
    if (found !== undefined) return found;
    if (!Object.hasOwn(declared, name)) {
      problem('unresolved-reference', path, `condition "${name}" is not declared under Conditions`);
      return true;
    }
    if (underWay.includes(name)) {
      const cycle = [...underWay.slice(underWay.indexOf(name)), name].join(' → ');
      problem('circular-reference', ['Conditions', name], `conditions refer to each other: ${cycle}`);
      return true;
    }
    underWay.push(name);
    const holds = evaluate(declared[name], ['Conditions', name]);
    underWay.pop();
    known.set(name, holds);
    return holds;
  }

  function evaluate(expression: unknown, path: Path): boolean {
    const entries = isMap(expression) ? Object.entries(expression) : [];
    const [key, argument] = entries.length === 1 && entries[0] ? entries[0] : ['', undefined];
    const below = [...path, key];
    switch (key) {
      case 'Condition':
        // SAM writes the conditions it joins as `{ Condition: { Condition: name } }`.
        return isMap(argument) ? evaluate(argument, below) : named(asText(argument), below);
      case 'Fn::Equals':
        return equal(argument, below);
      case 'Fn::Not':
        return !operands(argument, below).every(Boolean);
      case 'Fn::And':
        return operands(argument, below).every(Boolean);
      case 'Fn::Or':
        return operands(argument, below).some(Boolean);
      default:
        return literal(expression, path);
    }
  }

  function operands(argument: unknown, path: Path): boolean[] {
    if (Array.isArray(argument)) return argument.map((item, index) => evaluate(item, [...path, index]));
    problem('invalid-function', path, `a list of conditions is expected, not ${quote(argument)}`);
    return [true];
  }

  function equal(argument: unknown, path: Path): boolean {
    const [left, right] = Array.isArray(argument) ? argument : [];
    if (!Array.isArray(argument) || argument.length !== 2)
      problem('invalid-function', path, `Fn::Equals wants a list of two values, not ${quote(argument)}`);
    return asText(resolve(left, [...path, 0])) === asText(resolve(right, [...path, 1]));
  }

  function literal(expression: unknown, path: Path): boolean {
    const flag = flagOf(resolve(expression, path));
    if (flag === undefined)
      problem('invalid-function', path, `a condition function is expected, not ${quote(expression)}`);
    return flag ?? true;
  }

  function problem(code: string, path: Path, message: string): void {
    report({
      severity: 'error',
      code,
      message,
      hint: 'see "Condition functions" in the CloudFormation user guide',
      place: place(path),
      subject: dotted(path),
    });
  }
}
