/** UpdateTable changes one thing at a time: what may be asked for together, in the service's order and words. */
import { invalidParameter, notEmulated, validationError } from '../errors.ts';
import { checkCapacity } from './check-schema.ts';
import { checkStreamUpdate } from './stream.ts';
import type { IndexUpdate, ProvisionedThroughputInput, StreamSpecificationInput } from './table-shapes.ts';

export interface UpdateRequest {
  readonly ProvisionedThroughput?: ProvisionedThroughputInput;
  readonly BillingMode?: string;
  readonly StreamSpecification?: StreamSpecificationInput;
  readonly GlobalSecondaryIndexUpdates?: readonly IndexUpdate[];
  readonly SSESpecification?: object;
  readonly TableClass?: string;
  readonly DeletionProtectionEnabled?: boolean;
  readonly OnDemandThroughput?: object;
  readonly WarmThroughput?: object;
  readonly ReplicaUpdates?: unknown;
  readonly MultiRegionConsistency?: string;
  readonly GlobalTableWitnessUpdates?: unknown;
  readonly GlobalTableSettingsReplicationMode?: string;
}

/** Each of these stands alone in its request. */
const alone = [
  ['SSESpecification', 'Server-Side Encryption modification'],
  ['TableClass', 'TableClass modification'],
  ['DeletionProtectionEnabled', 'DeletionProtection modification'],
  ['WarmThroughput', 'WarmThroughput'],
  ['ReplicaUpdates', 'Replica modification'],
] as const;

const others = [
  'ProvisionedThroughput',
  'BillingMode',
  'StreamSpecification',
  'GlobalSecondaryIndexUpdates',
  'OnDemandThroughput',
] as const;

const replication = [
  'MultiRegionConsistency',
  'GlobalTableWitnessUpdates',
  'GlobalTableSettingsReplicationMode',
] as const;

/** Throws for what is wrong with the request whatever the table is like. */
export function checkUpdate(request: UpdateRequest): void {
  const updates = request.GlobalSecondaryIndexUpdates ?? [];
  const asked = [...alone.map(([member]) => member), ...others].filter((member) =>
    member === 'GlobalSecondaryIndexUpdates' ? updates.length > 0 : request[member] !== undefined,
  );
  if (replication.some((member) => request[member] !== undefined))
    throw notEmulated('A table that is consistent over several regions or accounts');
  if (asked.length === 0)
    throw validationError(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, ' +
        'SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, ' +
        'DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required',
    );
  checkCapacity(request.ProvisionedThroughput);
  checkTogether(request, asked.length);
  checkIndexNames(updates);
}

function checkTogether(request: UpdateRequest, count: number): void {
  const { ProvisionedThroughput: units, StreamSpecification: stream } = request;
  const changesIndexes = request.GlobalSecondaryIndexUpdates?.some(
    ({ Create: create, Delete: remove }) => create ?? remove,
  );
  if (changesIndexes && request.WarmThroughput)
    throw invalidParameter('Create global secondary index cannot be specified when updating WarmThroughput');
  const single = alone.find(([member]) => request[member] !== undefined);
  if (single && count > 1) throw invalidParameter(`${single[1]} must be the only operation in the request`);
  if (request.OnDemandThroughput && count > (request.BillingMode === undefined ? 1 : 2))
    throw invalidParameter(
      'OnDemandThroughput can only be combined with BillingMode in an UpdateTable request',
    );
  if (stream) {
    checkStreamUpdate(stream);
    if (units) throw invalidParameter('You cannot modify stream status while updating table IOPS');
    if (changesIndexes)
      throw invalidParameter('You cannot create or delete index while changing stream status');
  }
}

function checkIndexNames(updates: readonly IndexUpdate[]): void {
  const names = updates.map(indexNameOf);
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (repeated !== undefined)
    throw invalidParameter(
      `Only one global secondary index update per index is allowed simultaneously. Index: ${repeated}`,
    );
}

function indexNameOf({ Update: update, Create: create, Delete: remove }: IndexUpdate): string {
  if ([update, create, remove].filter((action) => action !== undefined).length > 1)
    throw invalidParameter(
      'Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object',
    );
  const name = (update ?? create ?? remove)?.IndexName;
  if (name === undefined)
    throw invalidParameter(
      'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null',
    );
  return name;
}
