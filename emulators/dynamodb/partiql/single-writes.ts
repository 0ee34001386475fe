/** INSERT, UPDATE, DELETE and EXISTS → the write of one item. */
import { validationError } from '../errors.ts';
import { type Condition, pathsOf } from '../expressions/condition.ts';
import type { Path } from '../expressions/path.ts';
import { makeProjector } from '../expressions/projection.ts';
import type { ItemChange } from '../table-store.ts';
import { checkKey, checkPutItem } from '../tables/check-keys.ts';
import { checkScalarKeys } from '../tables/check-paths.ts';
import type { Table } from '../tables/table.ts';
import type { AttributeValue, Item } from '../values/attribute-value.ts';
import type { ItemWrite } from '../writing/item-write.ts';
import { updateWrite } from '../writing/read-update.ts';
import { duplicateItem } from './errors.ts';
import { allOf, isFullKey, type KeyEqualities, keyEqualities } from './key-equalities.ts';
import type { DeleteItem, Exists, Insert, UpdateItem, Write } from './statement.ts';

const MAX_DEPTH = 32;

/** The WHERE of an UPDATE or DELETE must name one item. Throws for one that does not. */
export function readKey(table: Table, { where }: UpdateItem | DeleteItem): KeyEqualities {
  const equalities = keyEqualities(table, where, { withIn: false });
  if (equalities.contradicted !== undefined)
    throw validationError(
      `Multiple conditions on same key ${equalities.contradicted}. Only single item Update/Insert/Delete are supported`,
    );
  if (!isFullKey(table, equalities.key))
    throw validationError('Where clause does not contain a mandatory equality on all key attributes');
  return equalities;
}

export function writeOf(table: Table, write: Write, returnItemOnFailure: boolean): ItemWrite {
  if (write.kind === 'insert') return insertOf(table, write);
  return writeAt(table, write, readKey(table, write), returnItemOnFailure);
}

export function writeAt(
  table: Table,
  write: UpdateItem | DeleteItem,
  { key, rest }: KeyEqualities,
  returnItemOnFailure: boolean,
): ItemWrite {
  return write.kind === 'update'
    ? updateOf(table, write, key, rest, returnItemOnFailure)
    : deleteOf(table, key, rest, returnItemOnFailure);
}

/** Not a put: an item with this key must not be there. */
export function insertOf(table: Table, { item }: Insert): ItemWrite {
  checkPutItem(table, item);
  return {
    table,
    key: table.layout.keyOf(item),
    condition: undefined,
    returnItemOnFailure: false,
    next(present) {
      if (present) throw duplicateItem();
      return item;
    },
  };
}

/** Not an upsert: the item must be there. */
function updateOf(
  table: Table,
  { update }: UpdateItem,
  key: Item,
  rest: readonly Condition[],
  returnItemOnFailure: boolean,
): ItemWrite {
  const condition: Condition = { kind: 'and', conditions: [isThere(table), ...rest] };
  const write = updateWrite(table, { key, update, condition, returnItemOnFailure });
  return { ...write, next: (present) => checkedDepth(write.next(present)) };
}

/** To delete what is not there succeeds, whatever else is asked of it. */
function deleteOf(
  table: Table,
  key: Item,
  rest: readonly Condition[],
  returnItemOnFailure: boolean,
): ItemWrite {
  const asked = allOf(rest);
  const isAbsent: Condition = { kind: 'not', condition: isThere(table) };
  const condition = asked && ({ kind: 'or', conditions: [isAbsent, asked] } as const);
  checkKey(table, key);
  if (asked) checkScalarKeys(table, pathsOf(asked));
  return {
    table,
    key: table.layout.keyOf(key),
    condition,
    returnItemOnFailure,
    isBlind: true,
    next: () => undefined,
  };
}

/** A check; the item stays as it is. */
export function checkOf(table: Table, { where }: Exists, returnItemOnFailure: boolean): ItemWrite {
  const { key, rest } = existsKey(table, where);
  checkKey(table, key);
  const condition = allOf(rest);
  if (condition) checkScalarKeys(table, pathsOf(condition));
  return {
    table,
    key: table.layout.keyOf(key),
    condition,
    returnItemOnFailure,
    next: (present) => present,
  };
}

/** Throws for a check that does not name one item and something to ask of it. */
export function existsKey(table: Table, where: Condition | undefined): KeyEqualities {
  const equalities = keyEqualities(table, where, { withIn: false });
  if (isFullKey(table, equalities.key) && equalities.rest.length > 0) return equalities;
  throw validationError('EXISTS() must contain a single item read with additional condition');
}

function isThere({ key }: Table): Condition {
  return { kind: 'attribute_exists', path: [key.hash] };
}

function checkedDepth(item: Item | undefined): Item | undefined {
  if (item && Object.values(item).some((value) => depthOf(value) >= MAX_DEPTH))
    throw validationError('Nesting Levels have exceeded supported limits');
  return item;
}

function depthOf(value: AttributeValue): number {
  const members = 'L' in value ? value.L : 'M' in value ? Object.values(value.M) : [];
  let deepest = -1;
  for (const member of members) deepest = Math.max(deepest, depthOf(member));
  return deepest + 1;
}

/** What RETURNING gives: one item or none. An item without attributes is none. */
export function returned(write: Write, { before, after }: ItemChange): readonly Item[] {
  if (write.kind === 'insert' || !write.returning) return [];
  const { part, side } = write.returning;
  const item = side === 'OLD' ? before?.item : after;
  if (!item) return [];
  if (part === 'ALL') return [item];
  const modified = makeProjector(write.kind === 'update' ? writtenPaths(write) : [])(item);
  return Object.keys(modified).length > 0 ? [modified] : [];
}

function writtenPaths({ update }: UpdateItem): readonly Path[] {
  return update.map(({ path }) => path);
}
