/** How what the cloud refuses of a table is told, and what is not told of because it is not known here. */
import { isUnresolved } from '../unresolved.ts';
import type { Path } from '../yaml.ts';
import type { TableProperties } from './table-properties.ts';
import { dotted } from './template.ts';

/** Also what is not settled: it may be one of them. Nothing counts as the first. */
export function isOneOf(
  table: TableProperties,
  value: unknown,
  path: Path,
  allowed: readonly string[],
): boolean {
  if (value === undefined || allowed.some((one) => one === value)) return true;
  return !isSettled(value) || table.isStandIn(value, path);
}

/** Not a placeholder of something that was reported, nor what is only known in the cloud. */
export function isSettled(value: unknown): boolean {
  return !isUnresolved(value) && !JSON.stringify([value]).includes('{{resolve:');
}

export function warn({ id, place, report }: TableProperties, what: string, hint: string, path: Path): void {
  report({
    severity: 'warning',
    code: 'invalid-table',
    message: `table "${id}" ${what}`,
    hint,
    place: place(path),
    subject: dotted(path),
  });
}
