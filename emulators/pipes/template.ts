/** Input templates: `{"id": <$.body.id>, "from": "<aws.pipes.pipe-name>"}`. */
import type { JsonValue } from '../../src/model/emulator.ts';
import { valueAt } from './path.ts';

/** `aws.pipes.pipe-name` → its value. */
export type Reserved = Readonly<Record<string, string>>;

const VARIABLE = /<(\$[^<>]*|aws\.pipes\.[\w.-]+)>/g;

/**
 * The text the template makes of one event. Outside of quotes a value is its JSON, within them its text; what is not there is an
 * empty text.
 */
export function fillTemplate(template: string, event: JsonValue, reserved: Reserved): string {
  const whole = /^\s*<([^<>]+)>\s*$/.exec(template)?.[1];
  if (whole !== undefined) {
    const value = lookUp(whole, event, reserved);
    return typeof value === 'string' ? value : JSON.stringify(value ?? '');
  }
  let quoted = false;
  let from = 0;
  let made = '';
  for (const found of template.matchAll(VARIABLE)) {
    const before = template.slice(from, found.index);
    quoted = quotedAfter(before, quoted);
    made += before + inserted(lookUp(found[1] ?? '', event, reserved), quoted);
    from = found.index + found[0].length;
  }
  return made + template.slice(from);
}

function lookUp(name: string, event: JsonValue, reserved: Reserved): JsonValue | undefined {
  if (name.startsWith('$')) return valueAt(event, name);
  if (name === 'aws.pipes.event' || name === 'aws.pipes.event.json') return event;
  return reserved[name];
}

function inserted(value: JsonValue | undefined, quoted: boolean): string {
  if (!quoted) return JSON.stringify(value ?? '');
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}

/** Whether a text that began within quotes, or not, ends within them. */
function quotedAfter(text: string, before: boolean): boolean {
  let quoted = before;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') quoted = !quoted;
  }
  return quoted;
}
