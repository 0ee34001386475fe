/** SELECT: the reads of a statement, page by page. */
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import { validationError } from '../errors.ts';
import { pathsOf } from '../expressions/condition.ts';
import { attributeNameOf, type Path } from '../expressions/path.ts';
import type { ReturnConsumedCapacity } from '../input/members.ts';
import { readPage } from '../reading/page.ts';
import { indexNamed, makeSelection, type Selection } from '../reading/selection.ts';
import type { Service } from '../service.ts';
import { tableOf } from '../service.ts';
import { checkScalarKeys } from '../tables/check-paths.ts';
import type { Index, Table } from '../tables/table.ts';
import type { Item } from '../values/attribute-value.ts';
import { addReports, reportAs, unitsOf } from './capacity-report.ts';
import { type PageStart, printToken, readToken } from './next-token.ts';
import { orderReads } from './order-by.ts';
import { columnsOf } from './projected-columns.ts';
import { checkOneOfEach, planReads, type Read } from './read-plan.ts';
import type { Select } from './statement.ts';

export interface SelectRequest {
  readonly select: Select;
  /** Of the statement and its parameters. */
  readonly digest: string;
  readonly nextToken: string | undefined;
  readonly limit: number | undefined;
  readonly consistent: boolean;
  readonly capacity: ReturnConsumedCapacity | undefined;
}

const MAX_PAGE_BYTES = 1024 * 1024;
const UNIT_BYTES = 4096;
/** A page of a statement that takes many reads has this many of them. */
const MAX_READS_OF_PAGE = 10;

export function runSelect(service: Service, request: SelectRequest): JsonObject {
  const { select, digest, nextToken, consistent } = request;
  const table = tableOf(service, select.source.table);
  const index = sourceIndex(table, select.source.index);
  if (index?.kind === 'global' && consistent)
    throw validationError('Strongly consistent read is not supported on Global Secondary Indexes');
  const { where, columns } = select;
  const selection = selectionOf(index, columns);
  checkScalarKeys(table, [...(where ? pathsOf(where) : []), ...(columns ?? [])]);
  const { key } = index ?? table;
  const { reads, reverse } = orderReads(planReads(table, index, where), select, key);
  const start = nextToken === undefined ? undefined : readToken(nextToken, digest);
  return readReads(service, { ...request, table, index, selection, reads, reverse, start });
}

interface ReadsRequest extends SelectRequest {
  readonly table: Table;
  readonly index: Index | undefined;
  readonly selection: Selection;
  readonly reads: readonly Read[];
  readonly reverse: boolean;
  readonly start: PageStart | undefined;
}

function readReads(service: Service, request: ReadsRequest): JsonObject {
  const { table, index, selection, reads, reverse, start, limit, digest } = request;
  const { consistent, capacity } = request;
  const items: (readonly JsonValue[])[] = [];
  const reports: JsonObject[] = [];
  const first = start?.read ?? 0;
  let left = limit ?? Number.POSITIVE_INFINITY;
  let end: PageStart | undefined;
  let lastKey: JsonObject | undefined;
  for (const [offset, { bounds, filter }] of reads.slice(first).entries()) {
    const page = readPage(service, {
      table,
      index,
      bounds,
      start: offset === 0 ? start?.key : undefined,
      reverse,
      limit: left,
      filter,
      selection,
      consistent,
      capacity: 'INDEXES',
    });
    items.push(page.Items as JsonValue[]);
    reports.push(page.ConsumedCapacity as JsonObject);
    left -= Number(page.ScannedCount);
    lastKey = page.LastEvaluatedKey as JsonObject | undefined;
    const next = first + offset + 1;
    if (lastKey) end = { read: next - 1, key: lastKey as Item };
    else if (next < reads.length && isFull(reports, consistent)) end = { read: next, key: undefined };
    if (end) break;
  }
  return {
    Items: items.flat(),
    ...(end && { NextToken: printToken(end, digest) }),
    ...(lastKey && { LastEvaluatedKey: lastKey }),
    ...reportAs(capacity, addReports(table.name, reports)),
  };
}

/** The size is known from what was consumed, which is rounded up for each read. */
function isFull(reports: readonly JsonObject[], consistent: boolean): boolean {
  const units = reports.reduce((sum, report) => sum + unitsOf(report), 0);
  const bytes = (units - reports.length) * UNIT_BYTES * (consistent ? 1 : 2);
  return reports.length >= MAX_READS_OF_PAGE || bytes >= MAX_PAGE_BYTES;
}

/** Unlike Query, this does not say which index. */
function sourceIndex(table: Table, name: string | undefined): Index | undefined {
  if (name === undefined) return undefined;
  const index = table.index(name);
  if (!index) throw validationError('The table does not have the specified index');
  checkOneOfEach(index);
  return indexNamed(table, name);
}

function selectionOf(index: Index | undefined, columns: readonly Path[] | undefined): Selection {
  const names = columns?.map((path) => [attributeNameOf(path)]);
  const selection = makeSelection(index, undefined, names);
  return columns ? { ...selection, project: columnsOf(columns) } : selection;
}
