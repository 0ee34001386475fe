/** One event source mapping: a function that follows a table, in as many lanes as its trigger says. */
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import type { TableStreamTrigger } from '../../../src/model/project.ts';
import { compilePatterns } from '../../../src/std/event-pattern.ts';
import type { StreamRecord } from '../streams/stream-log.ts';
import type { Checkpoints } from './checkpoints.ts';
import { type Lane, startLane } from './deliver.ts';
import { openFeed } from './feed.ts';
import { earlier, firstPosition, type Position, type ReadableStreams } from './position.ts';

export type Mapping = Omit<Lane, 'ended'> & {
  /** Settles when nothing is under way any more. */
  readonly ended: Promise<unknown>;
};

export interface MappingOptions {
  readonly context: EmulatorContext;
  readonly streams: ReadableStreams;
  readonly checkpoints: Checkpoints;
  readonly trigger: TableStreamTrigger;
  readonly tableName: string;
}

/** Throws `PatternError` for a filter the cloud would refuse. */
export function startMapping(options: MappingOptions): Mapping {
  const { context, streams, checkpoints, trigger, tableName } = options;
  const { filterPatterns, parallelizationFactor: count } = trigger;
  const accepts = filterPatterns === undefined ? () => true : compilePatterns(filterPatterns);
  const positions = positionsFor(options);
  const save = () => checkpoints.save(followerOf(trigger), tableName, positions);
  // At once: a function that begins with the latest record has begun, whatever happens next.
  save();
  const lanes = positions.map((position, index) =>
    startLane({
      ...{ context, trigger, tableName, accepts },
      feed: openFeed(streams, tableName, position),
      isMine: (record) => count === 1 || laneOf(record, count) === index,
      save(reached) {
        const before = positions[index];
        if (before?.label === reached.label && before.sequence === reached.sequence) return;
        positions[index] = reached;
        save();
      },
    }),
  );
  return {
    wake: () => each((lane) => lane.wake()),
    retryNow: () => each((lane) => lane.retryNow()),
    stop: () => each((lane) => lane.stop()),
    abandon: () => each((lane) => lane.abandon()),
    ended: Promise.all(lanes.map(({ ended }) => ended)),
  };

  function each(act: (lane: Lane) => void): void {
    for (const lane of lanes) act(lane);
  }
}

/** With another number of lanes than before all begin where the slowest was: some records come again, none is left out. */
function positionsFor({ streams, checkpoints, trigger, tableName }: MappingOptions): Position[] {
  const stored = checkpoints.find(followerOf(trigger), tableName) ?? [];
  const { parallelizationFactor: count } = trigger;
  if (stored.length === count) return [...stored];
  const [first, ...others] = stored;
  const from = first
    ? others.reduce(earlier, first)
    : firstPosition(streams, tableName, trigger.startingPosition);
  return Array.from({ length: count }, () => from);
}

/** A mapping that was deleted and made again through the API begins anew; a trigger of the project goes on where it was. */
function followerOf({ mappingId, functionId }: TableStreamTrigger): string {
  return mappingId ?? functionId;
}

/** All changes of one item are in one lane. The hash is FNV-1a. */
function laneOf({ record }: StreamRecord, count: number): number {
  const key = JSON.stringify((record.dynamodb as { Keys?: unknown }).Keys);
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193) >>> 0;
  return hash % count;
}
