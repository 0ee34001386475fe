/** `sls-local state diff`: what differs between two snapshots, or a snapshot and the state there is. */
import type { CommandModule } from 'yargs';
import { type ProjectArguments, withProjectOptions } from '../../project-options.ts';
import { diffLines } from '../../state/diff-lines.ts';
import { stateFolderFor } from '../../state/keeper.ts';

interface DiffArguments extends ProjectArguments {
  readonly before: string;
  readonly after: string;
  readonly json: boolean;
  readonly limit: number;
  readonly exitCode: boolean;
}

export const diffCommand: CommandModule<object, DiffArguments> = {
  command: 'diff <before> [after]',
  describe: 'What differs between two snapshots, by table, item and attribute; now = the state there is',
  builder: (y) =>
    withProjectOptions(y)
      .positional('before', { type: 'string', demandOption: true, describe: 'A snapshot, or now' })
      .positional('after', { type: 'string', default: 'now', describe: 'A snapshot, or now' })
      .options({
        json: { type: 'boolean', default: false, describe: 'JSON, with all items' },
        limit: {
          alias: 'n',
          type: 'number',
          default: 20,
          describe: 'At most so many items of a table; 0 = all',
          requiresArg: true,
        },
        'exit-code': { type: 'boolean', default: false, describe: 'Exit with 1 when they differ' },
      }) as never,
  handler: async (args) => {
    const [{ compareStates }, { isSame }] = await Promise.all([
      import('../../../app/state-compare.ts'),
      import('../../../app/state-diff.ts'),
    ]);
    const diff = await compareStates(stateFolderFor(args), args.before, args.after);
    if (args.json) process.stdout.write(`${JSON.stringify(diff, null, 2)}\n`);
    else for (const line of diffLines(diff, args.limit)) process.stdout.write(`${line}\n`);
    if (args.exitCode && !isSame(diff)) process.exitCode = 1;
  },
};
