/** ListExports. */
import { structure } from '../input/collections.ts';
import { integer, text } from '../input/scalars.ts';
import { defineOperation, tableNameOf } from '../service.ts';
import { summariseExport } from '../transfer/describe-transfer.ts';
import { pageOf } from '../transfer/page-token.ts';

const MAX_RESULTS = 25;

export const listExports = defineOperation({
  name: 'ListExports',
  input: structure('ListExportsInput', {
    TableArn: text({ minLength: 1, maxLength: 1024 }),
    MaxResults: integer({ min: 1, max: MAX_RESULTS }),
    NextToken: text(),
  }),
  run({ TableArn: arn, MaxResults: size = MAX_RESULTS, NextToken: token }, service) {
    const tableId = arn === undefined ? undefined : service.tables.find(tableNameOf(arn))?.record.id;
    // By table, those of the table that has the name now; a deleted table's are found by their own ARN only.
    const found = service.transfers.exports
      .list(service.clock.now())
      .filter((record) => arn === undefined || record.tableId === tableId);
    const { page, next } = pageOf(found, 'export', token, size);
    return {
      ExportSummaries: page.map(summariseExport),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});
