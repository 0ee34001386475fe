/** Changes one member of an event by its path: `Records[0].body=…`. */
import { SlsError } from '../../std/errors.ts';

/**
 * `path=value` sets what is there, or a new member of a map or list. Where there is a text now the value is taken as it
 * stands; else it is JSON if it can be read so. `path:=value` is JSON in any case. Names with dots are written `["a.b"]`.
 * Changes `event` in place. Throws `SlsError` `bad-option`.
 */
export function setMember(event: unknown, assignment: string): void {
  const found = /^(.*?)(:?=)([\s\S]*)$/.exec(assignment);
  const [, path = '', sign = '', text = ''] = found ?? [];
  const steps = parsePath(path);
  const last = steps?.pop();
  if (!found || !steps || last === undefined) throw wrong(`--set takes PATH=VALUE, found "${assignment}"`);
  let holder = event;
  let way = '';
  for (const step of steps) {
    holder = memberOf(holder, step, way);
    way = `${way}${typeof step === 'number' ? `[${step}]` : `${way === '' ? '' : '.'}${step}`}`;
  }
  put(holder, last, way, (before) => givenValue(text, sign === ':=', before, assignment));
}

type Step = string | number;

/** Undefined for what is no path. */
function parsePath(path: string): Step[] | undefined {
  const steps: Step[] = [];
  let rest = path;
  while (rest !== '') {
    const step = /^(?:\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.[\]]+))/.exec(rest);
    if (!step) return undefined;
    const [all, index, quoted, name = ''] = step;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(quoted === undefined ? name : quoted.replace(/\\(.)/g, '$1'));
    rest = rest.slice(all.length);
  }
  return steps;
}

function memberOf(holder: unknown, step: Step, way: string): unknown {
  const key = checkStep(holder, step, way);
  if (Array.isArray(holder)) {
    if (Number(key) < holder.length) return holder[Number(key)];
    throw wrong(`--set: ${way} has ${holder.length} members, there is no [${key}]`);
  }
  const map = holder as Record<string, unknown>;
  // What is not there, or null, becomes a map.
  if (!Object.hasOwn(map, key) || map[key] === null) define(map, key, {});
  return map[key];
}

function put(holder: unknown, step: Step, way: string, value: (before: unknown) => unknown): void {
  const key = checkStep(holder, step, way);
  if (!Array.isArray(holder)) {
    const map = holder as Record<string, unknown>;
    define(map, key, value(Object.hasOwn(map, key) ? map[key] : undefined));
    return;
  }
  if (Number(key) > holder.length)
    throw wrong(`--set: ${way} has ${holder.length} members, there is no [${key}]`);
  holder[Number(key)] = value(holder[Number(key)]);
}

/** `__proto__` is a name like any other. */
function define(map: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

function checkStep(holder: unknown, step: Step, way: string): string {
  const at = way === '' ? 'the event' : way;
  if (typeof holder !== 'object' || holder === null)
    throw wrong(`--set: ${at} is ${JSON.stringify(holder)}, which has no "${step}"`);
  if (Array.isArray(holder) && !/^\d+$/.test(String(step)))
    throw wrong(`--set: ${at} is a list, which has no "${step}"`, 'give a number: Records[0]');
  return String(step);
}

function givenValue(text: string, isJson: boolean, before: unknown, assignment: string): unknown {
  if (!isJson && typeof before === 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    if (!isJson) return text;
    throw wrong(`--set: the value of "${assignment}" is not JSON`);
  }
}

function wrong(message: string, hint = `for example --set Records[0].awsRegion=eu-west-1`): SlsError {
  return new SlsError('bad-option', message, { hint });
}
