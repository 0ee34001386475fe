/** Writes seeds into tables: once by itself, into tables that are empty, and whenever somebody asks. */
import { problemOf } from '../loaders/problems.ts';
import type { Store } from '../model/platform.ts';
import type { Problem, TableSeed } from '../model/project.ts';
import { SlsError } from '../std/errors.ts';
import type { TableCall } from './data-call.ts';
import { findTable, type TableShape } from './data-tables.ts';
import { putItems } from './data-write.ts';
import { checkSeeds } from './seed-items.ts';

export interface SeedOnceOptions {
  readonly call: TableCall;
  readonly store: Store;
  readonly seeds: readonly TableSeed[];
  readonly onProblem: (problem: Problem) => void;
  readonly onSeeded: (table: string, count: number) => void;
}

/** `begun`: the process may have ended in the midst, so the next one writes all of it again. */
type Mark = 'begun' | 'done';

/**
 * Seeds each table that was never seeded and has no items. Where one seed of a table is wrong nothing of it is written, and
 * it is tried again when the project is next read.
 */
export async function seedOnce({ call, store, seeds, onProblem, onSeeded }: SeedOnceOptions): Promise<void> {
  if (seeds.length === 0) return;
  const marks = store.map<Mark>('seeds');
  for (const [name, its] of byTable(seeds)) {
    const table = await findTable(call, name);
    const mark = table && marks.get(table.id);
    if (!table || mark === 'done' || (table.items > 0 && mark !== 'begun')) continue;
    const checked = checkSeeds(its, table);
    for (const problem of checked.problems) onProblem(problem);
    if (checked.problems.length > 0) continue;
    marks.put(table.id, 'begun');
    try {
      onSeeded(name, await putItems(call, table, checked.items()));
    } catch (failure) {
      if (!(failure instanceof SlsError)) throw failure;
      onProblem({ ...problemOf(failure), code: 'bad-seed' });
    }
    marks.put(table.id, 'done');
  }
}

/** `seeded shop-orders with 3 items`. */
export function seededText(table: string, count: number): string {
  return `seeded ${table} with ${count} item${count === 1 ? '' : 's'}`;
}

/** Puts the seeds over what the table holds. The caller has checked that there are no problems. Answers the number of items. */
export function seedTable(call: TableCall, table: TableShape, seeds: readonly TableSeed[]): Promise<number> {
  return putItems(call, table, checkSeeds(seeds, table).items());
}

/** In the order in which the tables are first named. */
export function byTable(seeds: readonly TableSeed[]): ReadonlyMap<string, readonly TableSeed[]> {
  const found = new Map<string, TableSeed[]>();
  for (const seed of seeds) found.set(seed.table, [...(found.get(seed.table) ?? []), seed]);
  return found;
}
