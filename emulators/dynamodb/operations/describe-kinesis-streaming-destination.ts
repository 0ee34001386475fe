/** DescribeKinesisStreamingDestination. */
import { required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { defineOperation } from '../service.ts';
import { existingTable } from '../tables/existing-table.ts';

export const describeKinesisStreamingDestination = defineOperation({
  name: 'DescribeKinesisStreamingDestination',
  input: structure('DescribeKinesisStreamingDestinationInput', { TableName: required(controlTableName) }),
  precheck: checkTableName,
  run({ TableName: name }, service) {
    const table = existingTable(service, name);
    return {
      TableName: table.name,
      KinesisDataStreamDestinations: (table.record.kinesis ?? []).map(({ streamArn, status, precision }) => ({
        StreamArn: streamArn,
        DestinationStatus: status,
        ...(precision !== undefined && { ApproximateCreationDateTimePrecision: precision }),
      })),
    };
  },
});
