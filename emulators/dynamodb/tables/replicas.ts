/** Replicas of a table in other regions: kept and shown. There is one region here, so nothing is replicated, which a notice says. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { invalidParameter, validationError } from '../errors.ts';
import { list, required, structure } from '../input/collections.ts';
import { text } from '../input/scalars.ts';
import type { TypeOf } from '../input/shape.ts';
import type { Service } from '../service.ts';
import type { TableRecord } from './table-record.ts';

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

const action = (name: string) => structure(name, { RegionName: required(text()) });

export const replicaUpdates = list(
  structure('ReplicationGroupUpdate', {
    Create: action('CreateReplicationGroupMemberAction'),
    Update: action('UpdateReplicationGroupMemberAction'),
    Delete: action('DeleteReplicationGroupMemberAction'),
  }),
  { minLength: 1 },
);
type ReplicaUpdates = TypeOf<typeof replicaUpdates>;

/** The members of a table's record that are about replicas. Throws for what cannot be asked of them. */
export function updatedReplicas(
  service: Service,
  record: TableRecord,
  updates: ReplicaUpdates | undefined,
): Pick<TableRecord, 'replicas'> {
  if (!updates) return record.replicas ? { replicas: record.replicas } : {};
  if (updates.length > 1) throw invalidParameter('Only one replica may be changed in one request');
  let replicas = record.replicas ?? [];
  for (const update of updates) replicas = changed(service, record, replicas, update);
  return replicas.length > 0 ? { replicas } : {};
}

function changed(
  service: Service,
  { name }: TableRecord,
  replicas: readonly string[],
  { Create: create, Update: update, Delete: remove }: ReplicaUpdates[number],
): readonly string[] {
  const region = (create ?? update ?? remove)?.RegionName;
  if (region === undefined || [create, update, remove].filter(Boolean).length > 1)
    throw invalidParameter('One of Create, Update, Delete must be specified for a replica');
  if (!REGION.test(region)) throw validationError(`Invalid region name: ${region}`);
  if (region === service.region)
    throw validationError(
      'Cannot add, delete, or update the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or UpdateTable as required.',
    );
  const isThere = replicas.includes(region);
  if (!create && !isThere)
    throw validationError(
      'Replica specified in the Replica Update or Replica Delete action of the request was not found.',
    );
  if (create && isThere) throw validationError(`The table has a replica in the region already: ${region}`);
  if (remove) return replicas.filter((each) => each !== region);
  service.notice(
    `the replica of table ${name} in ${region} is kept and shown; nothing is replicated: there is one region`,
  );
  return create ? [...replicas, region] : replicas;
}

/** What DescribeTable says of them. */
export function describeReplicas({ replicas }: TableRecord): JsonObject {
  if (!replicas) return {};
  return {
    GlobalTableVersion: '2019.11.21',
    Replicas: replicas.map((RegionName) => ({ RegionName, ReplicaStatus: 'ACTIVE' })),
  };
}
