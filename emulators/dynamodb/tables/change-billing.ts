/** UpdateTable's change of billing mode and of the table's capacity. */
import { invalidParameter, validationError } from '../errors.ts';
import { keptCapacity } from './capacity-settings.ts';
import { type IndexRecord, onDemandThroughput, type TableRecord } from './table-record.ts';
import type { IndexUpdate, ProvisionedThroughputInput } from './table-shapes.ts';
import { changedThroughput, throughputOf } from './throughput.ts';

export interface BillingChange {
  readonly BillingMode?: TableRecord['billingMode'];
  readonly ProvisionedThroughput?: ProvisionedThroughputInput;
  readonly GlobalSecondaryIndexUpdates?: readonly IndexUpdate[];
}

/** `now` is epoch ms. */
export function withBilling(request: BillingChange, now: number, record: TableRecord): TableRecord {
  const changed = withMode(request, now, record);
  if (changed === record) return record;
  const from = { mode: record.billingMode, throughput: record.throughput };
  const { onDemandLimits: _, ...others } = changed;
  return {
    ...others,
    globalIndexes: changed.globalIndexes.map((index) =>
      changed.billingMode === record.billingMode ? index : withKeptCapacity(index, record, changed),
    ),
    ...keptCapacity(record, from, changed.billingMode),
  };
}

function withKeptCapacity(index: IndexRecord, record: TableRecord, changed: TableRecord): IndexRecord {
  const { onDemandLimits: _, ...others } = index;
  const throughput = record.globalIndexes.find(({ name }) => name === index.name)?.throughput;
  const from = { mode: record.billingMode, throughput: throughput ?? onDemandThroughput };
  return { ...others, ...keptCapacity(index, from, changed.billingMode) };
}

function withMode(request: BillingChange, now: number, record: TableRecord): TableRecord {
  const { ProvisionedThroughput: units } = request;
  const mode = request.BillingMode ?? record.billingMode;
  if (mode === 'PAY_PER_REQUEST') {
    if (units)
      throw invalidParameter(
        'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
      );
    if (record.billingMode === mode) return record;
    const globalIndexes = record.globalIndexes.map((index) => ({ ...index, throughput: onDemandThroughput }));
    return {
      ...record,
      billingMode: mode,
      onDemandSince: now,
      throughput: onDemandThroughput,
      globalIndexes,
    };
  }
  if (request.BillingMode && !units)
    throw invalidParameter('ProvisionedThroughput must be specified when BillingMode is PROVISIONED');
  if (!units) return record;
  if (record.billingMode === 'PROVISIONED' && sameUnits(record, units))
    throw validationError(
      'The provisioned throughput for the table will not change. The requested value equals the current value. ' +
        `Current ReadCapacityUnits provisioned for the table: ${record.throughput.read}. Requested ReadCapacityUnits: ${units.ReadCapacityUnits}. ` +
        `Current WriteCapacityUnits provisioned for the table: ${record.throughput.write}. Requested WriteCapacityUnits: ${units.WriteCapacityUnits}. ` +
        'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
    );
  if (record.billingMode === 'PAY_PER_REQUEST') checkIndexUnits(request, record);
  const throughput = changedThroughput(record.throughput, throughputOf(units), now);
  return { ...record, billingMode: mode, throughput };
}

function sameUnits(
  { throughput }: TableRecord,
  units: { readonly ReadCapacityUnits: number; readonly WriteCapacityUnits: number },
): boolean {
  return throughput.read === units.ReadCapacityUnits && throughput.write === units.WriteCapacityUnits;
}

/** Coming from on-demand, every index needs its capacity. */
function checkIndexUnits(request: BillingChange, record: TableRecord): void {
  const given = new Set(
    request.GlobalSecondaryIndexUpdates?.flatMap(({ Update: update }) => (update ? [update.IndexName] : [])),
  );
  const missing = record.globalIndexes.map(({ name }) => name).filter((name) => !given.has(name));
  if (missing.length > 0)
    throw invalidParameter(`ProvisionedThroughput must be specified for index: ${missing.join(',')}`);
}
