/** Brings the tables to what the project says. Data stays, whatever the project says. */
import type { IndexSpec, KeySchema, TableResource } from '../../../src/model/resources.ts';
import { namesOf } from '../../../src/std/key-names.ts';
import type { Service } from '../service.ts';
import { streamWithView } from './stream.ts';
import type { Table } from './table.ts';
import { type IndexRecord, onDemandThroughput, type TableRecord } from './table-record.ts';

export function applyProject(service: Service, resources: readonly TableResource[]): void {
  for (const resource of resources) {
    const table = service.tables.find(resource.name);
    if (!table) service.tables.create(newRecord(service, resource));
    else if (table.record.project !== fingerprint(resource)) adapt(service, table, resource);
  }
  const named = new Set(resources.map(({ name }) => name));
  for (const name of service.tables.names()) if (!named.has(name)) release(service, name);
}

/** What of the resource decides the table; where it stands in its file does not. */
function fingerprint({ place: _, ...resource }: TableResource): string {
  return JSON.stringify(resource);
}

function newRecord(service: Service, resource: TableResource): TableRecord {
  const createdAt = service.clock.now();
  return {
    ...definitionOf(service, resource, undefined),
    name: resource.name,
    id: service.ids.uuid(),
    createdAt,
    key: resource.key,
    deletionProtection: false,
    tags: {},
    ...(resource.billingMode === 'PAY_PER_REQUEST' && { onDemandSince: createdAt }),
    project: fingerprint(resource),
  };
}

function adapt(service: Service, table: Table, resource: TableResource): void {
  const { record } = table;
  if (!sameKey(record, resource)) {
    service.notice(
      `table ${resource.name} is stored with the key ${printKey(record.key, record)}, the project now says ` +
        `${printKey(resource.key, resource)}: the stored table is kept as it is; delete it to have it created anew`,
    );
    return;
  }
  const { ttlAttribute: _ttl, stream: _stream, latestStreamLabel: _label, ...others } = record;
  service.tables.update({
    ...others,
    ...definitionOf(service, resource, record),
    project: fingerprint(resource),
  });
}

function definitionOf(service: Service, resource: TableResource, record: TableRecord | undefined) {
  const throughput =
    resource.billingMode === 'PROVISIONED'
      ? (record?.throughput ?? { read: 1, write: 1, decreasesToday: 0 })
      : onDemandThroughput;
  const withThroughput = (index: IndexSpec): IndexRecord => ({ ...index, throughput });
  return {
    attributes: resource.attributes,
    localIndexes: resource.localIndexes,
    globalIndexes: resource.globalIndexes.map(withThroughput),
    billingMode: resource.billingMode,
    throughput,
    ...(resource.ttlAttribute !== undefined && { ttlAttribute: resource.ttlAttribute }),
    ...streamWithView(service, resource.name, record ?? {}, resource.streamView),
  };
}

function release(service: Service, name: string): void {
  const record = service.tables.find(name)?.record;
  if (record?.project === undefined) return;
  const { project: _, ...others } = record;
  service.tables.update(others);
  service.notice(`table ${name} is no longer in the project; it and its items are kept`);
}

type Keyed = Pick<TableResource, 'key' | 'attributes'>;

function sameKey(a: Keyed, b: Keyed): boolean {
  return printKey(a.key, a) === printKey(b.key, b);
}

function printKey(key: KeySchema, { attributes }: Keyed): string {
  return namesOf(key)
    .map((name) => `${name} (${attributes[name] ?? '?'})`)
    .join(', ');
}
