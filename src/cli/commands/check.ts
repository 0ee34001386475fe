/** `sls-local check`: reads the project and says what it found, without running anything. */
import type { CommandModule } from 'yargs';
import { stateFolderOf } from '../../app/state-folder.ts';
import type { Problem, Project } from '../../model/project.ts';
import { paint } from '../colours.ts';
import { guardedText, problemLines, triggerText } from '../plain.ts';
import { chooseProject, type ProjectArguments, withProjectOptions } from '../project-options.ts';

interface CheckArguments extends ProjectArguments {
  readonly json: boolean;
}

const PROJECT_ERROR = 2;

export const checkCommand: CommandModule<object, CheckArguments> = {
  command: 'check',
  describe: 'Read the project file and show its functions, triggers, resources and problems',
  builder: (y) =>
    withProjectOptions(y).options({
      json: { type: 'boolean', default: false, describe: 'The whole project as JSON' },
    }) as never,
  handler: async (args) => {
    const choice = chooseProject(args);
    const { loadProject } = await import('../../loaders/load.ts');
    const { storedValuesIn } = await import('../../app/stored-values.ts');
    const stored = storedValuesIn(stateFolderOf(choice.root, choice.stateFolder));
    const { project, problems: found } = await loadProject({
      root: choice.root,
      ...(choice.file ? { file: choice.file } : {}),
      options: { ...choice.load, stored },
    });
    const { sourceProblems } = await import('../../app/source-problems.ts');
    const problems = [...found, ...sourceProblems(project), ...(await problemsOfSeeds(project))];
    const print = (line: string) => void process.stdout.write(`${line}\n`);
    if (args.json) print(JSON.stringify({ project, problems }, null, 2));
    else {
      for (const problem of problems) for (const line of problemLines(problem, paint)) print(line);
      print(`${paint.bold(project.name)} ${project.stage} ${project.region} ${paint.dim(project.file)}`);
      for (const fn of project.functions)
        print(
          `  ${paint.bold(fn.id)}  ${fn.runtime}  ${fn.handler}  ${fn.memoryMb} MB  ${fn.timeoutMs / 1000} s`,
        );
      for (const trigger of project.triggers)
        print(
          `  ${triggerText(trigger, { http: null })} → ${trigger.functionId}${guardedText(trigger, paint)}`,
        );
      for (const resource of project.resources) print(`  ${resource.kind}  ${resource.name}`);
    }
    if (problems.some((problem) => problem.severity === 'error')) process.exitCode = PROJECT_ERROR;
  },
};

/** Seeds are read only here and when they are written, because they may be large. */
async function problemsOfSeeds(project: Project): Promise<readonly Problem[]> {
  if (!project.seeds) return [];
  const { seedProblems } = await import('../../app/seed-items.ts');
  return seedProblems(project);
}
