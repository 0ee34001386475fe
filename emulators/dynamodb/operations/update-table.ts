/** UpdateTable: capacity, billing mode, global indexes, stream, encryption, deletion protection, class. */
import { list, required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { boolean, text } from '../input/scalars.ts';
import type { TypeOf } from '../input/shape.ts';
import { defineOperation, type Service } from '../service.ts';
import { updatedCapacity } from '../tables/capacity-settings.ts';
import { withBilling } from '../tables/change-billing.ts';
import { withIndexes } from '../tables/change-indexes.ts';
import { checkUpdate } from '../tables/check-update.ts';
import { describerOfUpdate } from '../tables/describe-update.ts';
import { updatedEncryption } from '../tables/encryption.ts';
import { existingTable } from '../tables/existing-table.ts';
import { replicaUpdates, updatedReplicas } from '../tables/replicas.ts';
import { updatedStream } from '../tables/stream.ts';
import type { TableRecord } from '../tables/table-record.ts';
import {
  attributeDefinitions,
  billingMode,
  indexUpdate,
  onDemandThroughput,
  provisionedThroughput,
  sseSpecification,
  streamSpecification,
  tableClass,
  warmThroughput,
} from '../tables/table-shapes.ts';

/** A change is done a moment after it was asked for. */
const APPLIED_AFTER_MS = 1;

const input = structure('UpdateTableInput', {
  TableName: required(controlTableName),
  AttributeDefinitions: attributeDefinitions,
  BillingMode: billingMode,
  ProvisionedThroughput: provisionedThroughput,
  GlobalSecondaryIndexUpdates: list(indexUpdate),
  StreamSpecification: streamSpecification,
  TableClass: tableClass,
  DeletionProtectionEnabled: boolean,
  SSESpecification: sseSpecification,
  OnDemandThroughput: onDemandThroughput,
  WarmThroughput: warmThroughput,
  ReplicaUpdates: replicaUpdates,
  MultiRegionConsistency: text(),
  GlobalTableWitnessUpdates: list(structure('GlobalTableWitnessGroupUpdate', {})),
  GlobalTableSettingsReplicationMode: text(),
});
type UpdateTableInput = TypeOf<typeof input>;

export const updateTable = defineOperation({
  name: 'UpdateTable',
  input,
  precheck: checkTableName,
  run(request, service) {
    checkUpdate(request);
    const before = existingTable(service, request.TableName);
    const { record } = before;
    const settled = withSettings(request, service, record);
    const billed = withBilling(request, service.clock.now() + APPLIED_AFTER_MS, settled);
    const indexed = withIndexes(request, billed, service.tables.itemCount(before));
    const describe = describerOfUpdate(service, before, request);
    const table = service.tables.update(withCapacity(request, indexed));
    const description = describe(table);
    service.backfills.start(table);
    return { TableDescription: description };
  },
});

function withCapacity(request: UpdateTableInput, record: TableRecord): TableRecord {
  if (!request.OnDemandThroughput && !request.WarmThroughput) return record;
  const { onDemandLimits: _limits, warm: _warm, ...others } = record;
  return { ...others, ...updatedCapacity(request, record, record.billingMode, record.throughput) };
}

function withSettings(request: UpdateTableInput, service: Service, record: TableRecord): TableRecord {
  const {
    stream: _stream,
    latestStreamLabel: _label,
    encryption: _encryption,
    replicas: _,
    ...others
  } = record;
  const encryption = updatedEncryption(service, record, request.SSESpecification);
  const { TableClass: className } = request;
  // A table that never had another class takes its present one without a trace.
  const isNewClass = className !== undefined && className !== (record.tableClass ?? 'STANDARD');
  return {
    ...others,
    ...updatedStream(service, record, request.StreamSpecification),
    ...(encryption && { encryption }),
    ...updatedReplicas(service, record, request.ReplicaUpdates),
    ...(isNewClass && { tableClass: className, tableClassAt: service.clock.now() }),
    deletionProtection: request.DeletionProtectionEnabled ?? record.deletionProtection,
  };
}
