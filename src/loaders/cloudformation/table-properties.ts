/** The properties of a table as AWS::DynamoDB::Table has them, whichever type declares it, and where they stand. */
import { nearest } from '../fields.ts';
import type { Report } from '../problems.ts';
import type { Path } from '../yaml.ts';
import type { Intrinsics } from './intrinsics.ts';
import {
  dotted,
  listOf,
  mapOf,
  numberOf,
  type PlaceOf,
  type TemplateResource,
  textOf,
  type Values,
} from './template.ts';

export interface TableProperties {
  readonly id: string;
  readonly isGlobal: boolean;
  readonly values: Values;
  readonly pathOf: (property: string) => Path;
  /** Whether a value may be what stands in for a parameter without one, which was reported. */
  readonly isStandIn: (value: unknown, path: Path) => boolean;
  readonly place: PlaceOf;
  readonly report: Report;
}

/** Of a table; a global table has those of `replicaKeys` in each replica. */
const replicaKeys = [
  ...['DeletionProtectionEnabled', 'KinesisStreamSpecification', 'Tags', 'TableClass', 'ResourcePolicy'],
  ...['ContributorInsightsSpecification', 'PointInTimeRecoverySpecification'],
];
const sharedKeys = [
  ...['AttributeDefinitions', 'KeySchema', 'GlobalSecondaryIndexes', 'LocalSecondaryIndexes', 'BillingMode'],
  ...['TimeToLiveSpecification', 'StreamSpecification', 'SSESpecification', 'WarmThroughput'],
];
const tableKeys = [...sharedKeys, ...replicaKeys, 'ProvisionedThroughput', 'OnDemandThroughput'];
const settingKeys = [...replicaKeys, 'SSESpecification'];
const writeKeys = ['WriteProvisionedThroughputSettings', 'WriteOnDemandThroughputSettings'];
const readKeys = ['ReadProvisionedThroughputSettings', 'ReadOnDemandThroughputSettings'];
const globalTableKeys = [...sharedKeys, ...writeKeys, ...readKeys, 'Replicas'];
const replicaOwnKeys = [
  ...replicaKeys,
  ...readKeys,
  ...['Region', 'GlobalSecondaryIndexes', 'SSESpecification'],
];
const indexKeys = ['IndexName', 'KeySchema', 'Projection'];
const capacityKeys = ['ProvisionedThroughput', 'OnDemandThroughput', 'ContributorInsightsSpecification'];

const IMPORT_HINT = 'make what Fn::ImportValue asks for a parameter with a default for local runs';
const hints: Readonly<Record<string, string>> = {
  ImportSourceSpecification: 'give it items by Metadata: { sls-local: { seed: [items.json] } }',
};

export function tableProperties(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): TableProperties {
  const isGlobal = resource.type === 'AWS::DynamoDB::GlobalTable';
  const path = [...resource.path, 'Properties'];
  const known = readableKeys(resource, isGlobal ? globalTableKeys : tableKeys, intrinsics);
  const written = intrinsics.properties(resource, known);
  const { id } = resource;
  const { place } = intrinsics;
  const unread = (values: Values, keys: readonly string[], at: Path, whose = '') =>
    reportUnread({ values, keys, at, whose: `${whose}table "${id}"` }, place, report);
  unread({ ...resource.properties, ...written }, [...known, 'TableName'], path);
  const parts = (property: string, keys: readonly string[]) => {
    for (const [position, index] of listOf(written[property]).map(mapOf).entries())
      unread(index, keys, [...path, property, position], `index "${textOf(index.IndexName)}" of `);
  };
  parts('LocalSecondaryIndexes', indexKeys);
  parts('GlobalSecondaryIndexes', [
    ...indexKeys,
    'WarmThroughput',
    ...(isGlobal ? [...writeKeys, ...readKeys] : capacityKeys),
  ]);
  const stream = mapOf(written.StreamSpecification);
  if (stream.ResourcePolicy !== undefined)
    unread({ ResourcePolicy: 0 }, [], [...path, 'StreamSpecification'], 'the stream of ');
  const isStandIn = (value: unknown, at: Path) =>
    typeof rawAt(resource.properties, at.slice(path.length)) !== 'string' &&
    /^[a-z0-9-]+$/.test(textOf(value) ?? '');
  const plain = { id, isGlobal, isStandIn, place, report };
  if (!isGlobal) return { ...plain, values: written, pathOf: (property) => [...path, property] };

  const replicas = listOf(written.Replicas).map(mapOf);
  const here = Math.max(
    replicas.findIndex(({ Region }) => Region === intrinsics.region),
    0,
  );
  const replica = replicas[here] ?? {};
  const replicaPath = [...path, 'Replicas', here];
  unread(replica, replicaOwnKeys, replicaPath, 'the replica of ');
  return {
    ...plain,
    values: asTable(written, replica),
    pathOf(property) {
      if (replicaKeys.includes(property)) return [...replicaPath, property];
      return [
        ...path,
        property === 'ProvisionedThroughput' ? 'WriteProvisionedThroughputSettings' : property,
      ];
    },
  };
}

