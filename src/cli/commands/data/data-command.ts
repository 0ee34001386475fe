/** `sls-local data`: looks into the tables, changes them, carries items in and out. */
import type { CommandModule } from 'yargs';
import { deleteCommand } from './delete.ts';
import { editCommand } from './edit.ts';
import { exportCommand } from './export.ts';
import { getCommand } from './get.ts';
import { importCommand } from './import.ts';
import { putCommand } from './put.ts';
import { queryCommand } from './query.ts';
import { resetCommand } from './reset.ts';
import { seedCommand } from './seed.ts';
import { showCommand } from './show.ts';

export const dataCommand: CommandModule = {
  command: 'data',
  describe: 'Look into the tables and change them, in the running session or without one',
  builder: (y) =>
    y
      .command(showCommand)
      .command(getCommand)
      .command(queryCommand)
      .command(putCommand)
      .command(editCommand)
      .command(deleteCommand)
      .command(exportCommand)
      .command(importCommand)
      .command(seedCommand)
      .command(resetCommand),
  handler: () => {},
};
