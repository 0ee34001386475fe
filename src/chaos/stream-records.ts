/** The records of streams by themselves, and what of them an event of a function or a pipe holds. */
import type { StreamedRecord, StreamName } from '../model/faults.ts';
import type { Names } from './names.ts';

export type KnownRecord = Omit<StreamedRecord, 'origin'> & {
  /** `3/clicks`, or of a table `orders{"id":"7"}#2`: the second change of this item. */
  readonly name: string;
};

export interface StreamRecords {
  /** The record, made known where it was not. */
  know(record: StreamedRecord): KnownRecord;
  find(of: StreamName, shardId: string, sequenceNumber: string): KnownRecord | undefined;
}

export function makeStreamRecords(names: Names): StreamRecords {
  const known = new Map<string, KnownRecord>();
  const nameOf = ({ of, key, origin }: StreamedRecord) =>
    of.kind === 'stream'
      ? names.next(origin, of.name)
      : `${of.name}${plainKeys(key)}#${names.count(`change ${of.name}${key}`)}`;
  return {
    know(record) {
      const id = idOf(record.of, record.shardId, record.sequenceNumber);
      const found = known.get(id);
      if (found) return found;
      const { origin: _, ...others } = record;
      const made = { ...others, name: nameOf(record) };
      known.set(id, made);
      return made;
    },
    find: (of, shardId, sequenceNumber) => known.get(idOf(of, shardId, sequenceNumber)),
  };
}

/** All changes of a table are in one order, whatever shard they are shown in. */
function idOf({ kind, name }: StreamName, shardId: string, sequenceNumber: string): string {
  return `${kind} ${name} ${kind === 'stream' ? shardId : ''} ${sequenceNumber}`;
}

interface ToldRecord {
  readonly eventID?: string;
  readonly dynamodb?: { readonly Keys?: Record<string, unknown>; readonly SequenceNumber?: string };
  readonly kinesis?: { readonly partitionKey?: string; readonly sequenceNumber?: string };
}

/** In the order of the event. */
export function recordsIn(event: string, of: StreamName): readonly StreamedRecord[] {
  const { Records: records = [] } = JSON.parse(event) as { Records?: ToldRecord[] };
  return records.map(({ eventID = '', dynamodb, kinesis }) =>
    of.kind === 'stream'
      ? {
          of,
          sequenceNumber: kinesis?.sequenceNumber ?? '',
          shardId: eventID.slice(0, Math.max(0, eventID.lastIndexOf(':'))),
          key: kinesis?.partitionKey ?? '',
        }
      : {
          of,
          sequenceNumber: dynamodb?.SequenceNumber ?? '',
          shardId: '',
          key: JSON.stringify(dynamodb?.Keys ?? {}),
        },
  );
}

/** `{"id":"7"}`: without the types. */
function plainKeys(key: string): string {
  const typed = JSON.parse(key) as Record<string, Record<string, unknown>>;
  const plain = Object.entries(typed).map(([name, value]) => [name, Object.values(value)[0]]);
  return JSON.stringify(Object.fromEntries(plain));
}
