/** What the cloud refuses of a table's indexes at deployment, though they can be made here: warnings, each at its place. */
import { oneOf } from '../fields.ts';
import { isTableName, MAX_GLOBAL_INDEXES, MAX_LOCAL_INDEXES, TABLE_NAME_HINT } from '../table-names.ts';
import type { Path } from '../yaml.ts';
import { isOneOf, isSettled, warn } from './table-problems.ts';
import type { TableProperties } from './table-properties.ts';
import { listOf, mapOf, textOf, type Values } from './template.ts';

const PROJECTIONS = ['ALL', 'KEYS_ONLY', 'INCLUDE'];

export interface TableIndex {
  readonly kind: 'global' | 'local';
  readonly name: string;
  readonly values: Values;
  readonly path: Path;
}

export function indexesOf(table: TableProperties): TableIndex[] {
  return [
    ...listed(table, 'GlobalSecondaryIndexes', 'global'),
    ...listed(table, 'LocalSecondaryIndexes', 'local'),
  ];
}

function listed(
  { values, pathOf }: TableProperties,
  property: string,
  kind: TableIndex['kind'],
): TableIndex[] {
  return listOf(values[property]).map((index, position) => ({
    kind,
    name: textOf(mapOf(index).IndexName) ?? '',
    values: mapOf(index),
    path: [...pathOf(property), position],
  }));
}

export function checkIndexes(table: TableProperties, indexes: readonly TableIndex[]): void {
  const { pathOf } = table;
  const limits = [
    ['GlobalSecondaryIndexes', 'global', MAX_GLOBAL_INDEXES],
    ['LocalSecondaryIndexes', 'local', MAX_LOCAL_INDEXES],
  ] as const;
  for (const [property, kind, most] of limits) {
    const count = indexes.filter((index) => index.kind === kind).length;
    if (count > most)
      warn(
        table,
        `has ${count} ${kind} indexes: the cloud takes ${most} at most`,
        'leave some out, or spread them over several tables',
        pathOf(property),
      );
  }
  for (const [position, index] of indexes.entries()) {
    if (!isSettled(index.name) || index.name === '') continue;
    if (indexes.findIndex(({ name }) => name === index.name) < position)
      warn(
        table,
        `has two indexes named "${index.name}": the cloud refuses that; the first one counts here`,
        'give every index a name of its own',
        [...index.path, 'IndexName'],
      );
    if (!isTableName(index.name))
      warn(
        table,
        `has an index named "${index.name}", which the cloud refuses: no call can name it`,
        TABLE_NAME_HINT,
        [...index.path, 'IndexName'],
      );
  }
  for (const index of indexes) {
    if (index.kind === 'local') checkLocalKey(table, index);
    checkProjection(table, index);
  }
}

function checkLocalKey(table: TableProperties, { name, values, path }: TableIndex): void {
  const schemas = [table.values.KeySchema, values.KeySchema];
  if (!isSettled(schemas)) return;
  const [tableKey, key] = schemas.map((schema) => ({
    hash: attributeOf(schema, 'HASH'),
    range: attributeOf(schema, 'RANGE'),
  }));
  const at = [...path, 'KeySchema'];
  if (!tableKey || key?.hash === undefined) return;
  if (tableKey.range === undefined)
    warn(
      table,
      `has no RANGE key, but the local index "${name}": the cloud refuses that`,
      'make it one of GlobalSecondaryIndexes, or add a RANGE attribute to the key of the table',
      at,
    );
  if (key.range === undefined)
    warn(
      table,
      `has the local index "${name}" without a RANGE key: the cloud refuses that`,
      'add the RANGE attribute the index is sorted by',
      at,
    );
  if (key.hash !== tableKey.hash)
    warn(
      table,
      `has the local index "${name}" with the HASH key "${key.hash}": the cloud takes only that of the table, "${tableKey.hash}"`,
      `write ${tableKey.hash}, or make it one of GlobalSecondaryIndexes`,
      at,
    );
}

function attributeOf(schema: unknown, type: string): string | undefined {
  return textOf(
    listOf(schema)
      .map(mapOf)
      .find(({ KeyType }) => KeyType === type)?.AttributeName,
  );
}

function checkProjection(table: TableProperties, { name, values, path }: TableIndex): void {
  const { Projection: projection } = values;
  const { ProjectionType: type, NonKeyAttributes: names } = mapOf(projection);
  if (!isSettled(projection)) return;
  const at = [...path, 'Projection'];
  if (type === undefined)
    warn(
      table,
      `has the index "${name}" without a ProjectionType: the cloud refuses that; it holds ALL here`,
      'add Projection: { ProjectionType: ALL }',
      projection === undefined ? path : at,
    );
  if (!isOneOf(table, type, [...at, 'ProjectionType'], PROJECTIONS))
    warn(
      table,
      `has the index "${name}" with the ProjectionType "${textOf(type) ?? ''}", which the cloud refuses; it holds ALL here`,
      `write ${oneOf(PROJECTIONS)}`,
      [...at, 'ProjectionType'],
    );
  const isNamed = listOf(names).length > 0;
  if (type === 'INCLUDE' && !isNamed)
    warn(
      table,
      `has the index "${name}" with ProjectionType INCLUDE, but no NonKeyAttributes: the cloud refuses that; it holds the keys here`,
      'name the attributes in NonKeyAttributes, or write KEYS_ONLY',
      at,
    );
  if ((type === 'ALL' || type === 'KEYS_ONLY') && isNamed)
    warn(
      table,
      `has the index "${name}" with NonKeyAttributes, but ProjectionType ${type}: the cloud refuses that; they do not count here`,
      'write ProjectionType: INCLUDE, or take out NonKeyAttributes',
      at,
    );
}
