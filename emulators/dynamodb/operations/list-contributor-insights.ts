/** ListContributorInsights. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { structure } from '../input/collections.ts';
import { controlTableName } from '../input/members.ts';
import { integer, text } from '../input/scalars.ts';
import { WHOLE_TABLE } from '../insights/contributor-insights.ts';
import { defineOperation, type Service } from '../service.ts';
import { existingTable } from '../tables/existing-table.ts';
import type { Table } from '../tables/table.ts';

const MAX_RESULTS = 100;

export const listContributorInsights = defineOperation({
  name: 'ListContributorInsights',
  input: structure('ListContributorInsightsInput', {
    TableName: controlTableName,
    NextToken: text(),
    MaxResults: integer({ max: MAX_RESULTS }),
  }),
  run({ TableName: name, NextToken: token, MaxResults: size = MAX_RESULTS }, service) {
    const tables = name === undefined ? allTables(service) : [existingTable(service, name)];
    const found = tables.flatMap(summariesOf);
    const start = token === undefined ? 0 : Number.parseInt(token, 10) || 0;
    const page = found.slice(start, start + size);
    const isLast = start + page.length >= found.length;
    return {
      ContributorInsightsSummaries: page,
      ...(!isLast && { NextToken: String(start + page.length) }),
    };
  },
});

function allTables(service: Service): readonly Table[] {
  return service.tables.names().flatMap((name) => service.tables.find(name) ?? []);
}

/** The table first, then its indexes; disabled ones are left out. */
function summariesOf({ name, record }: Table): JsonObject[] {
  return Object.entries(record.insights ?? {})
    .filter(([, { isEnabled }]) => isEnabled)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([index, { mode }]) => ({
      TableName: name,
      ...(index !== WHOLE_TABLE && { IndexName: index }),
      ContributorInsightsStatus: 'ENABLED',
      ContributorInsightsMode: mode,
    }));
}
