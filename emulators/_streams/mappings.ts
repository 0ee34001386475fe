/** Keeps one event source mapping running for each enabled stream trigger of the project. */
import type { EmulatorContext } from '../../src/model/emulator.ts';
import type { StreamDelivery } from '../../src/model/project.ts';
import { messageOf } from '../../src/std/errors.ts';
import { settledWithin } from '../../src/std/grace.ts';
import type { Checkpoints } from './checkpoints.ts';
import { type Mapping, startMapping } from './mapping.ts';
import type { Place, Source } from './source.ts';

export interface Mappings<T extends StreamDelivery> {
  /** Starts what is new, stops what is gone or disabled, restarts what changed where it was. */
  apply(triggers: readonly T[]): void;
  /** The stored positions were exchanged: forgets what runs; the next `apply` begins with them. */
  reload(): void;
  /** Takes no more records, gives what runs `graceMs` of real time, then forgets it. */
  close(graceMs: number): Promise<void>;
}

/** A function and a stream: there is one mapping for the two. */
interface Seat<T> {
  readonly name: string;
  wanted: T | undefined;
  running: { readonly trigger: T; readonly mapping: Mapping } | undefined;
}

/** A service's streams, as its triggers name them. */
export interface Followed<T extends StreamDelivery, P extends Place> {
  /** For people: `a table's stream`. */
  readonly kind: string;
  readonly checkpoints: Checkpoints<P>;
  /** Of the stream, or the table whose stream it is; undefined for what is no ARN of one. */
  nameOf(streamArn: string): string | undefined;
  sourceFor(trigger: T, name: string): Source<P>;
  /** Called with the stream's name when it has more records, or other strands. Returns the way to stop it. */
  onChange(listener: (name: string) => void): () => void;
}

export function makeMappings<T extends StreamDelivery, P extends Place>(
  followed: Followed<T, P>,
  context: EmulatorContext,
): Mappings<T> {
  const { checkpoints } = followed;
  let seats = new Map<string, Seat<T>>();
  /** Streams with new records, whose followers are woken once the writer has its answer. */
  const touched = new Set<string>();

  /** One mapping at a time: the next begins when what the one before had under way is settled. */
  const bringAbout = (seat: Seat<T>) => {
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
      const source = followed.sourceFor(wanted, seat.name);
      const mapping = startMapping({ context, source, checkpoints, trigger: wanted });
      seat.running = { trigger: wanted, mapping };
    } catch (failure) {
      context.notice(`${wanted.functionId} does not follow ${seat.name}: ${messageOf(failure)}`);
    }
  };

  const wakeFollowers = () => {
    const names = new Set(touched);
    touched.clear();
    for (const { name, running } of seats.values()) if (names.has(name)) running?.mapping.wake();
  };

  const stops = [
    followed.onChange((name) => {
      if (seats.size === 0) return;
      if (touched.size === 0) setImmediate(wakeFollowers);
      touched.add(name);
    }),
    context.onBuilt?.((functionId) => {
      for (const { wanted, running } of seats.values())
        if (wanted?.functionId === functionId) running?.mapping.retryNow();
    }),
  ];

  return {
    apply(triggers) {
      const wanted = wantedSeats(followed, triggers, context.notice);
      for (const [key, seat] of seats) seat.wanted = wanted.get(key)?.trigger;
      for (const [key, { name, trigger }] of wanted)
        if (!seats.has(key)) seats.set(key, { name, wanted: trigger, running: undefined });
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
function wantedSeats<T extends StreamDelivery, P extends Place>(
  { kind, nameOf }: Followed<T, P>,
  triggers: readonly T[],
  notice: (message: string) => void,
) {
  const seats = new Map<string, { readonly name: string; readonly trigger: T }>();
  for (const trigger of triggers) {
    if (!trigger.enabled) continue;
    const { functionId, streamArn } = trigger;
    const name = nameOf(streamArn);
    if (name === undefined) {
      notice(
        `the trigger of ${functionId} names '${streamArn}', which is no ARN of ${kind}; it does not run`,
      );
      continue;
    }
    const key = JSON.stringify([functionId, name]);
    if (seats.has(key))
      notice(`${functionId} follows ${name} twice: the cloud refuses that, and only the first trigger runs`);
    else seats.set(key, { name, trigger });
  }
  return seats;
}

/** Its place in the file does not matter. */
function sameTrigger(a: StreamDelivery, b: StreamDelivery): boolean {
  const { place: _a, ...one } = a;
  const { place: _b, ...other } = b;
  return JSON.stringify(one) === JSON.stringify(other);
}
