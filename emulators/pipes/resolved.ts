/** Parameters of a target whose values may be paths into the event: `MessageGroupId: $.body.customer`. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { text } from './input.ts';
import { valueAt } from './path.ts';
import type { Item } from './pipe-run.ts';

export function dynamic(parameters: JsonObject, member: string, item: Item): string | undefined {
  const value = text(parameters, member);
  return value === undefined ? undefined : resolved(value, item);
}

/** `$.body.id` stands for what is there. */
export function resolved(value: string, { event }: Item): string {
  if (!/^\$[.[]/.test(value)) return value;
  const found = isObject(event) ? valueAt(event, value) : undefined;
  return typeof found === 'string' ? found : JSON.stringify(found ?? '');
}
