/** `sls-local data reset`: empties tables and writes the project's seeds again. */
import { createInterface } from 'node:readline/promises';
import type { CommandModule } from 'yargs';
import { allTables, type TableShape } from '../../../app/data-tables.ts';
import { emptyTable } from '../../../app/data-write.ts';
import { seedTable } from '../../../app/seed-tables.ts';
import { SlsError } from '../../../std/errors.ts';
import { checkedSeeds, type SeededTable } from '../../data/checked-seeds.ts';
import { say, type Tables, withTables } from '../../data/tables.ts';
import { type ProjectArguments, withProjectOptions } from '../../project-options.ts';

interface ResetArguments extends ProjectArguments {
  readonly table?: string | undefined;
  readonly yes: boolean;
}

export const resetCommand: CommandModule<object, ResetArguments> = {
  command: 'reset [table]',
  describe: 'Empty the tables and write the seeds again',
  builder: (y) =>
    withProjectOptions(y)
      .positional('table', { type: 'string', describe: 'Only this one' })
      .options({
        yes: { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask' },
      }) as never,
  handler: async (args) => {
    const found = await withTables(args, async (tables) => {
      const chosen = await chosenTables(tables, args);
      await checkedSeeds(tables, chosen);
      return chosen;
    });
    if (!args.yes && !(await agrees(found))) return say('nothing was removed');
    await withTables(args, async (tables) => {
      const chosen = await chosenTables(tables, args);
      const seeded = await checkedSeeds(tables, chosen);
      for (const table of chosen) await resetTable(tables, table, seeded);
    });
  },
};

async function chosenTables(
  { call, need }: Tables,
  { table }: ResetArguments,
): Promise<readonly TableShape[]> {
  return table === undefined ? await allTables(call) : [await need(table)];
}

async function resetTable(
  { call }: Tables,
  table: TableShape,
  seeded: readonly SeededTable[],
): Promise<void> {
  const removed = await emptyTable(call, table);
  const seeds = seeded.find((each) => each.table.name === table.name)?.seeds;
  const put = seeds ? await seedTable(call, table, seeds) : 0;
  process.stdout.write(`${table.name}: removed ${removed}, seeded ${put}\n`);
}

async function agrees(tables: readonly TableShape[]): Promise<boolean> {
  const items = tables.reduce((sum, table) => sum + table.items, 0);
  if (items === 0) return true;
  const what = `${items.toLocaleString('en-US')} items of ${tables.map(({ name }) => name).join(', ')}`;
  if (!process.stdin.isTTY)
    throw new SlsError('not-agreed', `reset removes ${what}, and nobody is here to ask`, {
      hint: 'say so with --yes',
    });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`remove ${what}? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
