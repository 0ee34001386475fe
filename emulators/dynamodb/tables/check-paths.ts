/** Key attributes are scalars: no expression may look into them. */

import { namesOf } from '../../../src/std/key-names.ts';
import { validationError } from '../errors.ts';
import { attributeNameOf, isNested, type Path } from '../expressions/path.ts';
import type { Table } from './table.ts';

/** Throws for the first path that goes into a key attribute of the table or of an index. */
export function checkScalarKeys(table: Table, paths: readonly Path[]): void {
  for (const path of paths) {
    if (!isNested(path)) continue;
    const name = attributeNameOf(path);
    if (table.keyNames.includes(name)) throw notScalar('Key', name);
    if (table.indexes.some((index) => namesOf(index.key).includes(name))) throw notScalar('IndexKey', name);
  }
}

function notScalar(kind: string, name: string) {
  return validationError(
    `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${kind}: ${name}`,
  );
}
