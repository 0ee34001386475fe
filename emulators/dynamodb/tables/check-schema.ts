/** The service's checks of key schemas and indexes, in its order; and their lowering. */
import type { AttributeType, IndexSpec, KeySchema } from '../../../src/model/resources.ts';
import { keyOfNames, namesOf } from '../../../src/std/key-names.ts';
import { invalidParameter, validationError } from '../errors.ts';
import type {
  AttributeDefinitions,
  GlobalIndexInput,
  KeySchemaInput,
  LocalIndexInput,
  ProvisionedThroughputInput,
} from './table-shapes.ts';

const MAX_CAPACITY = 1_000_000_000_000;
const MAX_LOCAL_INDEXES = 5;
export const MAX_GLOBAL_INDEXES = 20;
/** Of all indexes of a table together. */
const MAX_PROJECTED_NAMES = 100;
/** Of a global index: that many of each kind. */
const MAX_KEY_PARTS = 4;

export function attributesOf(definitions: AttributeDefinitions): Record<string, AttributeType> {
  return Object.fromEntries(definitions.map(({ AttributeName: name, AttributeType: type }) => [name, type]));
}

export function checkDistinctDefinitions(definitions: AttributeDefinitions): void {
  const names = definitions.map(({ AttributeName: name }) => name);
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (repeated !== undefined) throw validationError(`Attribute Name is duplicated: ${repeated}`);
}

export function checkProjectedCount(indexes: readonly IndexSpec[]): void {
  const count = indexes.reduce((sum, { projection }) => sum + projection.nonKeyAttributes.length, 0);
  if (count > MAX_PROJECTED_NAMES)
    throw invalidParameter(
      `Number of projected attributes of all indexes, ${count}, exceeds the per-table limit of ${MAX_PROJECTED_NAMES}`,
    );
}

export function checkTableKey(schema: KeySchemaInput, definitions: AttributeDefinitions): KeySchema {
  if (definitions.length < schema.length)
    throw validationError('Invalid KeySchema: Some index key attribute have no definition');
  checkDefined(schema, definitions);
  return checkKeySchema(schema);
}

export function checkLocalIndexes(
  indexes: readonly LocalIndexInput[],
  tableKey: KeySchema,
  definitions: AttributeDefinitions,
): readonly IndexSpec[] {
  if (indexes.length === 0) throw invalidParameter('List of LocalSecondaryIndexes is empty');
  if (tableKey.range === undefined)
    throw invalidParameter(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    );
  const specs = indexes.map((index) => checkLocalIndex(index, tableKey, definitions));
  checkDistinctNames(specs.map(({ name }) => name));
  if (specs.length > MAX_LOCAL_INDEXES)
    throw invalidParameter(`Number of LocalSecondaryIndexes exceeds per-table limit of ${MAX_LOCAL_INDEXES}`);
  return specs;
}

function checkLocalIndex(
  index: LocalIndexInput,
  tableKey: KeySchema,
  definitions: AttributeDefinitions,
): IndexSpec {
  const { IndexName: name } = index;
  checkDefined(index.KeySchema, definitions);
  const key = checkKeySchema(index.KeySchema);
  if (key.range === undefined)
    throw invalidParameter(`Index KeySchema does not have a range key for index: ${name}`);
  if (key.hash !== tableKey.hash)
    throw invalidParameter(
      'Index KeySchema does not have the same leading hash key as table KeySchema for index: ' +
        `${name}. index hash key: ${key.hash}, table hash key: ${tableKey.hash}`,
    );
  return { name, key, projection: checkProjection(index.Projection) };
}

export function checkGlobalIndex(index: GlobalIndexInput, definitions: AttributeDefinitions): IndexSpec {
  checkDefined(index.KeySchema, definitions);
  const key = keyOfSeveral(index.KeySchema) ?? checkKeySchema(index.KeySchema);
  return { name: index.IndexName, key, projection: checkProjection(index.Projection) };
}

