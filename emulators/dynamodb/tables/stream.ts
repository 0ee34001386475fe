/** The stream of a table, as far as its definition goes. Not emulated yet: reading it. */
import { invalidParameter } from '../errors.ts';
import type { Service } from '../service.ts';
import type { StreamView, TableRecord } from './table-record.ts';
import type { StreamSpecificationInput } from './table-shapes.ts';

/** Undefined: no stream. */
export function makeStream(
  service: Service,
  tableName: string,
  specification: StreamSpecificationInput | undefined,
): TableRecord['stream'] {
  if (!specification) return undefined;
  const { StreamEnabled: enabled, StreamViewType: view } = specification;
  if (!enabled) {
    if (view)
      throw invalidParameter(
        'Table is being created or updated with stream disabled, but StreamViewType is set',
      );
    return undefined;
  }
  if (!view) throw invalidParameter('StreamViewType is required when StreamEnabled is true');
  service.notice(
    `table ${tableName} asks for a stream; streams are not emulated yet, its records go nowhere`,
  );
  return newStream(service, view);
}

export function newStream(service: Pick<Service, 'clock'>, view: StreamView) {
  return { view, label: new Date(service.clock.now()).toISOString().replace('Z', '') };
}
