/** What SELECT gives of an item. */
import { type Path, valueAt } from '../expressions/path.ts';
import type { Projector } from '../expressions/projection.ts';
import type { AttributeValue } from '../values/attribute-value.ts';

/** Columns are named by the end of their path; of two with one name the later counts. */
export function columnsOf(columns: readonly Path[]): Projector {
  const named = columns.map((path) => ({ name: columnName(path), path }));
  return (item) => {
    const entries = named.flatMap(({ name, path }): readonly [string, AttributeValue][] => {
      const value = valueAt(item, path);
      return value ? [[name, value]] : [];
    });
    return Object.fromEntries(entries);
  };
}

/** The last name, with the positions behind it: `m.k[0]` is `k[0]`. */
function columnName(path: Path): string {
  const last = path.findLastIndex((step) => typeof step === 'string');
  return path
    .slice(last)
    .map((step) => (typeof step === 'string' ? step : `[${step}]`))
    .join('');
}
