/** Members that many requests have. */
import { enveloped, invalidParameter, validationError } from '../errors.ts';
import { checkName } from '../values/validate-value.ts';
import { attributeMap, attributeValue } from './attribute-shapes.ts';
import { list, map, required, structure } from './collections.ts';
import { boolean, text } from './scalars.ts';
import { quote, reworded, type Shape } from './shape.ts';

const NAME_PATTERN = '[a-zA-Z0-9_.-]+';
const MIN_NAME_LENGTH = 3;
const MAX_NAME_LENGTH = 255;
const AT_LEAST_ONE = 'Member must have length greater than or equal to 1';

/** A table's name, or its ARN. Of an empty one the service says no more than that it is. */
export const tableName = notEmpty(
  exceptArns(text({ pattern: NAME_PATTERN, minLength: MIN_NAME_LENGTH, maxLength: MAX_NAME_LENGTH })),
);
/** The same in the newer layer of writes. */
export const writtenTableName = reworded(tableName, (constraint) =>
  constraint === AT_LEAST_ONE
    ? { alone: enveloped(`Value at 'TableName' failed to satisfy constraint: ${constraint}`) }
    : undefined,
);
/** For table operations, whose precheck looks at the length. */
export const controlTableName = exceptArns(text({ pattern: NAME_PATTERN }));
export const newTableName = text({
  pattern: NAME_PATTERN,
  minLength: MIN_NAME_LENGTH,
  maxLength: MAX_NAME_LENGTH,
});
export const indexName = text({
  pattern: NAME_PATTERN,
  minLength: MIN_NAME_LENGTH,
  maxLength: MAX_NAME_LENGTH,
});

/** Keys of `RequestItems`. */
export const tableNameKeys = {
  accepts: (key: string) =>
    key.startsWith('arn:') ||
    (key.length >= MIN_NAME_LENGTH && key.length <= MAX_NAME_LENGTH && /^[a-zA-Z0-9_.-]+$/.test(key)),
  printed:
    `Member must have length less than or equal to ${MAX_NAME_LENGTH}, ` +
    `Member must have length greater than or equal to ${MIN_NAME_LENGTH}, ` +
    `Member must satisfy regular expression pattern: ${NAME_PATTERN}`,
};

export type ReturnConsumedCapacity = 'INDEXES' | 'TOTAL' | 'NONE';
export const returnConsumedCapacity = text<ReturnConsumedCapacity>({ oneOf: ['INDEXES', 'TOTAL', 'NONE'] });
export const returnItemCollectionMetrics = text<'SIZE' | 'NONE'>({ oneOf: ['SIZE', 'NONE'] });

export type ReturnValues = 'ALL_NEW' | 'UPDATED_OLD' | 'ALL_OLD' | 'NONE' | 'UPDATED_NEW';
const someReturnValues = text<ReturnValues>({
  oneOf: ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'],
});
/** The misspelling is the service's. */
const NO_RETURN_VALUES =
  'Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]';
export const returnValues = reworded(someReturnValues, () => ({ listed: NO_RETURN_VALUES }));
/** An update stops there. */
export const updateReturnValues = reworded(someReturnValues, () => ({ alone: enveloped(NO_RETURN_VALUES) }));
export const returnValuesOnConditionCheckFailure = text<'ALL_OLD' | 'NONE'>({ oneOf: ['ALL_OLD', 'NONE'] });

export const expressionAttributeNames = map(text());
export const expressionAttributeValues = attributeMap;
export const attributesToGet = list(text(), { minLength: 1 });

export type ComparisonOperator =
  | 'IN'
  | 'NULL'
  | 'BETWEEN'
  | 'LT'
  | 'NOT_CONTAINS'
  | 'EQ'
  | 'GT'
  | 'NOT_NULL'
  | 'NE'
  | 'LE'
  | 'BEGINS_WITH'
  | 'GE'
  | 'CONTAINS';
const comparisonOperator = text<ComparisonOperator>({
  oneOf: [
    'IN',
    'NULL',
    'BETWEEN',
    'LT',
    'NOT_CONTAINS',
    'EQ',
    'GT',
    'NOT_NULL',
    'NE',
    'LE',
    'BEGINS_WITH',
    'GE',
    'CONTAINS',
  ],
});

export const conditionalOperator = text<'OR' | 'AND'>({ oneOf: ['OR', 'AND'] });
/** AND is not among what the newer layer lists. */
const NO_OPERATOR = 'Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]';
export const queryConditionalOperator = reworded(conditionalOperator, () => ({ alone: NO_OPERATOR }));
export const writeConditionalOperator = reworded(conditionalOperator, () => ({
  alone: enveloped(NO_OPERATOR),
}));
export const conditions = map(
  structure('Condition', {
    ComparisonOperator: required(comparisonOperator),
    AttributeValueList: list(attributeValue),
  }),
);
export const expected = map(
  structure('ExpectedAttributeValue', {
    ComparisonOperator: comparisonOperator,
    AttributeValueList: list(attributeValue),
    Exists: boolean,
    Value: attributeValue,
  }),
);
export const attributeUpdates = map(
  structure('AttributeValueUpdate', {
    Action: text<'ADD' | 'PUT' | 'DELETE'>({ oneOf: ['ADD', 'PUT', 'DELETE'] }),
    Value: attributeValue,
  }),
);

/** The first check of CreateTable. */
export function checkTableNamed({ TableName: name }: { readonly TableName?: string }): void {
  if (name === undefined)
    throw validationError("The parameter 'TableName' is required but was not present in the request");
}

/** The first check of every other table operation. */
export function checkTableName({ TableName: name }: { readonly TableName?: string }): void {
  checkTableNamed({ ...(name !== undefined && { TableName: name }) });
  if (name === undefined) return;
  if (name.startsWith('arn:')) return;
  if (name.length < MIN_NAME_LENGTH || name.length > MAX_NAME_LENGTH)
    throw validationError('TableName must be at least 3 characters long and at most 255 characters long');
}

/** Throws for a name that is listed twice. */
export function checkAttributesToGet(names: readonly string[] | undefined): void {
  for (const name of names ?? []) checkName(name);
  const repeated = names?.find((name, i) => names.indexOf(name) < i);
  if (repeated !== undefined) throw invalidParameter(`Duplicate value in attribute name: ${repeated}`);
}

function notEmpty(shape: Shape<string>): Shape<string> {
  return {
    ...shape,
    constrain(value, path, report) {
      if (value !== '') shape.constrain(value, path, report);
      else report(quote(value), path, AT_LEAST_ONE);
    },
  };
}

function exceptArns(shape: Shape<string>): Shape<string> {
  return {
    ...shape,
    constrain(value, path, report) {
      if (!value.startsWith('arn:')) shape.constrain(value, path, report);
    },
  };
}
