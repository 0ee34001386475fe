/** Archives: what came over a bus, kept to be replayed. */
import type { Clock, Store } from '../../../src/model/platform.ts';
import type { Clause } from '../../../src/std/patterns/condition.ts';
import { accepts } from '../../../src/std/patterns/matcher.ts';
import { parsePattern } from '../../../src/std/patterns/parse-pattern.ts';
import { busNameIn } from '../arns.ts';
import type { Bus } from '../buses.ts';
import { notFound } from '../errors.ts';
import type { BusEvent } from '../event.ts';

export interface ArchiveRecord {
  readonly name: string;
  readonly arn: string;
  /** Of its bus. */
  readonly busArn: string;
  readonly pattern?: string;
  readonly description?: string;
  readonly kmsKey?: string;
  /** 0 = for good. */
  readonly retentionDays: number;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Events and bytes in it. */
  readonly events: number;
  readonly bytes: number;
  /** What the project file last said of it, as JSON. */
  readonly declared?: string;
}

export interface ArchivedEvent {
  /** What comes after it. */
  readonly next: ArchivePosition;
  /** Epoch ms. */
  readonly time: number;
  readonly text: string;
}

/** Of an event in its archive: its time, and a number of its own. */
export type ArchivePosition = readonly [time: number, number: number];

export interface Archives {
  all(): readonly ArchiveRecord[];
  find(name: string): ArchiveRecord | undefined;
  /** Throws the service's error. */
  get(name: string): ArchiveRecord;
  save(record: ArchiveRecord): void;
  remove(name: string): void;
  /** Keeps the event where an archive of the bus wants it. Within a transaction. */
  keep(bus: Bus, event: BusEvent): void;
  /** In order, from a position on, up to a time (exclusive). */
  read(name: string, from: ArchivePosition, until: number, limit: number): readonly ArchivedEvent[];
  reload(): void;
}

const DAY_MS = 24 * 60 * 60_000;
/** Old events removed with each new one. */
const FORGET_STEP = 4;

interface Held {
  readonly record: ArchiveRecord;
  readonly clauses?: readonly Clause[];
}

export function openArchives(store: Store, clock: Clock): Archives {
  const records = store.map<ArchiveRecord>('events:archives');
  /** [archive, time, number] → JSON text. */
  const archived = store.map<string>('events:archived', { values: 'string' });
  const counts = store.map<number>('events:counts');
  /** By the name of their bus: a bus without archives costs nothing. */
  let byBus = new Map<string, Map<string, Held>>();

  const hold = (record: ArchiveRecord) => {
    const bus = busNameIn(record.busArn);
    const held = byBus.get(bus) ?? new Map<string, Held>();
    byBus.set(bus, held);
    const { pattern } = record;
    held.set(record.name, { record, ...(pattern !== undefined && { clauses: parsePattern(pattern) }) });
  };

  const load = () => {
    byBus = new Map();
    for (const { value } of records.range()) hold(value);
  };
  load();

  const save = (record: ArchiveRecord) => {
    records.put(record.name, record);
    hold(record);
  };

  /** How much of what is too old went. */
  const forget = ({ name, retentionDays }: ArchiveRecord, limit: number) => {
    if (retentionDays === 0) return { events: 0, bytes: 0 };
    const before = Math.floor(clock.now()) - retentionDays * DAY_MS;
    const old = [...archived.range({ from: [name], to: [name, before], limit })];
    for (const { key } of old) archived.remove(key);
    return { events: old.length, bytes: old.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0) };
  };

  const add = (record: ArchiveRecord, event: BusEvent) => {
    const number = (counts.get('archived') ?? 0) + 1;
    counts.put('archived', number);
    archived.put([record.name, timeOf(event), number], event.text);
    const gone = forget(record, FORGET_STEP);
    const events = record.events + 1 - gone.events;
    const bytes = record.bytes + Buffer.byteLength(event.text) - gone.bytes;
    const next = { ...record, events, bytes };
    records.put(record.name, next);
    const held = byBus.get(busNameIn(record.busArn));
    const known = held?.get(record.name);
    if (held && known) held.set(record.name, { ...known, record: next });
  };

  const find = (name: string) => records.get(name);
  return {
    all: () => [...records.range()].map(({ value }) => value),
    find,
    get(name) {
      const record = find(name);
      if (!record) throw notFound(`Archive ${name}`);
      return record;
    },
    save,
    remove(name) {
      const record = find(name);
      if (!record) return;
      store.write(() => {
        for (const key of [...archived.keys({ from: [name], to: [name, Number.MAX_SAFE_INTEGER] })])
          archived.remove(key);
        records.remove(name);
      });
      byBus.get(busNameIn(record.busArn))?.delete(name);
    },
    keep({ record: bus }, event) {
      // What is replayed is in its archive already.
      if (event.json['replay-name'] !== undefined) return;
      for (const { record, clauses } of byBus.get(bus.name)?.values() ?? [])
        if (!clauses || accepts(clauses, event.json)) add(record, event);
    },
    read(name, from, until, limit) {
      const range = { from: [name, ...from], to: [name, until], limit };
      return [...archived.range(range)].map(({ key, value }) => {
        const [, time, number] = key as [string, number, number];
        return { next: [time, number + 1], time, text: value };
      });
    },
    reload: load,
  };
}

/** When it says it happened; when it came, where it does not say. */
function timeOf({ json, ingestedAt }: BusEvent): number {
  const time = typeof json.time === 'string' ? Date.parse(json.time) : Number.NaN;
  return Number.isFinite(time) ? time : ingestedAt;
}
