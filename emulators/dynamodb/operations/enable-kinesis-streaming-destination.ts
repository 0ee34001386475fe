/** EnableKinesisStreamingDestination. */
import {
  activeDestination,
  checkDestinationTable,
  destinationMembers,
  destinationPrecision,
  invalidState,
  putDestination,
} from '../destinations/kinesis.ts';
import { structure } from '../input/collections.ts';
import { defineOperation } from '../service.ts';
import { existingTable } from '../tables/existing-table.ts';

export const enableKinesisStreamingDestination = defineOperation({
  name: 'EnableKinesisStreamingDestination',
  input: structure('KinesisStreamingDestinationInput', {
    ...destinationMembers,
    EnableKinesisStreamingConfiguration: destinationPrecision('EnableKinesisStreamingConfiguration'),
  }),
  precheck: checkDestinationTable,
  run({ TableName: name, StreamArn: streamArn, EnableKinesisStreamingConfiguration: wished }, service) {
    const table = existingTable(service, name);
    if (activeDestination(table))
      throw invalidState(
        'KinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation.',
      );
    const precision = wished?.ApproximateCreationDateTimePrecision;
    putDestination(service, table, {
      streamArn,
      status: 'ACTIVE',
      ...(precision !== undefined && { precision }),
    });
    return {
      TableName: table.name,
      StreamArn: streamArn,
      DestinationStatus: 'ENABLING',
      EnableKinesisStreamingConfiguration: { ...wished },
    };
  },
});
