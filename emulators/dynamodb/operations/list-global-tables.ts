/** ListGlobalTables: there is one region, so there are none. */
import { structure } from '../input/collections.ts';
import { indexName } from '../input/members.ts';
import { integer, text } from '../input/scalars.ts';
import { defineOperation } from '../service.ts';

export const listGlobalTables = defineOperation({
  name: 'ListGlobalTables',
  input: structure('ListGlobalTablesInput', {
    // A table's name is bound to the same limits as an index's.
    ExclusiveStartGlobalTableName: indexName,
    Limit: integer({ min: 1 }),
    RegionName: text(),
  }),
  run: () => ({ GlobalTables: [] }),
});
