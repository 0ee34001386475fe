/** Brings the tables to what the project says. Data stays, whatever the project says. */
import type { KeySchema, TableResource } from '../../../src/model/resources.ts';
import { namesOf } from '../../../src/std/key-names.ts';
import type { Service } from '../service.ts';
import { capacityIn, LEAST_CAPACITY } from './project-capacity.ts';
import { withSettings } from './project-settings.ts';
import { streamWithView } from './stream.ts';
import type { Table } from './table.ts';
import type { IndexRecord, TableRecord } from './table-record.ts';

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
  const record: TableRecord = {
    ...definitionOf(service, resource, undefined, undefined),
    name: resource.name,
    id: service.ids.uuid(),
    createdAt: service.clock.now(),
    key: resource.key,
    deletionProtection: false,
    tags: {},
    project: fingerprint(resource),
  };
  return withSettings(service, record, resource, undefined);
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
  const { onDemandLimits: _limits, warm: _warm, ...kept } = others;
  const before = record.project === undefined ? undefined : (JSON.parse(record.project) as TableResource);
  const adapted: TableRecord = {
    ...kept,
    ...definitionOf(service, resource, record, before),
    project: fingerprint(resource),
  };
  service.tables.update(withSettings(service, adapted, resource, before));
}

/** `before` is what the project said when the record was last adapted to it. */
function definitionOf(
  service: Service,
  resource: TableResource,
  record: TableRecord | undefined,
  before: TableResource | undefined,
) {
  const { billingMode: mode } = resource;
  const now = service.clock.now();
  const isSameMode = record?.billingMode === mode;
  const scope = { mode, isSameMode, now };
  const usual = resource.provisioned ?? LEAST_CAPACITY;
  const globalIndexes = resource.globalIndexes.map((index): IndexRecord => {
    const { name, key, projection } = index;
    const wasSaid = before?.globalIndexes.find((one) => one.name === name);
    const present = record?.globalIndexes.find((one) => one.name === name);
    return { name, key, projection, ...capacityIn(scope, index, wasSaid, present, usual) };
  });
  return {
    attributes: resource.attributes,
    localIndexes: resource.localIndexes,
    globalIndexes,
    billingMode: mode,
    ...capacityIn(scope, resource, before, record, usual),
    ...(mode === 'PAY_PER_REQUEST' && !isSameMode && { onDemandSince: now }),
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
