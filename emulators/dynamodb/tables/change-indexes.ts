/** UpdateTable's changes of global indexes. */
import type { AttributeType } from '../../../src/model/resources.ts';
import { namesOf } from '../../../src/std/key-names.ts';
import { invalidParameter, limitExceeded, resourceNotFound, validationError } from '../errors.ts';
import { LARGE_TABLE_ITEMS } from './backfill.ts';
import { createdCapacity, keptCapacity, updatedCapacity } from './capacity-settings.ts';
import {
  attributesOf,
  checkCapacity,
  checkGlobalIndex,
  checkProjectedCount,
  MAX_GLOBAL_INDEXES,
} from './check-schema.ts';
import { type IndexRecord, onDemandThroughput, type TableRecord } from './table-record.ts';
import type { AttributeDefinitions, IndexUpdate } from './table-shapes.ts';
import { throughputOf } from './throughput.ts';

/** The service makes or removes one index at a time. */
const oneAtATime = () =>
  limitExceeded(
    'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
  );

export interface IndexChange {
  readonly AttributeDefinitions?: AttributeDefinitions;
  readonly GlobalSecondaryIndexUpdates?: readonly IndexUpdate[];
}

/** `itemCount` is the table's: a new index of a large one is filled in the background. */
export function withIndexes(request: IndexChange, record: TableRecord, itemCount: number): TableRecord {
  const updates = request.GlobalSecondaryIndexUpdates ?? [];
  if (updates.length === 0) return record;
  if (updates.filter(({ Update: update }) => !update).length > 1) throw oneAtATime();
  let { globalIndexes } = record;
  let attributes = record.attributes;
  for (const update of updates) {
    if (update.Create) {
      const created = createdIndex(update.Create, record, request.AttributeDefinitions ?? []);
      attributes = { ...attributesOf(request.AttributeDefinitions ?? []), ...attributes };
      if (globalIndexes.some(({ backfilling }) => backfilling)) throw oneAtATime();
      globalIndexes = [
        ...globalIndexes,
        { ...created, ...(itemCount >= LARGE_TABLE_ITEMS && { backfilling: true as const }) },
      ];
    } else if (update.Delete) globalIndexes = withoutIndex(globalIndexes, update.Delete.IndexName);
    else if (update.Update) globalIndexes = withUnits(globalIndexes, update.Update, record);
  }
  if (globalIndexes.length > MAX_GLOBAL_INDEXES)
    throw limitExceeded(
      `Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of ${MAX_GLOBAL_INDEXES}`,
    );
  checkProjectedCount([...record.localIndexes, ...globalIndexes]);
  return { ...record, globalIndexes, attributes: usedAttributes(attributes, { ...record, globalIndexes }) };
}

function createdIndex(
  create: NonNullable<IndexUpdate['Create']>,
  record: TableRecord,
  defined: AttributeDefinitions,
): IndexRecord {
  if ([...record.localIndexes, ...record.globalIndexes].some(({ name }) => name === create.IndexName))
    throw validationError('Attempting to create an index which already exists');
  if (defined.length === 0)
    throw invalidParameter(`AttributeDefinitions is not specified for index: ${create.IndexName}`);
  // What keys need is defined anew, though a type that is known already stays.
  const spec = checkGlobalIndex(
    create,
    defined.map(({ AttributeName: name, AttributeType: type }) => ({
      AttributeName: name,
      AttributeType: (Object.hasOwn(record.attributes, name) && record.attributes[name]) || type,
    })),
  );
  const { ProvisionedThroughput: units } = create;
  if (record.billingMode === 'PROVISIONED' && !units)
    throw invalidParameter(`ProvisionedThroughput is not specified for index: ${spec.name}`);
  if (record.billingMode === 'PAY_PER_REQUEST' && units)
    throw invalidParameter(
      `ProvisionedThroughput should not be specified for index: ${spec.name} when BillingMode is PAY_PER_REQUEST`,
    );
  checkCapacity(units, ` for index ${spec.name}`);
  const throughput = throughputOf(units);
  return { ...spec, throughput, ...createdCapacity(create, record.billingMode, throughput, spec.name) };
}

function withoutIndex(indexes: readonly IndexRecord[], name: string): readonly IndexRecord[] {
  if (!indexes.some((index) => index.name === name)) throw resourceNotFound();
  return indexes.filter((index) => index.name !== name);
}

function withUnits(
  indexes: readonly IndexRecord[],
  update: NonNullable<IndexUpdate['Update']>,
  { billingMode: mode }: TableRecord,
): readonly IndexRecord[] {
  const { IndexName: name, ProvisionedThroughput: units } = update;
  if (!indexes.some((index) => index.name === name))
    throw validationError(
      'This operation cannot be performed with given input values. Please contact DynamoDB service team for more info: Action Blocked: IndexUpdate',
    );
  checkCapacity(units, ` for index ${name}`);
  return indexes.map((index) => {
    if (index.name !== name) return index;
    const { onDemandLimits: _limits, warm: _warm, ...others } = index;
    const present = index.throughput ?? onDemandThroughput;
    const kept = units ? { ...index, ...keptCapacity(index, { mode, throughput: present }, mode) } : index;
    const throughput = units ? throughputOf(units) : present;
    return { ...others, throughput, ...updatedCapacity(update, kept, mode, throughput, name) };
  });
}

/** Definitions no key needs any more go with the index that needed them. */
function usedAttributes(
  attributes: Readonly<Record<string, AttributeType>>,
  { key, localIndexes, globalIndexes }: TableRecord,
): Record<string, AttributeType> {
  const used = new Set(
    [key, ...[...localIndexes, ...globalIndexes].map((index) => index.key)].flatMap(namesOf),
  );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => used.has(name)));
}
