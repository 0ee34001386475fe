/** Lowers DynamoDB tables. */
import type {
  AttributeType,
  GlobalIndexSpec,
  IndexSpec,
  KeySchema,
  Projection,
  TableResource,
} from '../../model/resources.ts';
import { keyOfNames, namesOf } from '../../std/key-names.ts';
import type { Report } from '../problems.ts';
import { isTableName, TABLE_NAME_HINT } from '../table-names.ts';
import type { Path } from '../yaml.ts';
import type { Intrinsics } from './intrinsics.ts';
import { checkTable } from './table-checks.ts';
import { isSettled } from './table-problems.ts';
import { readableKeys, reportUnread, tableProperties } from './table-properties.ts';
import { capacityOf, insightsOf, settingsOf } from './table-settings.ts';
import {
  dotted,
  entryOf,
  flagOf,
  listOf,
  mapOf,
  type TemplateResource,
  textOf,
  type Values,
} from './template.ts';

/** Undefined, and a problem, for a table without a usable key or name. */
export function lowerTable(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): TableResource | undefined {
  const path = [...resource.path, 'Properties'];
  const properties = tableProperties(resource, intrinsics, report);
  const { values: table } = properties;
  const attributes = attributesOf(table);
  const keys = { attributes, resource, intrinsics, report };
  const key = keyOf(table.KeySchema, 1, [...path, 'KeySchema'], keys);
  const name = nameOf(keys);
  if (!key || name === undefined) return undefined;

  checkTable(properties);
  const indexes = (property: string, most: number) =>
    listOf(table[property]).flatMap((index, position) =>
      indexOf(mapOf(index), most, [...path, property, position], keys),
    );
  const globalIndexes = withoutRepeated(indexes('GlobalSecondaryIndexes', MAX_GLOBAL_PARTS), []);
  if (listOf(table.Replicas).length > 1) reportReplicas([...path, 'Replicas'], keys);
  const ttl = mapOf(table.TimeToLiveSpecification);
  const ttlAttribute = flagOf(ttl.Enabled) === false ? undefined : textOf(ttl.AttributeName);
  const streamView = viewOf(mapOf(table.StreamSpecification).StreamViewType);
  return {
    kind: 'table',
    name,
    attributes,
    key,
    globalIndexes,
    localIndexes: withoutRepeated(indexes('LocalSecondaryIndexes', 1), globalIndexes),
    // PROVISIONED is the default (AWS::DynamoDB::Table, BillingMode).
    billingMode: table.BillingMode === 'PAY_PER_REQUEST' ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    ...(ttlAttribute === undefined ? {} : { ttlAttribute }),
    ...(streamView === undefined ? {} : { streamView }),
    ...settingsOf(table),
    place: intrinsics.place(resource.path),
  };
}

/** One hash key, `id` of type String unless said otherwise (SAM specification, AWS::Serverless::SimpleTable). */
export function lowerSimpleTable(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): TableResource | undefined {
  const keys = readableKeys(resource, simpleKeys, intrinsics);
  const table = intrinsics.properties(resource, keys);
  const { id, properties, path: ownPath } = resource;
  const unread = { values: properties, keys: [...keys, 'TableName'], whose: `table "${id}"` };
  reportUnread({ ...unread, at: [...ownPath, 'Properties'] }, intrinsics.place, report);
  const key = mapOf(table.PrimaryKey);
  const isWhole = key.Name !== undefined && entryOf(simpleTypes, textOf(key.Type) ?? '') !== undefined;
  if (table.PrimaryKey !== undefined && !isWhole) {
    const path = [...resource.path, 'Properties', 'PrimaryKey'];
    report({
      ...{ severity: 'error', code: 'invalid-table' },
      message: `PrimaryKey of table "${resource.id}" has the name "${textOf(key.Name) ?? ''}" and the type "${textOf(key.Type) ?? ''}"`,
      hint: 'write both: PrimaryKey: { Name: id, Type: String } (or Number, Binary)',
      ...{ place: intrinsics.place(path), subject: dotted(path) },
    });
  }
  const hash = textOf(key.Name) ?? 'id';
  const attributes = { [hash]: entryOf(simpleTypes, textOf(key.Type) ?? 'String') ?? 'S' };
  const name = nameOf({ attributes, resource, intrinsics, report });
  if (name === undefined) return undefined;
  return {
    kind: 'table',
    name,
    attributes,
    key: { hash },
    globalIndexes: [],
    localIndexes: [],
    billingMode: table.ProvisionedThroughput ? 'PROVISIONED' : 'PAY_PER_REQUEST',
    ...settingsOf(table),
    place: intrinsics.place(resource.path),
  };
}

const simpleKeys = [
  ...['PrimaryKey', 'ProvisionedThroughput', 'Tags', 'SSESpecification'],
  'PointInTimeRecoverySpecification',
];
const simpleTypes: Readonly<Record<string, AttributeType>> = { String: 'S', Number: 'N', Binary: 'B' };

