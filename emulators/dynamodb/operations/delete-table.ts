/** DeleteTable. */
import { resourceInUse, validationError } from '../errors.ts';
import { required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { defineOperation, type Service } from '../service.ts';
import { describeDeleted } from '../tables/describe-table.ts';
import { knownTable } from '../tables/existing-table.ts';
import type { Table } from '../tables/table.ts';

export const deleteTable = defineOperation({
  name: 'DeleteTable',
  input: structure('DeleteTableInput', { TableName: required(controlTableName) }),
  precheck: checkTableName,
  run(input, service) {
    const table = knownTable(service, input.TableName);
    if (table.record.deletionProtection)
      throw validationError(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    checkUnused(service, table);
    const description = describeDeleted(service, table);
    if (table.record.recovery) service.backups.keepDeleted(table);
    service.tables.remove(table);
    return { TableDescription: description };
  },
});

function checkUnused(service: Service, table: Table): void {
  const inUse = (reason: string) =>
    resourceInUse(`Attempt to change a resource which is still in use: ${reason}`);
  if (table.record.loading) throw inUse(`Table is being created: ${table.name}`);
  if (service.history.isCopied(table.record.id))
    throw inUse(`Table: ${table.name} is in the process of being updated.`);
  if (table.record.globalIndexes.some(({ backfilling }) => backfilling))
    throw inUse('Cannot delete table while indexes are being created, updated, or deleted');
}
