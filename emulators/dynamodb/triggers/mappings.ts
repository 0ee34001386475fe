/** Keeps one event source mapping running for each enabled table trigger of the project. */
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import type { TableStreamTrigger } from '../../../src/model/project.ts';
import { messageOf } from '../../../src/std/errors.ts';
import { settledWithin } from '../../../src/std/grace.ts';
import { parseStreamArn } from '../streams/stream.ts';
import type { Streams } from '../streams/streams.ts';
import { openCheckpoints } from './checkpoints.ts';
import { type Mapping, startMapping } from './mapping.ts';

export interface Mappings {
  /** Starts what is new, stops what is gone or disabled, restarts what changed where it was. */
  apply(triggers: readonly TableStreamTrigger[]): void;
  /** The stored positions were exchanged: forgets what runs; the next `apply` begins with them. */
  reload(): void;
  /** Takes no more records, gives what runs `graceMs` of real time, then forgets it. */
  close(graceMs: number): Promise<void>;
}

/** A function and a table: there is one mapping for the two. */
interface Seat {
  readonly tableName: string;
  wanted: TableStreamTrigger | undefined;
  running: { readonly trigger: TableStreamTrigger; readonly mapping: Mapping } | undefined;
}

export function makeMappings(
  streams: Pick<Streams, 'list' | 'find' | 'arnOf' | 'read' | 'newest' | 'onAppend'>,
  context: EmulatorContext,
): Mappings {
  const checkpoints = openCheckpoints(context.store);
  let seats = new Map<string, Seat>();
  /** Tables with new records, whose followers are woken once the writer has its answer. */
  const touched = new Set<string>();

  /** One mapping at a time: the next begins when what the one before had under way is settled. */
  const bringAbout = (seat: Seat) => {
    const { running, wanted } = seat;
    if (running) {
      if (wanted && sameTrigger(running.trigger, wanted)) return;
      running.mapping.stop();
      void running.mapping.ended.then(() => {
        if (seat.running !== running) return;
        seat.running = undefined;
        bringAbout(seat);
      });
      return;
    }
    if (!wanted) return;
    try {
      const { tableName } = seat;
      const mapping = startMapping({ context, streams, checkpoints, trigger: wanted, tableName });
      seat.running = { trigger: wanted, mapping };
    } catch (failure) {
      context.notice(`${wanted.functionId} does not follow ${seat.tableName}: ${messageOf(failure)}`);
    }
  };

  const wakeFollowers = () => {
    const tables = new Set(touched);
    touched.clear();
    for (const { tableName, running } of seats.values()) if (tables.has(tableName)) running?.mapping.wake();
  };

  const stops = [
    streams.onAppend((streamArn) => {
      const tableName = parseStreamArn(streamArn)?.tableName;
      if (seats.size === 0 || tableName === undefined) return;
      if (touched.size === 0) setImmediate(wakeFollowers);
      touched.add(tableName);
    }),
    context.onBuilt?.((functionId) => {
      for (const { wanted, running } of seats.values())
        if (wanted?.functionId === functionId) running?.mapping.retryNow();
    }),
  ];

  return {
    apply(triggers) {
      const wanted = wantedSeats(triggers, context.notice);
      for (const [key, seat] of seats) seat.wanted = wanted.get(key)?.trigger;
      for (const [key, { tableName, trigger }] of wanted)
        if (!seats.has(key)) seats.set(key, { tableName, wanted: trigger, running: undefined });
      for (const seat of seats.values()) bringAbout(seat);
    },

    reload() {
      for (const { running } of seats.values()) running?.mapping.abandon();
      seats = new Map();
    },

    async close(graceMs) {
      for (const stop of stops) stop?.();
      const running = [...seats.values()].flatMap((seat) => {
        seat.wanted = undefined;
        return seat.running ? [seat.running.mapping] : [];
      });
      for (const mapping of running) mapping.stop();
      await settledWithin(
        graceMs,
        running.map(({ ended }) => ended),
      );
      for (const mapping of running) mapping.abandon();
    },
  };
}

/** The cloud has one mapping for a function and a stream, and refuses a second. */
function wantedSeats(triggers: readonly TableStreamTrigger[], notice: (message: string) => void) {
  const seats = new Map<string, { readonly tableName: string; readonly trigger: TableStreamTrigger }>();
  for (const trigger of triggers) {
    if (!trigger.enabled) continue;
    const { functionId, streamArn } = trigger;
    const tableName = parseStreamArn(streamArn)?.tableName;
    if (tableName === undefined) {
      notice(
        `the trigger of ${functionId} names '${streamArn}', which is no ARN of a table's stream; it does not run`,
      );
      continue;
    }
    const key = JSON.stringify([functionId, tableName]);
    if (seats.has(key))
      notice(
        `${functionId} follows ${tableName} twice: the cloud refuses that, and only the first trigger runs`,
      );
    else seats.set(key, { tableName, trigger });
  }
  return seats;
}

/** Its place in the file does not matter. */
function sameTrigger(a: TableStreamTrigger, b: TableStreamTrigger): boolean {
  const { place: _a, ...one } = a;
  const { place: _b, ...other } = b;
  return JSON.stringify(one) === JSON.stringify(other);
}
