/** Placeholders for values that could not be had, so that the rest of the project can go on. */
import { textOf } from './cloudformation/template.ts';

const mark = '<unresolved ';

/** `${ssm:/x}` → `<unresolved ssm:/x>`; never holds a variable itself. */
export function placeholder(raw: string): string {
  return `${mark}${raw.replace(/\$\{|\}/g, '')}>`;
}

/** Whether a value is, or anywhere holds, what was already reported as unresolved. */
export function isUnresolved(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(mark);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(isUnresolved);
}

/** The text of a scalar; undefined for anything else and for what is unresolved. */
export function settledText(value: unknown): string | undefined {
  return isUnresolved(value) ? undefined : textOf(value);
}
