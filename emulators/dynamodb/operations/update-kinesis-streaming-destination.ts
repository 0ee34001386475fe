/** UpdateKinesisStreamingDestination. */
import {
  activeDestination,
  checkDestinationTable,
  destinationMembers,
  destinationPrecision,
  invalidState,
  putDestination,
} from '../destinations/kinesis.ts';
import { validationError } from '../errors.ts';
import { structure } from '../input/collections.ts';
import { defineOperation } from '../service.ts';
import { existingTable } from '../tables/existing-table.ts';

const DEFAULT_PRECISION = 'MILLISECOND';

export const updateKinesisStreamingDestination = defineOperation({
  name: 'UpdateKinesisStreamingDestination',
  input: structure('UpdateKinesisStreamingDestinationInput', {
    ...destinationMembers,
    UpdateKinesisStreamingConfiguration: destinationPrecision('UpdateKinesisStreamingConfiguration'),
  }),
  precheck: checkDestinationTable,
  run({ TableName: name, StreamArn: streamArn, UpdateKinesisStreamingConfiguration: wished }, service) {
    const precision = wished?.ApproximateCreationDateTimePrecision;
    if (precision === undefined)
      throw validationError(
        'Streaming destination cannot be updated with given parameters: UpdateKinesisStreamingConfiguration cannot be null or contain only null values',
      );
    const table = existingTable(service, name);
    const active = activeDestination(table);
    if (active?.streamArn !== streamArn)
      throw invalidState(
        `No streaming destination with streamArn: ${streamArn} found for table with tableName: ${table.name}`,
      );
    if ((active.precision ?? DEFAULT_PRECISION) === precision)
      throw validationError(
        `Invalid Request: Precision is already set to the desired value of ${precision} for tableId: ${table.record.id}, kdsArn: ${streamArn}`,
      );
    putDestination(service, table, { ...active, precision });
    return {
      TableName: table.name,
      StreamArn: streamArn,
      DestinationStatus: 'UPDATING',
      UpdateKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: precision },
    };
  },
});
