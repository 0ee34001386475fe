/** Contributor insights of tables and their global indexes: accepted and shown. Not emulated: nothing is counted. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { resourceNotFound } from '../errors.ts';
import type { Service } from '../service.ts';
import type { Table } from '../tables/table.ts';
import type { ContributorInsights } from '../tables/table-record.ts';

/** The table itself among the names of its indexes. */
export const WHOLE_TABLE = '';

/** Throws for an index the table does not have; local ones have no insights of their own. */
export function checkInsightsIndex(table: Table, indexName: string | undefined): void {
  if (indexName === undefined || table.index(indexName)?.kind === 'global') return;
  throw resourceNotFound(
    `Requested resource not found: Index: ${indexName} not found for table: ${table.name}`,
  );
}

export function insightsNotice({ notice }: Pick<Service, 'notice'>, tableName: string): void {
  notice(`contributor insights of table ${tableName} are kept and shown, nothing is counted`);
}

export function insightsOf(
  { record }: Table,
  indexName: string = WHOLE_TABLE,
): ContributorInsights | undefined {
  const { insights } = record;
  return insights && Object.hasOwn(insights, indexName) ? insights[indexName] : undefined;
}

export function nameMembers({ name }: Table, indexName: string | undefined): JsonObject {
  return { TableName: name, ...(indexName !== undefined && { IndexName: indexName }) };
}
