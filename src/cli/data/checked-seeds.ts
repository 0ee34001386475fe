/** The project's seeds with the tables they are for, all of them checked before anything is written or removed. */
import { allTables, type TableShape } from '../../app/data-tables.ts';
import { checkSeeds } from '../../app/seed-items.ts';
import { byTable } from '../../app/seed-tables.ts';
import type { TableSeed } from '../../model/project.ts';
import { SlsError } from '../../std/errors.ts';
import { showProblem, type Tables } from './tables.ts';

export interface SeededTable {
  readonly table: TableShape;
  readonly seeds: readonly TableSeed[];
}

/** `only`: of these tables; absent = of all. Shows what is wrong, then throws `SlsError` `bad-seed`. */
export async function checkedSeeds(
  { call, project }: Tables,
  only: readonly TableShape[] | undefined,
): Promise<readonly SeededTable[]> {
  const { seeds = [] } = await project();
  const seedsOf = byTable(seeds);
  const found = (only ?? (await allTables(call))).flatMap((table) => {
    const its = seedsOf.get(table.name);
    return its ? [{ table, seeds: its }] : [];
  });
  const problems = found.flatMap(({ table, seeds: its }) => checkSeeds(its, table).problems);
  for (const problem of problems) showProblem(problem);
  if (problems.length > 0)
    throw new SlsError('bad-seed', 'nothing was written: the seeds above are not right');
  return found;
}