/** Settings made with what another stack exports are left out: the table is of use without them. */
export function readableKeys(
  { properties, path }: TemplateResource,
  keys: readonly string[],
  intrinsics: Intrinsics,
): readonly string[] {
  return keys.filter(
    (key) =>
      !settingKeys.includes(key) || intrinsics.knowsImports(properties[key], [...path, 'Properties', key]),
  );
}

/** As written, before functions are resolved. */
function rawAt(written: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof step === 'number' ? listOf(value)[step] : mapOf(value)[step]),
    written,
  );
}

/** A global table as the table it is in the region of `replica`. */
function asTable(written: Values, replica: Values): Values {
  const shared = Object.fromEntries(replicaKeys.map((key) => [key, replica[key]]));
  const indexReplicas = listOf(replica.GlobalSecondaryIndexes).map(mapOf);
  const indexes = listOf(written.GlobalSecondaryIndexes).map((index) => {
    const its = indexReplicas.find(({ IndexName: name }) => name === mapOf(index).IndexName) ?? {};
    const { ContributorInsightsSpecification } = its;
    return { ...mapOf(index), ContributorInsightsSpecification, ...throughputs(mapOf(index), its) };
  });
  return {
    ...written,
    ...shared,
    ...throughputs(written, replica),
    GlobalSecondaryIndexes: indexes,
    SSESpecification: { ...mapOf(written.SSESpecification), ...mapOf(replica.SSESpecification) },
  };
}

/** Writes are set for all replicas, reads for each; what scales begins with its least. */
function throughputs(written: Values, replica: Values): Values {
  const settings = (key: string) => mapOf(replica[key] ?? written[key]);
  const write = settings('WriteProvisionedThroughputSettings');
  const read = settings('ReadProvisionedThroughputSettings');
  return {
    ProvisionedThroughput: present({
      ReadCapacityUnits: read.ReadCapacityUnits ?? least(read.ReadCapacityAutoScalingSettings),
      WriteCapacityUnits: least(write.WriteCapacityAutoScalingSettings),
    }),
    OnDemandThroughput: present({
      MaxReadRequestUnits: settings('ReadOnDemandThroughputSettings').MaxReadRequestUnits,
      MaxWriteRequestUnits: settings('WriteOnDemandThroughputSettings').MaxWriteRequestUnits,
    }),
  };
}

function least(scaling: unknown): number | undefined {
  const { SeedCapacity: seed, MinCapacity: min } = mapOf(scaling);
  return numberOf(seed) ?? numberOf(min);
}

/** Undefined where none of them is there. */
function present(values: Values): Values | undefined {
  return Object.values(values).some((value) => value !== undefined) ? values : undefined;
}

interface Unread {
  readonly values: Values;
  readonly keys: readonly string[];
  readonly at: Path;
  readonly whose: string;
}

/** What is said and not taken over. */
export function reportUnread({ values, keys, at, whose }: Unread, place: PlaceOf, report: Report): void {
  for (const key of Object.keys(values)) {
    // A loop has been read as what it makes.
    if (keys.includes(key) || key.startsWith('Fn::')) continue;
    report({
      severity: 'warning',
      code: 'not-emulated',
      message: `${key} of ${whose} is not emulated`,
      hint: hints[key] ?? (settingKeys.includes(key) ? IMPORT_HINT : nearest(key, keys)),
      place: place([...at, key]),
      subject: dotted([...at, key]),
    });
  }
}
