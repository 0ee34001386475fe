/** Replays: the events of an archive go over its bus again. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Clock, Ids, Store } from '../../../src/model/platform.ts';
import { makeTraceId } from '../../../src/std/ids.ts';
import type { Buses } from '../buses.ts';
import { notFound } from '../errors.ts';
import type { Routing } from '../routing.ts';
import type { ArchivePosition, Archives } from './archives.ts';

export const REPLAY_STATES = [
  'STARTING',
  'RUNNING',
  'CANCELLING',
  'COMPLETED',
  'CANCELLED',
  'FAILED',
] as const;
export type ReplayState = (typeof REPLAY_STATES)[number];

export interface ReplayRecord {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly archive: string;
  readonly archiveArn: string;
  readonly busArn: string;
  /** Rules that see the events; empty = all. */
  readonly filterArns: readonly string[];
  /** Epoch ms. */
  readonly from: number;
  readonly until: number;
  readonly state: ReplayState;
  readonly reason?: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly lastEventAt?: number;
  /** Where it goes on. */
  readonly position: ArchivePosition;
}

export interface Replays {
  all(): readonly ReplayRecord[];
  /** Throws the service's error. */
  get(name: string): ReplayRecord;
  find(name: string): ReplayRecord | undefined;
  begin(record: ReplayRecord): void;
  cancel(record: ReplayRecord): ReplayRecord;
  /** Goes on with what an earlier session did not end. */
  start(): void;
  reload(): void;
  close(): Promise<void>;
}

export interface ReplaysOptions {
  readonly store: Store;
  readonly archives: Archives;
  readonly buses: Buses;
  readonly routing: Routing;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Events in one transaction, after which others have their turn. */
const STEP = 50;

export function openReplays({ store, archives, buses, routing, clock, ids }: ReplaysOptions): Replays {
  const records = store.map<ReplayRecord>('events:replays');
  const running = new Set<string>();
  let state: 'waiting' | 'started' | 'closed' = 'waiting';
  let idle: (() => void) | undefined;
  const now = () => Math.floor(clock.now());

  const follow = (name: string) => {
    if (state !== 'started' || running.has(name)) return;
    running.add(name);
    setImmediate(step, name);
  };

  const step = (name: string) => {
    const record = records.get(name);
    const goesOn = state === 'started' && record !== undefined && isOpen(record) && advance(record);
    if (goesOn) return void setImmediate(step, name);
    running.delete(name);
    if (running.size === 0) idle?.();
  };

  /** True while there may be more. */
  const advance = (record: ReplayRecord): boolean =>
    store.write(() => {
      const end = (ended: ReplayState, reason?: string) => {
        records.put(record.name, { ...record, state: ended, endedAt: now(), ...(reason && { reason }) });
        return false;
      };
      if (record.state === 'CANCELLING') return end('CANCELLED');
      const bus = buses.find(record.busArn);
      if (!bus) return end('FAILED', 'The event bus does not exist.');
      const events = archives.read(record.archive, record.position, record.until, STEP);
      for (const { text } of events) {
        const json: JsonObject = { ...(JSON.parse(text) as JsonObject), 'replay-name': record.name };
        routing.route(bus, {
          id: String(json.id),
          text: JSON.stringify(json),
          json,
          ingestedAt: now(),
          hops: 0,
          onlyRules: record.filterArns,
          origin: { traceId: makeTraceId(clock, ids) },
        });
      }
      const last = events.at(-1);
      if (!last) return end('COMPLETED');
      records.put(record.name, { ...record, state: 'RUNNING', position: last.next, lastEventAt: last.time });
      return true;
    });

  const followAll = () => {
    for (const { value } of [...records.range()]) if (isOpen(value)) follow(value.name);
  };

  return {
    all: () => [...records.range()].map(({ value }) => value),
    find: (name) => records.get(name),
    get(name) {
      const record = records.get(name);
      if (!record) throw notFound(`Replay ${name}`);
      return record;
    },
    begin(record) {
      records.put(record.name, record);
      follow(record.name);
    },
    cancel(record) {
      const cancelled = { ...record, state: 'CANCELLING' as const };
      records.put(record.name, cancelled);
      return cancelled;
    },
    start() {
      if (state !== 'waiting') return;
      state = 'started';
      followAll();
    },
    reload: followAll,
    close() {
      state = 'closed';
      return running.size === 0 ? Promise.resolve() : new Promise((resolve) => (idle = resolve));
    },
  };
}

export function isOpen({ state }: ReplayRecord): boolean {
  return state === 'STARTING' || state === 'RUNNING' || state === 'CANCELLING';
}
