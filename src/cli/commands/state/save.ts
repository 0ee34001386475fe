/** `sls-local state save`: keeps the state there is under a name. */
import type { CommandModule } from 'yargs';
import { paint } from '../../colours.ts';
import { type ProjectArguments, withProjectOptions } from '../../project-options.ts';
import { withKeeper } from '../../state/keeper.ts';
import { bytesText, contentsText } from '../../state/words.ts';

interface SaveArguments extends ProjectArguments {
  readonly name: string;
  readonly force: boolean;
  readonly json: boolean;
}

export const saveCommand: CommandModule<object, SaveArguments> = {
  command: 'save <name>',
  describe: 'Keep the state of tables, queues and buckets under a name',
  builder: (y) =>
    withProjectOptions(y)
      .positional('name', { type: 'string', demandOption: true })
      .options({
        force: {
          alias: 'f',
          type: 'boolean',
          default: false,
          describe: 'Also in place of a snapshot of that name',
        },
        json: { type: 'boolean', default: false, describe: 'JSON' },
      }) as never,
  handler: async (args) => {
    const { result, elapsedMs } = await withKeeper(args, (keeper) => keeper.save(args.name, args.force));
    process.stdout.write(
      args.json
        ? `${JSON.stringify({ ...result, elapsedMs })}\n`
        : `saved ${paint.bold(result.name)}: ${contentsText(result)}, ${bytesText(result.sizeBytes)} in ${elapsedMs} ms\n`,
    );
  },
};
