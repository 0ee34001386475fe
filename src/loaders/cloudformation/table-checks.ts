/** What the cloud refuses of a table at deployment, though it can be made here: warnings, each at its place. */
import { oneOf } from '../fields.ts';
import type { Path } from '../yaml.ts';
import { checkIndexes, indexesOf, type TableIndex } from './table-index-checks.ts';
import { isOneOf, isSettled, warn } from './table-problems.ts';
import type { TableProperties } from './table-properties.ts';
import { isTooLong, provisionedOf, tagsOf } from './table-settings.ts';
import { flagOf, listOf, mapOf, textOf, type Values } from './template.ts';

const BILLING_MODES = ['PROVISIONED', 'PAY_PER_REQUEST'];
const TABLE_CLASSES = ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'];
const STREAM_VIEWS = ['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'];

export function checkTable(table: TableProperties): void {
  const indexes = indexesOf(table);
  checkAttributes(table, indexes);
  checkBilling(table, indexes);
  checkIndexes(table, indexes);
  checkStream(table);
  checkExpiry(table);
  checkSettings(table);
}

function checkAttributes(table: TableProperties, indexes: readonly TableIndex[]): void {
  const { values, pathOf } = table;
  const schemas = [values.KeySchema, ...indexes.map((index) => index.values.KeySchema)];
  if (!isSettled(schemas)) return;
  const used = new Set(schemas.flatMap((schema) => listOf(schema).map((part) => mapOf(part).AttributeName)));
  for (const [position, definition] of listOf(values.AttributeDefinitions).map(mapOf).entries()) {
    const { AttributeName: name } = definition;
    if (used.has(name) || !isSettled(name)) continue;
    warn(
      table,
      `defines the attribute "${textOf(name) ?? ''}", which is no part of a key: the cloud refuses that`,
      'take it out of AttributeDefinitions: only attributes of keys are defined',
      [...pathOf('AttributeDefinitions'), position],
    );
  }
}

function checkBilling(table: TableProperties, indexes: readonly TableIndex[]): void {
  const { values, pathOf } = table;
  const { BillingMode: written } = values;
  const path = pathOf('BillingMode');
  if (!isOneOf(table, written, path, BILLING_MODES))
    warn(
      table,
      `has BillingMode "${textOf(written) ?? ''}", which the cloud refuses; it is PROVISIONED here`,
      `write ${oneOf(BILLING_MODES)}`,
      path,
    );
  const globals = indexes.filter(({ kind }) => kind === 'global');
  const parts = [{ name: undefined, values, path }, ...globals];
  for (const part of parts) {
    if (written === 'PAY_PER_REQUEST') checkOnDemand(table, part);
    if (written === 'PROVISIONED' || written === undefined) checkProvisioned(table, part);
  }
}

/** The table itself, or an index of it by its name. */
interface Billed {
  readonly name: string | undefined;
  readonly values: Values;
  readonly path: Path;
}

function checkOnDemand(table: TableProperties, { name, values, path }: Billed): void {
  if (values.ProvisionedThroughput === undefined) return;
  warn(
    table,
    `is billed as PAY_PER_REQUEST and has provisioned throughput${forIndex(name)}: the cloud refuses both together; it does not count here`,
    'take out the throughput, or write BillingMode: PROVISIONED',
    path,
  );
}

function checkProvisioned(table: TableProperties, { name, values, path }: Billed): void {
  const { ProvisionedThroughput: units, OnDemandThroughput: limits } = values;
  const isUsual = table.values.BillingMode === undefined;
  if (!provisionedOf(units) && isSettled(units))
    warn(
      table,
      `is billed as PROVISIONED${isUsual ? ', the default,' : ''} without ReadCapacityUnits and WriteCapacityUnits${forIndex(name)}: ` +
        `the cloud refuses that; here it has ${name === undefined ? '1 of each' : 'those of the table'}`,
      table.isGlobal
        ? 'write BillingMode: PAY_PER_REQUEST, or add WriteProvisionedThroughputSettings and, to the replica, ReadProvisionedThroughputSettings'
        : 'write BillingMode: PAY_PER_REQUEST, or add ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }',
      path,
    );
  if (limits !== undefined)
    warn(
      table,
      `is billed as PROVISIONED${isUsual ? ', the default,' : ''} and has on-demand limits${forIndex(name)}: the cloud refuses both together; they do not count here`,
      'take out the limits, or write BillingMode: PAY_PER_REQUEST',
      path,
    );
}

function forIndex(name: string | undefined): string {
  return name === undefined ? '' : ` for its index "${name}"`;
}

function checkStream(table: TableProperties): void {
  const { values, pathOf } = table;
  const { StreamSpecification: specification } = values;
  const { StreamViewType: view } = mapOf(specification);
  const path = pathOf('StreamSpecification');
  const at = [...path, 'StreamViewType'];
  if (specification === undefined || !isSettled(specification)) return;
  if (view !== undefined && isOneOf(table, view, at, STREAM_VIEWS)) return;
  warn(
    table,
    `has a StreamSpecification ${view === undefined ? 'without StreamViewType' : `with StreamViewType "${textOf(view) ?? ''}"`}, which the cloud refuses: there is no stream here`,
    `write StreamViewType: ${oneOf(STREAM_VIEWS)}`,
    view === undefined ? path : at,
  );
}

function checkExpiry(table: TableProperties): void {
  const { TimeToLiveSpecification: specification } = table.values;
  const { Enabled: enabled, AttributeName: name } = mapOf(specification);
  if (!flagOf(enabled) || name !== undefined || !isSettled(specification)) return;
  warn(
    table,
    'has TimeToLiveSpecification enabled without AttributeName: the cloud refuses that; nothing expires here',
    'name the attribute that holds the second an item expires',
    table.pathOf('TimeToLiveSpecification'),
  );
}

function checkSettings(table: TableProperties): void {
  const { values, pathOf } = table;
  const { TableClass: tableClass, Tags: tags, ResourcePolicy: policy } = values;
  if (!isOneOf(table, tableClass, pathOf('TableClass'), TABLE_CLASSES))
    warn(
      table,
      `has TableClass "${textOf(tableClass) ?? ''}", which the cloud refuses; it does not count here`,
      `write ${oneOf(TABLE_CLASSES)}`,
      pathOf('TableClass'),
    );
  if (tags !== undefined && isSettled(tags) && (!Array.isArray(tags) || lacksKeys(tags)))
    warn(
      table,
      'has Tags that are no list of Key and Value, which the cloud refuses',
      'write Tags: [{ Key: team, Value: shop }]',
      pathOf('Tags'),
    );
  if (isTooLong(JSON.stringify(mapOf(policy).PolicyDocument) ?? ''))
    warn(
      table,
      'has a ResourcePolicy of more than 20,480 bytes, which the cloud refuses; it is left out here',
      'shorten it',
      pathOf('ResourcePolicy'),
    );
}

function lacksKeys(tags: readonly unknown[]): boolean {
  return tags.some((tag) => Object.keys(tagsOf([tag])).length === 0);
}
