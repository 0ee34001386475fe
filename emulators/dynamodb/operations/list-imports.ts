/** ListImports. */
import { structure } from '../input/collections.ts';
import { integer, text } from '../input/scalars.ts';
import { defineOperation } from '../service.ts';
import { summariseImport } from '../transfer/describe-transfer.ts';
import { pageOf } from '../transfer/page-token.ts';

const MAX_RESULTS = 25;

export const listImports = defineOperation({
  name: 'ListImports',
  input: structure('ListImportsInput', {
    TableArn: text({ minLength: 1, maxLength: 1024 }),
    PageSize: integer({ min: 1, max: MAX_RESULTS }),
    NextToken: text({ pattern: '([0-9a-f]{16})+', minLength: 112, maxLength: 1024 }),
  }),
  run({ TableArn: arn, PageSize: size = MAX_RESULTS, NextToken: token }, service) {
    const found = service.transfers.imports
      .list(service.clock.now())
      .filter((record) => arn === undefined || record.tableArn === arn);
    const { page, next } = pageOf(found, 'import', token, size);
    return {
      ImportSummaryList: page.map(summariseImport),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});
