/** Kinesis streaming destinations of tables. */
import { validationError } from '../errors.ts';
import { required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { text } from '../input/scalars.ts';
import type { Service } from '../service.ts';
import type { Table } from '../tables/table.ts';
import type { KinesisDestination } from '../tables/table-record.ts';

export const destinationMembers = {
  TableName: required(controlTableName),
  StreamArn: required(text({ minLength: 37, maxLength: 1024 })),
};
export { checkTableName as checkDestinationTable };

export const destinationPrecision = (name: string) =>
  structure(name, {
    ApproximateCreationDateTimePrecision: text<'MILLISECOND' | 'MICROSECOND'>({
      oneOf: ['MILLISECOND', 'MICROSECOND'],
    }),
  });

/** The texts of enabling are the service's for every operation. */
export function invalidState(reason: string) {
  return validationError(`Table is not in a valid state to enable Kinesis Streaming Destination: ${reason}`);
}

export function activeDestination({ record }: Table): KinesisDestination | undefined {
  return record.kinesis?.find(({ status }) => status === 'ACTIVE');
}

/** Replaces the destination of the same stream. */
export function putDestination(service: Service, { record }: Table, destination: KinesisDestination): void {
  const others = record.kinesis?.filter(({ streamArn }) => streamArn !== destination.streamArn) ?? [];
  service.tables.update({ ...record, kinesis: [...others, destination] });
}
