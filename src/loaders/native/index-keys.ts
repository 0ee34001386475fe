/** Keys of indexes that the service would refuse: only global indexes have several attributes, each once. */
import type { PlaceOf } from '../cloudformation/template.ts';
import type { Report } from '../problems.ts';
import type { IndexConfig, TableConfig } from './config.ts';

export function checkIndexKeys(
  tables: Readonly<Record<string, TableConfig>>,
  place: PlaceOf,
  report: Report,
): void {
  for (const [table, { indexes = {} }] of Object.entries(tables))
    for (const [name, index] of Object.entries(indexes)) {
      const flaw = flawOf(index);
      if (!flaw) continue;
      const path = ['tables', table, 'indexes', name, 'key'];
      report({
        severity: 'error',
        code: 'invalid-table',
        message: `the key of index "${name}" ${flaw.what}`,
        hint: flaw.hint,
        place: place(path),
        subject: path.join('.'),
      });
    }
}

function flawOf({ key, local }: IndexConfig): { readonly what: string; readonly hint: string } | undefined {
  if (typeof key === 'string') return undefined;
  const hashes = [key.hash].flat();
  const ranges = [key.range ?? []].flat();
  if (local && (hashes.length > 1 || ranges.length > 1))
    return {
      what: 'has several hash or range attributes, which only a global index can have',
      hint: 'leave out local: true, or name one attribute',
    };
  const names = [...hashes, ...ranges];
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  return repeated === undefined
    ? undefined
    : { what: `names "${repeated}" twice`, hint: 'an attribute stands in a key once' };
}