export function checkGlobalIndexes(
  indexes: readonly GlobalIndexInput[],
  definitions: AttributeDefinitions,
): readonly IndexSpec[] {
  if (indexes.length === 0) throw invalidParameter('List of GlobalSecondaryIndexes is empty');
  const specs = indexes.map((index) => checkGlobalIndex(index, definitions));
  checkDistinctNames(specs.map(({ name }) => name));
  if (specs.length > MAX_GLOBAL_INDEXES)
    throw invalidParameter(`GlobalSecondaryIndex count exceeds the per-table limit of ${MAX_GLOBAL_INDEXES}`);
  return specs;
}

export function checkDistinctNames(names: readonly string[]): void {
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (repeated !== undefined) throw invalidParameter(`Duplicate index name: ${repeated}`);
}

/** `where` names the index the units are for. */
export function checkCapacity(units: ProvisionedThroughputInput | undefined, where = ''): void {
  if (!units) return;
  for (const name of ['ReadCapacityUnits', 'WriteCapacityUnits'] as const)
    if (units[name] > MAX_CAPACITY)
      throw validationError(`Given value ${units[name]} for ${name} is out of bounds${where}`);
}

/** Every definition is for the key of the table or of an index. */
export function checkAllUsed(
  definitions: AttributeDefinitions,
  keys: readonly KeySchema[],
  hasIndexes: boolean,
): void {
  const used = new Set(keys.flatMap(namesOf));
  if (definitions.every(({ AttributeName: name }) => used.has(name))) return;
  if (!hasIndexes)
    throw invalidParameter(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  const defined = definitions.map(({ AttributeName: name }) => name).join(', ');
  throw invalidParameter(
    `Some AttributeDefinitions are not used. AttributeDefinitions: [${defined}], keys used: [${[...used].join(', ')}]`,
  );
}

function checkDefined(schema: KeySchemaInput, definitions: AttributeDefinitions): void {
  const defined = definitions.map(({ AttributeName: name }) => name);
  const keys = [...new Set(schema.map(({ AttributeName: name }) => name))];
  if (!keys.every((name) => defined.includes(name)))
    throw invalidParameter(
      'Some index key attributes are not defined in AttributeDefinitions. ' +
        `Keys: [${keys.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
    );
}

/** Global indexes take up to four hash and four range attributes. Undefined for a key of one or of one of each. */
function keyOfSeveral(schema: KeySchemaInput): KeySchema | undefined {
  const names = schema.map(({ AttributeName: name }) => name);
  const named = (type: string) => names.filter((_, i) => schema[i]?.KeyType === type);
  const hashes = named('HASH');
  const ranges = named('RANGE');
  if (schema[0]?.KeyType !== 'HASH' || (hashes.length === 1 && ranges.length <= 1)) return undefined;
  if (hashes.length > MAX_KEY_PARTS) throw tooManyParts('HASH');
  if (ranges.length > MAX_KEY_PARTS) throw tooManyParts('RANGE');
  if (schema.slice(0, hashes.length).some(({ KeyType: type }) => type !== 'HASH'))
    throw invalidParameter('All HASH key attributes must precede RANGE key attributes in the KeySchema');
  if (new Set(names).size < names.length)
    throw validationError('The KeySchema contains multiple key attributes with the same name');
  return keyOfNames(hashes, ranges);
}

function tooManyParts(type: string) {
  return invalidParameter(`The KeySchema exceeds the maximum allowed number of ${type} key attributes`);
}

function checkKeySchema([first, second]: KeySchemaInput): KeySchema {
  if (first?.KeyType !== 'HASH')
    throw validationError('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  if (!second) return { hash: first.AttributeName };
  if (second.AttributeName === first.AttributeName)
    throw validationError('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  if (second.KeyType !== 'RANGE')
    throw validationError('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  return { hash: first.AttributeName, range: second.AttributeName };
}

function checkProjection({
  ProjectionType: type,
  NonKeyAttributes: attributes,
}: LocalIndexInput['Projection']): IndexSpec['projection'] {
  if (type === undefined) throw invalidParameter('Unknown ProjectionType: null');
  if (type !== 'INCLUDE' && attributes)
    throw invalidParameter(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  if (type === 'INCLUDE' && !attributes)
    throw invalidParameter('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  const repeated = attributes?.find((name, i) => attributes.indexOf(name) < i);
  if (repeated !== undefined) throw invalidParameter(`Duplicate element in NonKeyAttributes: ${repeated}`);
  return { type, nonKeyAttributes: attributes ?? [] };
}
