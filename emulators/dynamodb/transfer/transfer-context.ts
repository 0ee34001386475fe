/** What exports and imports are given. */
import type { Clock, Ids, Store } from '../../../src/model/platform.ts';
import type { History } from '../backups/history.ts';
import type { Jobs } from '../jobs.ts';
import type { TableStore } from '../table-store.ts';
import type { BucketFiles } from './bucket-files.ts';
import type { Scratch } from './scratch.ts';

export interface TransfersContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tables: TableStore;
  readonly history: History;
  readonly jobs: Jobs;
  readonly notice: (message: string) => void;
  /** Where buckets are folders. */
  readonly folder: string;
}

/** What the work itself needs. */
export interface TransferContext extends TransfersContext {
  readonly files: BucketFiles;
  readonly scratch: Scratch;
}
