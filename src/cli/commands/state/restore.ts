/** `sls-local state restore`: makes the state what it was when a snapshot was saved. */
import type { CommandModule } from 'yargs';
import { paint } from '../../colours.ts';
import { type ProjectArguments, withProjectOptions } from '../../project-options.ts';
import { withKeeper } from '../../state/keeper.ts';
import { contentsText } from '../../state/words.ts';

interface RestoreArguments extends ProjectArguments {
  readonly name: string;
  readonly json: boolean;
}

export const restoreCommand: CommandModule<object, RestoreArguments> = {
  command: 'restore <name>',
  describe: 'Go back to a snapshot; what was stored since is gone',
  builder: (y) =>
    withProjectOptions(y)
      .positional('name', { type: 'string', demandOption: true })
      .options({ json: { type: 'boolean', default: false, describe: 'JSON' } }) as never,
  handler: async (args) => {
    const { result, elapsedMs } = await withKeeper(args, (keeper) => keeper.restore(args.name));
    process.stdout.write(
      args.json
        ? `${JSON.stringify({ ...result, elapsedMs })}\n`
        : `restored ${paint.bold(result.name)}: ${contentsText(result)} in ${elapsedMs} ms\n`,
    );
  },
};
