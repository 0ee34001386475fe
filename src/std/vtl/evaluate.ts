/** Evaluates parsed templates. */
import { messageOf, unreachable } from '../errors.ts';
import { calculated, itemsOf, lengthOf, rangeOf } from './calculate.ts';
import { callMethod } from './methods.ts';
import {
  type Expression,
  type Macro,
  type Node,
  type Reference,
  type Step,
  TemplateError,
} from './syntax.ts';
import { areEqual, entryOf, isHost, isMap, isTrue, ownList, printed, setEntry } from './values.ts';

/** Instructions, turns of loops and calls of macros; a template that needs more does not end by itself. */
const MOST_STEPS = 500_000;
const MOST_DEPTH = 100;

/** `variables` are those the template begins with; it may set further ones. Throws `TemplateError`. */
export function evaluateTemplate(nodes: readonly Node[], variables: Record<string, unknown>): string {
  const macros = new Map<string, Macro>();
  const definitions = new Map<string, readonly Node[]>();
  let output = '';
  let signal: 'break' | 'stop' | undefined;
  let steps = 0;
  let depth = 0;
  collect(nodes);
  run(nodes);
  return output;

  /** Macros are known from the beginning. */
  function collect(list: readonly Node[]): void {
    for (const node of list) if (node.kind === 'macro') macros.set(node.name, node.macro);
  }

  function run(list: readonly Node[]): void {
    for (const node of list) {
      if (signal) return;
      if (++steps > MOST_STEPS) throw new TemplateError('the template does not come to an end', 1);
      runOne(node);
    }
  }

  function runOne(node: Node): void {
    switch (node.kind) {
      case 'text':
        output += node.text;
        break;
      case 'print':
        print(node.reference);
        break;
      case 'set':
        assign(node.target, evaluate(node.value));
        break;
      case 'if':
        run(node.branches.find(({ condition }) => !condition || isTrue(evaluate(condition)))?.body ?? []);
        break;
      case 'foreach':
        loop(node.name, itemsOf(evaluate(node.list)), node.body);
        break;
      case 'define':
        definitions.set(node.name, node.body);
        break;
      case 'macro':
        macros.set(node.name, node.macro);
        break;
      case 'call':
        call(node.name, node.given);
        break;
      case 'break':
      case 'stop':
        signal = node.kind;
        break;
      default:
        unreachable(node);
    }
  }

  /** What has no value prints nothing, but for a name that nobody has set. */
  function print(reference: Reference): void {
    const body = reference.steps.length === 0 ? definitions.get(reference.name) : undefined;
    if (body) {
      inner(reference.name, () => run(body));
      return;
    }
    const isKnown = Object.hasOwn(variables, reference.name) || reference.quiet;
    output += isKnown ? printed(read(reference)) : reference.written;
  }

  function inner(name: string, work: () => void): void {
    if (++depth > MOST_DEPTH) throw new TemplateError(`"${name}" calls itself without end`, 1);
    work();
    depth--;
  }

  function loop(name: string, items: readonly unknown[], body: readonly Node[]): void {
    const before = { item: saved(name), foreach: saved('foreach'), count: saved('velocityCount') };
    for (const [index, item] of items.entries()) {
      if (++steps > MOST_STEPS) throw new TemplateError('the template does not come to an end', 1);
      const [count, hasNext] = [index + 1, index + 1 < items.length];
      setEntry(variables, name, item);
      setEntry(variables, 'velocityCount', count);
      const turn = { index, count, hasNext, first: index === 0, last: !hasNext };
      setEntry(variables, 'foreach', { ...turn, parent: before.foreach.value });
      run(body);
      if (signal) break;
    }
    if (signal === 'break') signal = undefined;
    before.item.restore();
    before.foreach.restore();
    before.count.restore();
  }

  function saved(name: string) {
    const had = Object.hasOwn(variables, name);
    const value = entryOf(variables, name);
    return {
      value,
      restore: () => {
        if (had) setEntry(variables, name, value);
        else delete variables[name];
      },
    };
  }

  function call(name: string, given: readonly Expression[]): void {
    const macro = macros.get(name);
    if (!macro) return;
    const values = given.map(evaluate);
    const before = macro.parameters.map(saved);
    for (const [at, parameter] of macro.parameters.entries()) setEntry(variables, parameter, values[at]);
    inner(name, () => run(macro.body));
    for (const one of before) one.restore();
  }

  function assign({ name, steps: path, written, line }: Reference, value: unknown): void {
    const last = path.at(-1);
    if (!last) {
      setEntry(variables, name, value ?? null);
      return;
    }
    const holder = follow(entryOf(variables, name), path.slice(0, -1), line);
    const key = last.kind === 'index' ? evaluate(last.index) : last.name;
    if (last.kind === 'method') throw new TemplateError(`"${written}" cannot be set`, line);
    if (Array.isArray(holder) && typeof key === 'number') {
      if (!(key in holder))
        throw new TemplateError(`"${written}" cannot be set: there is no item ${key}`, line);
      holder[key] = value;
    } else if (isMap(holder)) setEntry(holder, printed(key), value ?? null);
    else throw new TemplateError(`"${written}" cannot be set: there is no map to set it in`, line);
  }

  function read({ name, steps: path, line }: Reference): unknown {
    const body = definitions.get(name);
    const value = body && !Object.hasOwn(variables, name) ? textOf(body) : entryOf(variables, name);
    return follow(value, path, line);
  }

  function follow(value: unknown, path: readonly Step[], line: number): unknown {
    let at = value;
    for (const step of path) {
      if (at === null || at === undefined) return null;
      at = one(at, step, line);
    }
    return at;
  }

  function one(value: unknown, step: Step, line: number): unknown {
    if (step.kind === 'method') return invoke(value, step.name, step.given.map(evaluate), line);
    const key = step.kind === 'index' ? evaluate(step.index) : step.name;
    if (isHost(value)) return value.property(printed(key));
    if (Array.isArray(value))
      return typeof key === 'number' ? value[key < 0 ? value.length + key : key] : undefined;
    return isMap(value) ? entryOf(value, printed(key)) : undefined;
  }

  function invoke(value: unknown, name: string, given: readonly unknown[], line: number): unknown {
    let result: unknown;
    try {
      result = isHost(value) ? value.call(name, given) : callMethod(value, name, given);
    } catch (failure) {
      if (failure instanceof TemplateError) throw failure;
      throw new TemplateError(`.${name}(): ${messageOf(failure)}`, line);
    }
    if (result === undefined) throw new TemplateError(`.${name}() is not understood here`, line);
    return result;
  }

  function range(from: number, to: number): unknown[] {
    if (lengthOf(from, to) > MOST_STEPS)
      throw new TemplateError(`[${from}..${to}] has more than ${MOST_STEPS} items`, 1);
    return rangeOf(from, to);
  }

  function evaluate(expression: Expression): unknown {
    switch (expression.kind) {
      case 'value':
        return expression.value;
      case 'template':
        return textOf(expression.body);
      case 'reference':
        return read(expression.reference);
      case 'list':
        return ownList(expression.items.map(evaluate));
      case 'range':
        return range(Number(evaluate(expression.from)), Number(evaluate(expression.to)));
      case 'map': {
        const map: Record<string, unknown> = {};
        for (const [key, value] of expression.entries) setEntry(map, printed(evaluate(key)), evaluate(value));
        return map;
      }
      case 'not':
        return !isTrue(evaluate(expression.of));
      case 'minus':
        return -Number(evaluate(expression.of));
      case 'binary':
        return combined(expression);
      default:
        return unreachable(expression);
    }
  }

  function textOf(body: readonly Node[]): string {
    const before = output;
    output = '';
    inner('a text', () => run(body));
    const text = output;
    output = before;
    return text;
  }

  function combined({ operator, left, right }: Extract<Expression, { kind: 'binary' }>): unknown {
    const first = evaluate(left);
    if (operator === '||') return isTrue(first) || isTrue(evaluate(right));
    if (operator === '&&') return isTrue(first) && isTrue(evaluate(right));
    const second = evaluate(right);
    if (operator === '==') return areEqual(first, second);
    if (operator === '!=') return !areEqual(first, second);
    if (operator === '+' && (typeof first === 'string' || typeof second === 'string'))
      return printed(first) + printed(second);
    if (typeof first !== 'number' || typeof second !== 'number') return null;
    return calculated(operator, first, second);
  }
}
