/** DisableKinesisStreamingDestination. */
import {
  activeDestination,
  checkDestinationTable,
  destinationMembers,
  invalidState,
  putDestination,
} from '../destinations/kinesis.ts';
import { structure } from '../input/collections.ts';
import { defineOperation } from '../service.ts';
import { existingTable } from '../tables/existing-table.ts';

export const disableKinesisStreamingDestination = defineOperation({
  name: 'DisableKinesisStreamingDestination',
  input: structure('KinesisStreamingDestinationInput', destinationMembers),
  precheck: checkDestinationTable,
  run({ TableName: name, StreamArn: streamArn }, service) {
    const table = existingTable(service, name);
    const active = activeDestination(table);
    if (active?.streamArn !== streamArn)
      throw invalidState('KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.');
    putDestination(service, table, { ...active, status: 'DISABLED' });
    return { TableName: table.name, StreamArn: streamArn, DestinationStatus: 'DISABLING' };
  },
});
