/** DeleteTable. */
import { validationError } from '../errors.ts';
import { required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { defineOperation } from '../service.ts';
import { describeTable } from '../tables/describe-table.ts';
import { existingTable } from '../tables/existing-table.ts';

export const deleteTable = defineOperation({
  name: 'DeleteTable',
  input: structure('DeleteTableInput', { TableName: required(controlTableName) }),
  precheck: checkTableName,
  run(input, service) {
    const table = existingTable(service, input.TableName);
    if (table.record.deletionProtection)
      throw validationError(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    const description = describeTable(service, table, 'DELETING');
    service.tables.remove(table);
    return { TableDescription: description };
  },
});
