/** `sls-local state`: snapshots of tables, queues and buckets together. */
import type { CommandModule } from 'yargs';
import { diffCommand } from './diff.ts';
import { listCommand } from './list.ts';
import { removeCommand } from './remove.ts';
import { restoreCommand } from './restore.ts';
import { saveCommand } from './save.ts';

export const stateCommand: CommandModule = {
  command: 'state <command>',
  describe: 'Save the state of all services under a name, and go back to it',
  builder: (y) =>
    y
      .command(saveCommand)
      .command(restoreCommand)
      .command(listCommand)
      .command(removeCommand)
      .command(diffCommand)
      .demandCommand(1),
  handler: () => {},
};
