/** Query. */

import { namesOf } from '../../../src/std/key-names.ts';
import { enveloped, validationError } from '../errors.ts';
import { type Condition, pathsOf } from '../expressions/condition.ts';
import { attributeNameOf, type Path } from '../expressions/path.ts';
import { readPlaceholders } from '../expressions/placeholders.ts';
import { attributeMap } from '../input/attribute-shapes.ts';
import { required, structure } from '../input/collections.ts';
import { checkParameters } from '../input/expression-parameters.ts';
import {
  attributesToGet,
  checkAttributesToGet,
  conditions,
  expressionAttributeNames,
  expressionAttributeValues,
  indexName,
  queryConditionalOperator,
  returnConsumedCapacity,
  tableName,
} from '../input/members.ts';
import { boolean, integer, text } from '../input/scalars.ts';
import { reworded, type TypeOf } from '../input/shape.ts';
import { lowerConditions, readConditions } from '../legacy/conditions.ts';
import { type KeyPart, readKeyConditions, readKeyExpression } from '../reading/key-condition.ts';
import { checkHashNamed, mostParts, toKeyQuery } from '../reading/key-query.ts';
import { answerPage } from '../reading/page.ts';
import { readFilter, readKeyCondition, readProjection } from '../reading/read-parameters.ts';
import {
  checkAllAttributes,
  checkSelect,
  indexNamed,
  makeSelection,
  type Select,
} from '../reading/selection.ts';
import {
  checkStartHash,
  checkStartRange,
  checkStartTableKey,
  checkStartWithin,
  findsOneAtMost,
  readStartKey,
} from '../reading/start-key.ts';
import { defineOperation, tableOf } from '../service.ts';
import { checkScalarKeys } from '../tables/check-paths.ts';
import type { Item } from '../values/attribute-value.ts';

const input = structure('QueryInput', {
  Select: text<Select>({
    oneOf: ['SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'],
  }),
  IndexName: indexName,
  ReturnConsumedCapacity: returnConsumedCapacity,
  QueryFilter: conditions,
  TableName: required(tableName),
  ConditionalOperator: queryConditionalOperator,
  AttributesToGet: attributesToGet,
  Limit: reworded(integer({ min: 1 }), (constraint) => ({
    alone: enveloped(`Value at 'Limit' failed to satisfy constraint: ${constraint}`),
  })),
  KeyConditions: conditions,
  ConsistentRead: boolean,
  ScanIndexForward: boolean,
  ExclusiveStartKey: attributeMap,
  KeyConditionExpression: text(),
  FilterExpression: text(),
  ProjectionExpression: text(),
  ExpressionAttributeNames: expressionAttributeNames,
  ExpressionAttributeValues: expressionAttributeValues,
});
type QueryInput = TypeOf<typeof input>;

interface ReadQuery {
  readonly start: Item | undefined;
  readonly parts: readonly KeyPart[];
  readonly filter: Condition | undefined;
  /** How the messages call the filter. */
  readonly filterName: string;
  readonly projection: readonly Path[] | undefined;
}

export const query = defineOperation({
  name: 'Query',
  layer: 'newer',
  input,
  run(request, service) {
    const read = readQuery(request);
    const { start, parts, filter } = read;
    const table = tableOf(service, request.TableName);
    const index = indexNamed(table, request.IndexName);
    const { key } = index ?? table;
    if (index?.kind === 'global' && request.ConsistentRead)
      throw validationError('Consistent reads are not supported on global secondary indexes');
    if (start) checkStartHash(table, index, start);
    checkHashNamed(parts, key);
    if (start) checkStartRange(table, index, start);
    if (start && index) checkStartTableKey(table, start);
    const keyQuery = toKeyQuery(table, key, parts);
    if (start) checkStartWithin(table, index, keyQuery, start);
    const filterPaths = filter ? pathsOf(filter) : [];
    const filteredKey = filterPaths.map(attributeNameOf).find((name) => namesOf(key).includes(name));
    if (filteredKey !== undefined)
      throw validationError(
        `${read.filterName} can only contain non-primary key attributes: Primary key attribute: ${filteredKey}`,
      );
    checkAllAttributes(index, request.Select);
    checkScalarKeys(table, [...filterPaths, ...(read.projection ?? [])]);
    return answerPage(service, {
      table,
      index,
      bounds: (index ?? table).layout.bounds(keyQuery.hash, keyQuery.range, keyQuery.further),
      start,
      reverse: request.ScanIndexForward === false,
      // A page that is the last, full or not, must not end with a key to go on from: going on would be refused.
      limit: findsOneAtMost(table, index, keyQuery)
        ? Number.POSITIVE_INFINITY
        : (request.Limit ?? Number.POSITIVE_INFINITY),
      filter,
      selection: makeSelection(index, request.Select, read.projection),
      consistent: request.ConsistentRead === true,
      capacity: request.ReturnConsumedCapacity,
    });
  },
});

/** Everything that can be said about the request without its table, in the service's order. */
function readQuery(request: QueryInput): ReadQuery {
  checkMix(request);
  const legacyFilter = request.QueryFilter && readConditions(request.QueryFilter);
  checkAttributesToGet(request.AttributesToGet);
  const start = readStartKey(request.ExclusiveStartKey);
  const legacyKeys = request.KeyConditions && readConditions(request.KeyConditions);
  const legacyParts = legacyKeys && readKeyConditions(legacyKeys, mostParts(request.IndexName));
  const placeholders = readPlaceholders(request);
  const keyCondition = readKeyCondition(request.KeyConditionExpression, placeholders);
  const filter =
    readFilter(request.FilterExpression, placeholders) ??
    (legacyFilter && lowerConditions(legacyFilter, request.ConditionalOperator));
  const projection = readProjection(request, placeholders);
  placeholders.assertAllUsed();
  const parts = keyCondition ? readKeyExpression(keyCondition) : legacyParts;
  if (!parts)
    throw validationError(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  checkSelect(request);
  const filterName = legacyFilter ? 'QueryFilter' : 'Filter Expression';
  return { start, parts, filter, filterName, projection };
}

/** KeyConditions go with the newer filter and projection, but not with the newer key condition. */
function checkMix(request: QueryInput): void {
  const legacy = ['AttributesToGet', 'QueryFilter', 'ConditionalOperator'];
  checkParameters(
    { ...request },
    {
      legacy: request.KeyConditionExpression === undefined ? legacy : [...legacy, 'KeyConditions'],
      expressions: ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'],
      withValues: ['FilterExpression', 'KeyConditionExpression'],
    },
  );
}
