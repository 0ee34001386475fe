/** What the project says of a table besides its definition. As at a deployment, what it says as before stays as the API left it. */
import type { InsightsMode, TableResource } from '../../../src/model/resources.ts';
import { insightsNotice, WHOLE_TABLE } from '../insights/contributor-insights.ts';
import { newPolicy, policyNotice } from '../policies/resource-policy.ts';
import type { Service } from '../service.ts';
import { tableArn } from './describe-table.ts';
import { encryptionOf } from './encryption.ts';
import type { ContributorInsights, KinesisDestination, TableRecord } from './table-record.ts';

/** `before` is what the project said last. */
export function withSettings(
  service: Service,
  record: TableRecord,
  resource: TableResource,
  before: TableResource | undefined,
): TableRecord {
  const isNews = (member: keyof TableResource) =>
    JSON.stringify(resource[member]) !== JSON.stringify(before?.[member]);
  const now = service.clock.now();
  const { encryption: presentEncryption, recovery: presentRecovery, ...others } = record;
  const encryption = isNews('encryption') ? encryptionIn(service, resource) : presentEncryption;
  const recovery = isNews('recoveryDays') ? recoveryIn(resource, record, now) : presentRecovery;
  const insights = changedInsights(resource, before, now);
  if (Object.values(insights).some(({ isEnabled }) => isEnabled)) insightsNotice(service, resource.name);
  return {
    ...others,
    ...(isNews('deletionProtection') && { deletionProtection: resource.deletionProtection ?? false }),
    ...(isNews('tags') && { tags: tagsIn(resource, before, record) }),
    ...(isNews('tableClass') && {
      tableClass: resource.tableClass ?? 'STANDARD',
      ...(before && { tableClassAt: now }),
    }),
    ...(encryption && { encryption }),
    ...(recovery && { recovery }),
    ...(isNews('kinesis') && { kinesis: destinationsIn(resource, record) }),
    ...(Object.keys(insights).length > 0 && { insights: { ...record.insights, ...insights } }),
    ...(isNews('policy') && { policies: policiesIn(service, resource, record) }),
  };
}

function tagsIn(
  { tags }: TableResource,
  before: TableResource | undefined,
  record: TableRecord,
): TableRecord['tags'] {
  const byApi = Object.entries(record.tags).filter(([key]) => !Object.hasOwn(before?.tags ?? {}, key));
  return { ...Object.fromEntries(byApi), ...tags };
}

function encryptionIn(service: Service, { name, encryption }: TableResource): TableRecord['encryption'] {
  if (!encryption) return undefined;
  const { keyId } = encryption;
  return encryptionOf(service, name, {
    SSEType: 'KMS',
    ...(keyId !== undefined && { KMSMasterKeyId: keyId }),
  });
}

function recoveryIn(
  { recoveryDays }: TableResource,
  { recovery }: TableRecord,
  now: number,
): TableRecord['recovery'] {
  if (recoveryDays === undefined) return undefined;
  return { enabledAt: recovery?.enabledAt ?? Math.floor(now), periodDays: recoveryDays };
}

/** A table has one destination that is active. */
function destinationsIn(
  { kinesis: wished }: TableResource,
  { kinesis: present = [] }: TableRecord,
): readonly KinesisDestination[] {
  const others = present
    .filter(({ streamArn }) => streamArn !== wished?.streamArn)
    .map((destination) => ({ ...destination, status: 'DISABLED' as const }));
  return wished ? [...others, { ...wished, status: 'ACTIVE' }] : others;
}

function changedInsights(
  resource: TableResource,
  before: TableResource | undefined,
  now: number,
): Record<string, ContributorInsights> {
  const was = wishedInsights(before);
  const wished = wishedInsights(resource);
  const names = [...new Set([...was.keys(), ...wished.keys()])].filter(
    (name) => was.get(name) !== wished.get(name),
  );
  return Object.fromEntries(
    names.map((name) => {
      const mode = wished.get(name);
      return [
        name,
        { isEnabled: mode !== undefined, mode: mode ?? was.get(name) ?? '', changedAt: now },
      ] as const;
    }),
  );
}

/** By name of the index, as the record has them. */
function wishedInsights(resource: TableResource | undefined): ReadonlyMap<string, InsightsMode> {
  const { insights, globalIndexes = [] } = resource ?? {};
  const all = [{ name: WHOLE_TABLE, insights }, ...globalIndexes];
  return new Map(all.flatMap(({ name, insights: mode }) => (mode ? [[name, mode] as const] : [])));
}

function policiesIn(service: Service, { name, policy }: TableResource, record: TableRecord) {
  const { [tableArn(service, name)]: _, ...others } = record.policies ?? {};
  if (policy === undefined) return others;
  policyNotice(service, name);
  return { ...others, [tableArn(service, name)]: newPolicy(policy, service.clock.now()) };
}
