/** The FilterCriteria of event source mappings. */
import { checkFilters, type FilterSource } from '../filter-patterns.ts';
import type { Path } from '../yaml.ts';
import { listOf, mapOf, textOf } from './template.ts';
import { fail, type TriggerContext, warn } from './trigger-context.ts';

/** `path` is that of the mapping's properties. Undefined = no filter; `flawed` when the cloud would refuse it, which is reported. */
export function filtersOf(
  criteria: unknown,
  path: Path,
  source: FilterSource,
  context: TriggerContext,
): readonly string[] | undefined | 'flawed' {
  const filters = listOf(mapOf(criteria).Filters);
  if (filters.length === 0) return undefined;
  // The pattern is a text; some write it as a map.
  const patterns = filters.map((filter) => {
    const { Pattern: pattern } = mapOf(filter);
    return textOf(pattern) ?? JSON.stringify(pattern ?? null);
  });
  const findings = checkFilters(patterns, source);
  for (const { severity, index, message, hint } of findings)
    (severity === 'error' ? fail : warn)(
      context,
      'invalid-filter',
      [...path, 'FilterCriteria', 'Filters', index],
      message,
      hint,
    );
  return findings.some(({ severity }) => severity === 'error') ? 'flawed' : patterns;
}
