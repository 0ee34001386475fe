/** DescribeGlobalTable and DescribeGlobalTableSettings: no table is a global one. */
import { ServiceError } from '../../_wire/service-error.ts';
import { required, structure } from '../input/collections.ts';
import { indexName } from '../input/members.ts';
import { defineOperation } from '../service.ts';

const describing = (name: string) =>
  defineOperation({
    name,
    // A table's name is bound to the same limits as an index's.
    input: structure(`${name}Input`, { GlobalTableName: required(indexName) }),
    run({ GlobalTableName: tableName }) {
      throw new ServiceError(
        'GlobalTableNotFoundException',
        `Global table not found: Global table with name: '${tableName}' does not exist.`,
        { namespace: 'com.amazonaws.dynamodb.v20120810#' },
      );
    },
  });

export const describeGlobalTable = describing('DescribeGlobalTable');
export const describeGlobalTableSettings = describing('DescribeGlobalTableSettings');
