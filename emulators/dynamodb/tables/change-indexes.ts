/** UpdateTable's changes of global indexes. */
import type { AttributeType } from '../../../src/model/project.ts';
import { invalidParameter, limitExceeded, resourceNotFound, validationError } from '../errors.ts';
import {
  attributesOf,
  checkCapacity,
  checkDistinctNames,
  checkGlobalIndex,
  checkGlobalIndexCount,
} from './check-schema.ts';
import { namesOf } from './table.ts';
import type { IndexRecord, TableRecord } from './table-record.ts';
import type { AttributeDefinitions, IndexUpdate } from './table-shapes.ts';
import { throughputOf } from './throughput.ts';

export interface IndexChange {
  readonly AttributeDefinitions?: AttributeDefinitions;
  readonly GlobalSecondaryIndexUpdates?: readonly IndexUpdate[];
}

export function withIndexes(request: IndexChange, record: TableRecord): TableRecord {
  const updates = request.GlobalSecondaryIndexUpdates ?? [];
  if (updates.filter(({ Update: update }) => !update).length > 1)
    throw limitExceeded(
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  let { globalIndexes } = record;
  let attributes = record.attributes;
  for (const update of updates) {
    if (update.Create) {
      attributes = { ...attributesOf(request.AttributeDefinitions ?? []), ...attributes };
      globalIndexes = [...globalIndexes, createdIndex(update.Create, record, attributes)];
    } else if (update.Delete) globalIndexes = withoutIndex(globalIndexes, update.Delete.IndexName);
    else if (update.Update) globalIndexes = withUnits(globalIndexes, update.Update);
  }
  checkDistinctNames([...record.localIndexes, ...globalIndexes].map(({ name }) => name));
  checkGlobalIndexCount(globalIndexes.length);
  return { ...record, globalIndexes, attributes: usedAttributes(attributes, { ...record, globalIndexes }) };
}

function createdIndex(
  create: NonNullable<IndexUpdate['Create']>,
  record: TableRecord,
  attributes: Readonly<Record<string, AttributeType>>,
): IndexRecord {
  if (record.globalIndexes.some(({ name }) => name === create.IndexName))
    throw validationError('Attempting to create an index which already exists');
  const definitions = Object.entries(attributes).map(([AttributeName, AttributeType]) => ({
    AttributeName,
    AttributeType,
  }));
  const spec = checkGlobalIndex(create, definitions);
  const { ProvisionedThroughput: units } = create;
  if (record.billingMode === 'PROVISIONED' && !units)
    throw invalidParameter(`ProvisionedThroughput is not specified for index: ${spec.name}`);
  if (record.billingMode === 'PAY_PER_REQUEST' && units)
    throw invalidParameter(
      `ProvisionedThroughput should not be specified for index: ${spec.name} when BillingMode is PAY_PER_REQUEST`,
    );
  checkCapacity(units, ` for index ${spec.name}`);
  return { ...spec, throughput: throughputOf(units) };
}

function withoutIndex(indexes: readonly IndexRecord[], name: string): readonly IndexRecord[] {
  if (!indexes.some((index) => index.name === name)) throw resourceNotFound();
  return indexes.filter((index) => index.name !== name);
}

function withUnits(
  indexes: readonly IndexRecord[],
  { IndexName: name, ProvisionedThroughput: units }: NonNullable<IndexUpdate['Update']>,
): readonly IndexRecord[] {
  if (!indexes.some((index) => index.name === name))
    throw validationError(
      'This operation cannot be performed with given input values. Please contact DynamoDB service team for more info: Action Blocked: IndexUpdate',
    );
  checkCapacity(units, ` for index ${name}`);
  return indexes.map((index) =>
    index.name === name ? { ...index, throughput: throughputOf(units) } : index,
  );
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
