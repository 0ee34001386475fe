/** The stream of a table, as far as the table's definition and description go. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { invalidParameter, validationError } from '../errors.ts';
import type { Service } from '../service.ts';
import type { Table } from './table.ts';
import type { StreamView, TableRecord } from './table-record.ts';
import type { StreamSpecificationInput } from './table-shapes.ts';

type StreamMembers = Pick<TableRecord, 'stream' | 'latestStreamLabel'>;

/** What CreateTable makes of the specification. */
export function createdStream(
  service: Service,
  tableName: string,
  specification: StreamSpecificationInput | undefined,
): StreamMembers {
  if (!specification) return {};
  const { StreamEnabled: enabled, StreamViewType: view } = specification;
  if (enabled && !view)
    throw invalidParameter('Table is being created with a stream enabled, UpdateViewType is required');
  if (!enabled && view)
    throw invalidParameter(
      'Table is being created with a stream disabled, UpdateViewType should not be specified',
    );
  return streamWithView(service, tableName, {}, view);
}

/** What UpdateTable makes of the specification. */
export function updatedStream(
  service: Service,
  record: TableRecord,
  specification: StreamSpecificationInput | undefined,
): StreamMembers {
  if (!specification) return streamWithView(service, record.name, record, record.stream?.view);
  const { StreamEnabled: enabled, StreamViewType: view } = specification;
  if (enabled && record.stream)
    throw validationError(`Table already has an enabled stream: TableName: ${record.name}`);
  if (!enabled && !record.stream)
    throw validationError(`Table has no stream to disable: TableName: ${record.name}`);
  return streamWithView(service, record.name, record, view);
}

/** What UpdateTable finds wrong with the specification whatever the table is like. */
export function checkStreamUpdate({
  StreamEnabled: enabled,
  StreamViewType: view,
}: StreamSpecificationInput): void {
  if (enabled && !view) throw invalidParameter('If stream is being enabled then UpdateViewType is required');
  if (!enabled && view)
    throw invalidParameter('If stream is being disabled, then UpdateViewType must not be specified');
}

/** The members that say so when the table shall have a stream of that view, or none. A stream keeps its label while its view stays. */
export function streamWithView(
  service: Pick<Service, 'streams'>,
  tableName: string,
  present: StreamMembers,
  view: StreamView | undefined,
): StreamMembers {
  if (view === undefined) {
    const label = present.stream?.label ?? present.latestStreamLabel;
    return label === undefined ? {} : { latestStreamLabel: label };
  }
  if (present.stream?.view === view) return { stream: present.stream };
  return { stream: { view, label: service.streams.freshLabel(tableName) } };
}

/** The table's ARN is the beginning of its stream's. */
export function describeStream({ streams }: Pick<Service, 'streams'>, { record }: Table): JsonObject {
  const { stream, latestStreamLabel, name: tableName } = record;
  const label = stream?.label ?? latestStreamLabel;
  if (label === undefined) return {};
  return {
    ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.view } }),
    LatestStreamLabel: label,
    LatestStreamArn: streams.arnOf({ tableName, label }),
  };
}
