/** `filterPatterns` of `sqs` and `stream` events. */
import type { Fields } from '../fields.ts';
import { checkFilters, type FilterSource } from '../filter-patterns.ts';

/** Undefined = no filter; `flawed` when the cloud would refuse it, which is reported. */
export function readFilterPatterns(
  section: Fields,
  source: FilterSource,
): readonly string[] | undefined | 'flawed' {
  if (!section.has('filterPatterns')) return undefined;
  const { filterPatterns: written } = section.values;
  if (!Array.isArray(written)) {
    section.wrong('filterPatterns', 'a list of patterns');
    return 'flawed';
  }
  const patterns = written.map((pattern: unknown) => JSON.stringify(pattern ?? null));
  const findings = checkFilters(patterns, source);
  for (const { severity, index, message, hint } of findings)
    section[severity === 'error' ? 'error' : 'warn']({
      code: 'invalid-filter',
      key: 'filterPatterns',
      message: `${section.subject}.filterPatterns[${index}]: ${message}`,
      hint,
    });
  if (patterns.length === 0) return undefined;
  return findings.some(({ severity }) => severity === 'error') ? 'flawed' : patterns;
}
