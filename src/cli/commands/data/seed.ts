/** `sls-local data seed`: puts the project's seeds over what the tables hold. */
import type { CommandModule } from 'yargs';
import { seededText, seedTable } from '../../../app/seed-tables.ts';
import { SlsError } from '../../../std/errors.ts';
import { checkedSeeds } from '../../data/checked-seeds.ts';
import { withTables } from '../../data/tables.ts';
import { type ProjectArguments, withProjectOptions } from '../../project-options.ts';

interface SeedArguments extends ProjectArguments {
  readonly table?: string | undefined;
}

export const seedCommand: CommandModule<object, SeedArguments> = {
  command: 'seed [table]',
  describe: "Write the project's seeds; other items stay",
  builder: (y) =>
    withProjectOptions(y).positional('table', { type: 'string', describe: 'Only this one' }) as never,
  handler: (args) =>
    withTables(args, async (tables) => {
      const { call } = tables;
      const only = args.table === undefined ? undefined : [await tables.need(args.table)];
      const seeded = await checkedSeeds(tables, only);
      if (seeded.length === 0)
        throw new SlsError('no-seeds', `the project has no seeds${args.table ? ` for ${args.table}` : ''}`, {
          hint: 'name a file of items at the table: seed: [seeds/orders.json]',
        });
      for (const { table, seeds } of seeded)
        process.stdout.write(`${seededText(table.name, await seedTable(call, table, seeds))}\n`);
    }),
};