/** Undefined, and a problem, for a name that no call can name the table by. */
function nameOf(context: KeyContext): string | undefined {
  const { resource, intrinsics } = context;
  const name = intrinsics.physicalName(resource.id);
  if (isTableName(name) || !isSettled(name)) return name;
  const path = [...resource.path, 'Properties', 'TableName'];
  return refuse(`is named "${name}", which the cloud refuses`, TABLE_NAME_HINT, path, context);
}

/** The first one counts; the others are told of by the checks. */
function withoutRepeated<T extends IndexSpec>(indexes: readonly T[], others: readonly IndexSpec[]): T[] {
  return indexes.filter(
    ({ name }, position) =>
      indexes.findIndex((index) => index.name === name) === position &&
      !others.some((index) => index.name === name),
  );
}

interface KeyContext {
  readonly attributes: Readonly<Record<string, AttributeType>>;
  readonly resource: TemplateResource;
  readonly intrinsics: Intrinsics;
  readonly report: Report;
}

function attributesOf(table: Values): Record<string, AttributeType> {
  const attributes: Record<string, AttributeType> = {};
  for (const item of listOf(table.AttributeDefinitions).map(mapOf)) {
    const type = item.AttributeType;
    if (type === 'S' || type === 'N' || type === 'B') attributes[textOf(item.AttributeName) ?? ''] = type;
  }
  return attributes;
}

/** Of a global index, that many HASH and RANGE attributes each. Everything else has one. */
const MAX_GLOBAL_PARTS = 4;

/** `most` attributes of each kind. */
function keyOf(schema: unknown, most: number, path: Path, context: KeyContext): KeySchema | undefined {
  const parts = listOf(schema).map(mapOf);
  const named = (type: string) =>
    parts.filter((part) => part.KeyType === type).flatMap((part) => textOf(part.AttributeName) ?? []);
  const hashes = named('HASH');
  const ranges = named('RANGE');
  const key = keyOfNames(hashes, ranges);
  if (!key)
    return refuse('has no HASH key', 'write KeySchema: [{ AttributeName, KeyType: HASH }]', path, context);
  if (parts.findLastIndex((part) => part.KeyType === 'HASH') >= hashes.length)
    return refuse(
      'has a RANGE attribute before a HASH attribute',
      'write HASH attributes first',
      path,
      context,
    );
  const crowded = hashes.length > most ? 'HASH' : ranges.length > most ? 'RANGE' : undefined;
  if (crowded)
    return refuse(
      `has a key of ${named(crowded).length} ${crowded} attributes; ${most} may be there`,
      most === 1
        ? 'only keys of global secondary indexes have several attributes'
        : 'put values that are always asked for together into one attribute',
      path,
      context,
    );
  const names = namesOf(key);
  const untyped = names.find((name) => !Object.hasOwn(context.attributes, name));
  if (untyped !== undefined)
    return refuse(
      `uses "${untyped}" as a key, which AttributeDefinitions gives no type S, N or B`,
      `add { AttributeName: ${untyped}, AttributeType: S } to AttributeDefinitions`,
      path,
      context,
    );
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (repeated === undefined) return key;
  return refuse(`has "${repeated}" twice in a key`, 'an attribute stands in a key once', path, context);
}

function indexOf(index: Values, most: number, path: Path, context: KeyContext): GlobalIndexSpec[] {
  const key = keyOf(index.KeySchema, most, [...path, 'KeySchema'], context);
  const name = textOf(index.IndexName);
  if (name === undefined) refuse('has an index without IndexName', 'give the index a name', path, context);
  if (!key || name === undefined) return [];
  return [
    {
      ...{ name, key, projection: projectionOf(mapOf(index.Projection)) },
      ...capacityOf(index),
      ...insightsOf(index),
    },
  ];
}

function projectionOf(projection: Values): Projection {
  const type = projection.ProjectionType;
  return {
    type: type === 'KEYS_ONLY' || type === 'INCLUDE' ? type : 'ALL',
    nonKeyAttributes: listOf(projection.NonKeyAttributes).flatMap((name) => textOf(name) ?? []),
  };
}

/** Of a global table; one replica is the table itself. */
function reportReplicas(path: Path, { resource, intrinsics, report }: KeyContext): void {
  report({
    severity: 'warning',
    code: 'not-emulated',
    message: `the replicas of table "${resource.id}" are one table here: there is one region`,
    place: intrinsics.place(path),
    subject: dotted(path),
  });
}

function viewOf(view: unknown): TableResource['streamView'] {
  switch (view) {
    case 'NEW_IMAGE':
    case 'OLD_IMAGE':
    case 'NEW_AND_OLD_IMAGES':
    case 'KEYS_ONLY':
      return view;
    default:
      return undefined;
  }
}

function refuse(
  what: string,
  hint: string,
  path: Path,
  { resource, intrinsics, report }: KeyContext,
): undefined {
  report({
    severity: 'error',
    code: 'invalid-table',
    message: `table "${resource.id}" ${what}`,
    hint,
    place: intrinsics.place(path),
    subject: dotted(path),
  });
  return undefined;
}
