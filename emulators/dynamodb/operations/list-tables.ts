/** ListTables. */
import { structure } from '../input/collections.ts';
import { indexName } from '../input/members.ts';
import { integer } from '../input/scalars.ts';
import { defineOperation } from '../service.ts';

const MAX_TABLES = 100;

export const listTables = defineOperation({
  name: 'ListTables',
  input: structure('ListTablesInput', {
    // A table's name is bound to the same limits as an index's.
    ExclusiveStartTableName: indexName,
    Limit: integer({ min: 1, max: MAX_TABLES }),
  }),
  run({ ExclusiveStartTableName: start, Limit: limit = MAX_TABLES }, service) {
    const names = service.tables.names().filter((name) => start === undefined || name > start);
    const page = names.slice(0, limit);
    const last = names.length > page.length ? page.at(-1) : undefined;
    return { TableNames: page, ...(last !== undefined && { LastEvaluatedTableName: last }) };
  },
});
