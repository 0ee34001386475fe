/** Event source mappings are the queue, table and stream triggers of the session. */
import type { QueueTrigger, StreamTrigger, TableStreamTrigger, Trigger } from '../../../src/model/project.ts';
import { mappingUuid } from '../../_streams/mapping-id.ts';

export type MappingTrigger = QueueTrigger | TableStreamTrigger | StreamTrigger;

type Unbound<T> = T extends unknown ? Omit<T, 'functionId' | 'mappingId' | 'place'> : never;

/** A trigger that is not yet of a function. */
export type MappingSource = Unbound<MappingTrigger>;

export function isMapping(trigger: Trigger): trigger is MappingTrigger {
  return trigger.kind === 'queue' || trigger.kind === 'table-stream' || trigger.kind === 'stream';
}

export function sourceArn(source: MappingSource): string {
  return source.kind === 'queue' ? source.queueArn : source.streamArn;
}

/** UUID; those of the project's triggers are the same in every session. */
export function mappingIdOf(trigger: MappingTrigger): string {
  return mappingUuid(trigger, sourceArn(trigger));
}
