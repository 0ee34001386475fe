/** UpdateTable: capacity, billing mode, global indexes (filled before it answers), stream, deletion protection, class. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { invalidParameter, validationError } from '../errors.ts';
import { list, required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { boolean } from '../input/scalars.ts';
import type { TypeOf } from '../input/shape.ts';
import { defineOperation, type Service } from '../service.ts';
import { withBilling } from '../tables/change-billing.ts';
import { withIndexes } from '../tables/change-indexes.ts';
import { checkCapacity } from '../tables/check-schema.ts';
import { describeTable } from '../tables/describe-table.ts';
import { existingTable } from '../tables/existing-table.ts';
import { makeStream } from '../tables/stream.ts';
import type { Table } from '../tables/table.ts';
import type { TableRecord, Throughput } from '../tables/table-record.ts';
import {
  attributeDefinitions,
  billingMode,
  type IndexUpdate,
  indexUpdate,
  provisionedThroughput,
  streamSpecification,
  tableClass,
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
});
type UpdateTableInput = TypeOf<typeof input>;

export const updateTable = defineOperation({
  name: 'UpdateTable',
  input,
  precheck: checkTableName,
  run(request, service) {
    checkRequest(request);
    const { record } = existingTable(service, request.TableName);
    const settled = withSettings(request, service, record);
    const changed = withIndexes(
      request,
      withBilling(request, service.clock.now() + APPLIED_AFTER_MS, settled),
    );
    const table = service.tables.update(changed);
    return { TableDescription: describeUnderWay(service, record, table) };
  },
});

function checkRequest(request: UpdateTableInput): void {
  const updates = request.GlobalSecondaryIndexUpdates ?? [];
  const { ProvisionedThroughput, BillingMode, StreamSpecification, TableClass, DeletionProtectionEnabled } =
    request;
  const asked = [
    ProvisionedThroughput,
    BillingMode,
    StreamSpecification,
    TableClass,
    DeletionProtectionEnabled,
  ];
  if (updates.length === 0 && asked.every((member) => member === undefined))
    throw validationError(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required',
    );
  checkCapacity(ProvisionedThroughput);
  const names = updates.map(indexNameOf);
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (repeated !== undefined)
    throw invalidParameter(
      `Only one global secondary index update per index is allowed simultaneously. Index: ${repeated}`,
    );
}

function indexNameOf({ Update: update, Create: create, Delete: remove }: IndexUpdate): string {
  const name = (update ?? create ?? remove)?.IndexName;
  if (name === undefined)
    throw invalidParameter(
      'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null',
    );
  return name;
}

function withSettings(request: UpdateTableInput, service: Service, record: TableRecord): TableRecord {
  const { stream: present, ...others } = record;
  const asked = request.StreamSpecification;
  if (asked?.StreamEnabled && present)
    throw validationError('Table already has an enabled stream: TableName: '.concat(record.name));
  const stream = asked ? makeStream(service, record.name, asked) : present;
  return {
    ...others,
    ...(stream && { stream }),
    ...(request.TableClass !== undefined && { tableClass: request.TableClass }),
    deletionProtection: request.DeletionProtectionEnabled ?? record.deletionProtection,
  };
}

/** As long as the change is under way, the service shows the capacity there was. */
function describeUnderWay(service: Service, before: TableRecord, table: Table): JsonObject {
  const { throughput, billingMode: mode } = table.record;
  if (mode !== 'PROVISIONED' || before.billingMode !== mode) return describeTable(service, table, 'UPDATING');
  const at = service.clock.now();
  const shown: Throughput = {
    read: before.throughput.read,
    write: before.throughput.write,
    decreasesToday: before.throughput.decreasesToday,
    ...(throughput.increasedAt !== undefined && { increasedAt: Math.min(throughput.increasedAt, at) }),
    ...(throughput.decreasedAt !== undefined && { decreasedAt: Math.min(throughput.decreasedAt, at) }),
  };
  return describeTable(service, { ...table, record: { ...table.record, throughput: shown } }, 'UPDATING');
}
