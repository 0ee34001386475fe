/** How far each function is in each table, on disk: no record is skipped after a kill. */
import type { Store } from '../../../src/model/platform.ts';
import type { Position } from './position.ts';

export interface Checkpoints {
  /** One for each lane; undefined for a function that never followed this table. */
  find(functionId: string, tableName: string): readonly Position[] | undefined;
  save(functionId: string, tableName: string, positions: readonly Position[]): void;
}

/** Rows stay when a trigger is taken out of the project: one that comes back goes on where it was. */
export function openCheckpoints(store: Store): Checkpoints {
  const rows = store.map<readonly Position[]>('dynamodb-triggers');
  return {
    find: (functionId, tableName) => rows.get([functionId, tableName]),
    save: (functionId, tableName, positions) => rows.put([functionId, tableName], [...positions]),
  };
}
