/** `sls-local init`: writes what an IDE needs to attach to `sls-local dev --inspect`. */
import { relative } from 'node:path';
import type { CommandModule } from 'yargs';
import { SlsError } from '../../std/errors.ts';
import { chooseProject, type ProjectArguments, withProjectOptions } from '../project-options.ts';

interface InitArguments extends ProjectArguments {
  readonly vscode: boolean;
  readonly jetbrains: boolean;
}

export const initCommand: CommandModule<object, InitArguments> = {
  command: 'init',
  describe: 'Write (or merge into) the debugger configuration of an IDE',
  builder: (y) =>
    withProjectOptions(y).options({
      vscode: { type: 'boolean', default: false, describe: '.vscode/launch.json' },
      jetbrains: { type: 'boolean', default: false, describe: '.run/sls-local.run.xml' },
    }) as never,
  handler: async (args) => {
    if (!args.vscode && !args.jetbrains)
      throw new SlsError('nothing-chosen', 'init needs to know for what', {
        hint: 'sls-local init --vscode, --jetbrains, or both',
      });
    const { root } = chooseProject(args);
    const { writeVsCodeLaunch, writeJetBrainsRun } = await import('../../debug/launch-files.ts');
    const written = [
      ...(args.vscode ? [await writeVsCodeLaunch(root)] : []),
      ...(args.jetbrains ? [await writeJetBrainsRun(root)] : []),
    ];
    for (const { file, changed } of written)
      process.stdout.write(
        `${changed ? 'wrote' : 'already there:'} ${relative(process.cwd(), file) || file}\n`,
      );
  },
};
