/** `sls-local init`: writes what an IDE needs to attach to `sls-local dev --inspect`. */
import { relative } from 'node:path';
import type { CommandModule } from 'yargs';
import type { JavaPort } from '../../debug/java/java-ports.ts';
import { SlsError } from '../../std/errors.ts';
import {
  chooseProject,
  type ProjectArguments,
  type ProjectChoice,
  withProjectOptions,
} from '../project-options.ts';

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
    const choice = chooseProject(args);
    const { root } = choice;
    const { writeVsCodeLaunch, writeJetBrainsRun } = await import('../../debug/launch-files.ts');
    const written = [
      ...(args.vscode ? [await writeVsCodeLaunch(root, await javaPortsIn(choice))] : []),
      ...(args.jetbrains ? [await writeJetBrainsRun(root)] : []),
    ];
    for (const { file, changed } of written)
      process.stdout.write(
        `${changed ? 'wrote' : 'already there:'} ${relative(process.cwd(), file) || file}\n`,
      );
  },
};

/** None where the project cannot be read: Node.js functions need nothing of it. */
async function javaPortsIn({ root, file, load: options }: ProjectChoice): Promise<readonly JavaPort[]> {
  const [{ loadProject }, { javaPortsOf }] = await Promise.all([
    import('../../loaders/load.ts'),
    import('../../debug/java/java-ports.ts'),
  ]);
  try {
    const { project } = await loadProject({ root, ...(file ? { file } : {}), options });
    return javaPortsOf(project.functions);
  } catch (failure) {
    if (!(failure instanceof SlsError)) throw failure;
    process.stderr.write(`without Java functions: ${failure.message}\n`);
    return [];
  }
}
