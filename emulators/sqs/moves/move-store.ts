/** Storage of message move tasks: what ran and runs, by the queue the messages leave. */
import type { Store } from '../../../src/model/platform.ts';
import type { QueueRecord } from '../store.ts';

export interface MoveTask {
  /** Greater than those of all earlier tasks. */
  readonly number: number;
  readonly id: string;
  readonly sourceArn: string;
  /** Absent = each message goes back to the queue it came from. */
  readonly destinationArn?: string;
  /** 1–500; absent = as fast as it goes. */
  readonly perSecond?: number;
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly failure?: string;
  readonly moved: number;
  /** Visible messages when it began. */
  readonly toMove: number;
  /** Epoch ms. */
  readonly startedAt: number;
}

export interface MoveStore {
  /** Newest first. */
  of(source: QueueRecord): MoveTask[];
  save(source: QueueRecord, task: MoveTask): void;
}

/** As many as the service lists. */
const KEPT = 10;

export function openMoveStore(store: Store): MoveStore {
  const tasks = store.map<MoveTask>('sqs:moves');
  const within = ({ id }: QueueRecord) => ({ from: [id], to: [id + 1], reverse: true });
  return {
    of: (source) => [...tasks.range(within(source))].map(({ value }) => value),
    save(source, task) {
      store.write(() => {
        tasks.put([source.id, task.number], task);
        for (const key of [...tasks.keys(within(source))].slice(KEPT)) tasks.remove(key);
      });
    },
  };
}
