/** `sls-local state rm`: removes a snapshot. */
import type { CommandModule } from 'yargs';
import { type ProjectArguments, withProjectOptions } from '../../project-options.ts';
import { removeKept } from '../../state/keeper.ts';

interface RemoveArguments extends ProjectArguments {
  readonly snapshots: readonly string[];
  readonly json: boolean;
}

export const removeCommand: CommandModule<object, RemoveArguments> = {
  command: 'rm <snapshots..>',
  describe: 'Remove snapshots; the state there is stays',
  builder: (y) =>
    withProjectOptions(y)
      .positional('snapshots', { type: 'string', array: true, demandOption: true })
      .options({ json: { type: 'boolean', default: false, describe: 'JSON' } }) as never,
  handler: async (args) => {
    for (const name of args.snapshots.map(String)) {
      await removeKept(args, name);
      if (!args.json) process.stdout.write(`removed ${name}\n`);
    }
    if (args.json) process.stdout.write(`${JSON.stringify({ removed: args.snapshots.map(String) })}\n`);
  },
};
