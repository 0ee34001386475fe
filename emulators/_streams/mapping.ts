/** One event source mapping: a function that follows a stream, each of its strands in as many lanes as its trigger says. */
import type { EmulatorContext } from '../../src/model/emulator.ts';
import type { StreamDelivery } from '../../src/model/project.ts';
import { compilePatterns } from '../../src/std/event-pattern.ts';
import type { Checkpoints, Reached } from './checkpoints.ts';
import { type Lane, startLane } from './lane.ts';
import type { Place, Source, Upcoming } from './source.ts';

export interface Mapping {
  /** There may be more records, or other strands. */
  wake(): void;
  retryNow(): void;
  stop(): void;
  /** Settles when nothing is under way any more. */
  readonly ended: Promise<void>;
  abandon(): void;
}

export interface MappingOptions<P extends Place> {
  readonly context: EmulatorContext;
  readonly source: Source<P>;
  readonly checkpoints: Checkpoints<P>;
  readonly trigger: StreamDelivery;
}

/** Throws `PatternError` for a filter the cloud would refuse. */
export function startMapping<P extends Place>(options: MappingOptions<P>): Mapping {
  const { context, source, checkpoints, trigger } = options;
  const { filterPatterns, parallelizationFactor: count } = trigger;
  const accepts = filterPatterns === undefined ? undefined : compilePatterns(filterPatterns);
  const follower = followerOf(trigger);
  /** Those being read, by id of the strand. */
  const running = new Map<string, readonly Lane[]>();
  const finished = new Set<string>();
  let stopped = false;
  let settle: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    settle = resolve;
  });

  const follow = (strandId: string) => {
    const positions = positionsFor(options, strandId, false);
    const lanes = positions.map((position, index) => {
      const { window, ...place } = position;
      return startLane<P>({
        ...{ context, trigger, source, strandId, accepts, window },
        feed: source.open(strandId, place as unknown as P),
        isMine: (record) => count === 1 || laneOf(record, count) === index,
        save(reached) {
          const before = positions[index];
          if (before && source.isSame(before, reached) && before.window === reached.window) return;
          positions[index] = reached;
          checkpoints.save(follower, strandId, positions);
        },
      });
    });
    running.set(strandId, lanes);
    void Promise.all(lanes.map((lane) => lane.ended)).then((ends) => {
      running.delete(strandId);
      if (ends.every((isDone) => isDone)) finished.add(strandId);
      followAll();
    });
  };

  /** A strand's turn comes when those before it were read to their end. */
  const followAll = () => {
    if (stopped) {
      if (running.size === 0) settle();
      return;
    }
    const strands = source.strands();
    const waitsFor = new Set(strands.map(({ id }) => id).filter((id) => !finished.has(id)));
    for (const { id, after } of strands)
      if (waitsFor.has(id) && !running.has(id) && !after.some((before) => waitsFor.has(before))) follow(id);
  };

  // At once: a function that begins with the latest record has begun, whatever happens next.
  const strands = source.strands();
  const isNew = strands.every(({ id }) => checkpoints.find(follower, id) === undefined);
  for (const { id } of strands)
    if (isNew || checkpoints.find(follower, id)?.length !== count)
      checkpoints.save(follower, id, positionsFor(options, id, isNew));
  followAll();

  const each = (act: (lane: Lane) => void) => {
    for (const lanes of running.values()) for (const lane of lanes) act(lane);
  };
  return {
    ended,
    wake() {
      each((lane) => lane.wake());
      followAll();
    },
    retryNow: () => each((lane) => lane.retryNow()),
    stop() {
      stopped = true;
      each((lane) => lane.stop());
      followAll();
    },
    abandon() {
      stopped = true;
      each((lane) => lane.abandon());
      followAll();
    },
  };
}

/** With another number of lanes than before all begin where the slowest was: some records come again, none is left out. */
function positionsFor<P extends Place>(
  { source, checkpoints, trigger }: MappingOptions<P>,
  strandId: string,
  isNew: boolean,
): Reached<P>[] {
  const stored = checkpoints.find(followerOf(trigger), strandId) ?? [];
  const { parallelizationFactor: count } = trigger;
  if (stored.length === count) return [...stored];
  const [first, ...others] = stored;
  const from: P = first
    ? others.reduce<P>((a, b) => source.earlier(a, b), first)
    : source.first(strandId, isNew);
  return Array.from({ length: count }, () => from);
}

/** A mapping that was deleted and made again through the API begins anew; a trigger of the project goes on where it was. */
function followerOf({ mappingId, functionId }: StreamDelivery): string {
  return mappingId ?? functionId;
}

/** All records of one key are in one lane. The hash is FNV-1a. */
function laneOf<P extends Place>(record: Upcoming<P>, count: number): number {
  const key = record.key();
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193) >>> 0;
  return hash % count;
}
