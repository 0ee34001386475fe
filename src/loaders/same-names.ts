/** Two functions of one name: the cloud refuses the second, and here only one of them can be called by it. */
import type { FunctionSpec } from '../model/project.ts';
import type { Report } from './problems.ts';

export function reportSameNames(functions: readonly FunctionSpec[], report: Report): void {
  const first = new Map<string, FunctionSpec>();
  for (const fn of functions) {
    const other = first.get(fn.name);
    if (!other) {
      first.set(fn.name, fn);
      continue;
    }
    report({
      severity: 'warning',
      code: 'same-name',
      message: `the functions ${other.id} and ${fn.id} have the same name "${fn.name}": the cloud refuses that, and calls by this name go to ${fn.id}`,
      hint: 'give one of them another name',
      ...(fn.place ? { place: fn.place } : {}),
    });
  }
}
