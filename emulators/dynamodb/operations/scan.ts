/** Scan, in parallel segments where asked. */
import { validationError } from '../errors.ts';
import { type Condition, pathsOf } from '../expressions/condition.ts';
import type { Path } from '../expressions/path.ts';
import { readPlaceholders } from '../expressions/placeholders.ts';
import { attributeMap } from '../input/attribute-shapes.ts';
import { required, structure } from '../input/collections.ts';
import { checkParameters } from '../input/expression-parameters.ts';
import {
  attributesToGet,
  checkAttributesToGet,
  conditionalOperator,
  conditions,
  expressionAttributeNames,
  expressionAttributeValues,
  indexName,
  returnConsumedCapacity,
  tableName,
} from '../input/members.ts';
import { boolean, integer, text } from '../input/scalars.ts';
import type { TypeOf } from '../input/shape.ts';
import { type KeyBounds, segmentBounds } from '../keys/layout.ts';
import { lowerConditions, readConditions } from '../legacy/conditions.ts';
import { answerPage } from '../reading/page.ts';
import { readFilter, readProjection } from '../reading/read-parameters.ts';
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
  invalidStart,
  readStartKey,
} from '../reading/start-key.ts';
import { defineOperation, tableOf } from '../service.ts';
import { checkKey } from '../tables/check-keys.ts';
import { checkScalarKeys } from '../tables/check-paths.ts';
import type { Index, Table } from '../tables/table.ts';
import type { Item } from '../values/attribute-value.ts';

const input = structure('ScanInput', {
  Select: text<Select>({
    oneOf: ['SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'],
  }),
  ReturnConsumedCapacity: returnConsumedCapacity,
  IndexName: indexName,
  TotalSegments: integer({ min: 1, max: 1000000 }),
  TableName: required(tableName),
  ConditionalOperator: conditionalOperator,
  Segment: integer({ min: 0, max: 999999 }),
  Limit: integer({ min: 1 }),
  ScanFilter: conditions,
  ConsistentRead: boolean,
  AttributesToGet: attributesToGet,
  ExclusiveStartKey: attributeMap,
  FilterExpression: text(),
  ProjectionExpression: text(),
  ExpressionAttributeNames: expressionAttributeNames,
  ExpressionAttributeValues: expressionAttributeValues,
});
type ScanInput = TypeOf<typeof input>;

interface ReadScan {
  readonly start: Item | undefined;
  readonly filter: Condition | undefined;
  readonly projection: readonly Path[] | undefined;
}

export const scan = defineOperation({
  name: 'Scan',
  input,
  run(request, service) {
    const { start, filter, projection } = readScan(request);
    const table = tableOf(service, request.TableName);
    const index = indexNamed(table, request.IndexName);
    if (index?.kind === 'global' && request.ConsistentRead)
      throw validationError('Consistent reads are not supported on global secondary indexes');
    const bounds = segmentBounds(request.Segment ?? 0, request.TotalSegments ?? 1);
    if (start && index) checkStartIndexKey(table, index, start);
    checkAllAttributes(index, request.Select);
    if (start) checkStart(table, index, start);
    if (start && request.TotalSegments !== undefined) checkSegment(request, table, index, bounds, start);
    checkScalarKeys(table, [...(filter ? pathsOf(filter) : []), ...(projection ?? [])]);
    return answerPage(service, {
      table,
      index,
      bounds,
      start,
      reverse: false,
      limit: request.Limit ?? Number.POSITIVE_INFINITY,
      filter,
      selection: makeSelection(index, request.Select, projection),
      consistent: request.ConsistentRead === true,
      capacity: request.ReturnConsumedCapacity,
    });
  },
});

function readScan(request: ScanInput): ReadScan {
  checkParameters(
    { ...request },
    {
      legacy: ['AttributesToGet', 'ScanFilter', 'ConditionalOperator'],
      expressions: ['ProjectionExpression', 'FilterExpression'],
      withValues: ['FilterExpression'],
    },
  );
  checkAttributesToGet(request.AttributesToGet);
  const legacyFilter = request.ScanFilter && readConditions(request.ScanFilter);
  const start = readStartKey(request.ExclusiveStartKey);
  checkSegments(request);
  const placeholders = readPlaceholders(request);
  const filter =
    readFilter(request.FilterExpression, placeholders) ??
    (legacyFilter && lowerConditions(legacyFilter, request.ConditionalOperator));
  const projection = readProjection(request, placeholders);
  placeholders.assertAllUsed();
  checkSelect(request);
  return { start, filter, projection };
}

function checkSegments({ Segment: segment, TotalSegments: total }: ScanInput): void {
  if (segment !== undefined && total === undefined)
    throw validationError(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  if (total !== undefined && segment === undefined)
    throw validationError(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  if (segment !== undefined && total !== undefined && segment >= total)
    throw validationError(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
}

function checkStartIndexKey(table: Table, index: Index, start: Item): void {
  checkStartHash(table, index, start);
  checkStartRange(table, index, start);
}

/** Without an index the service says whatever is wrong in one way. */
function checkStart(table: Table, index: Index | undefined, start: Item): void {
  if (!index && Object.keys(start).length !== table.keyNames.length)
    throw invalidStart(': The provided key element does not match the schema');
  checkStartTableKey(table, start);
  if (!index) checkKey(table, start);
}

function checkSegment(
  { Segment: segment, TotalSegments: total }: ScanInput,
  table: Table,
  index: Index | undefined,
  { from, to }: KeyBounds,
  start: Item,
): void {
  const key = (index ?? table).layout.keyOf(start);
  if (Buffer.compare(key, from) >= 0 && (!to || Buffer.compare(key, to) < 0)) return;
  throw invalidStart(
    ': Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. ' +
      `TotalSegments: ${total} Segment: ${segment}`,
  );
}
