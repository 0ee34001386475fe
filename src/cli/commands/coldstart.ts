/** `sls-local coldstart`: what a cold start of a function takes, phase by phase and module by module. */
import type { CommandModule } from 'yargs';
import { adviceLines, adviceOf } from '../../coldstart/advice.ts';
import { phaseLines, summarise } from '../../coldstart/phase-lines.ts';
import type { ColdStartReport } from '../../coldstart/report.ts';
import { treeLines } from '../../coldstart/tree-lines.ts';
import { SlsError } from '../../std/errors.ts';
import { paint } from '../colours.ts';
import { openOneShot } from '../one-shot.ts';
import { chooseProject, type ProjectArguments, withProjectOptions } from '../project-options.ts';
import { type SessionArguments, withSessionOptions } from '../session-options.ts';
import { makeStderrReporter } from '../show-ran.ts';

interface ColdStartArguments extends ProjectArguments, SessionArguments {
  readonly function: string;
  readonly runs: number;
  readonly min: number;
  readonly json: boolean;
}

export const coldstartCommand: CommandModule<object, ColdStartArguments> = {
  command: 'coldstart <function>',
  describe: 'Start a function cold and show what takes how long, in the running session or in one of its own',
  builder: (y) =>
    withSessionOptions(withProjectOptions(y))
      .positional('function', { type: 'string', demandOption: true, describe: 'Its id or its name' })
      .options({
        runs: {
          alias: 'n',
          type: 'number',
          default: 10,
          describe: 'Cold starts without, and with, the code cache',
          requiresArg: true,
        },
        min: {
          type: 'number',
          default: 1,
          describe: 'Milliseconds below which a module is only counted',
          requiresArg: true,
        },
        json: { type: 'boolean', default: false, describe: 'Every run and module as JSON' },
      }) as never,
  handler: async (args) => {
    const choice = chooseProject(args);
    const shot = await openOneShot({ choice, session: args, emit: makeStderrReporter() });
    try {
      const report = await shot.coldStart(args.function, args.runs).catch(failLikeInvoke);
      if (args.json) printJson(report, choice.root);
      else printReport(report, choice.root, args.min);
    } finally {
      await shot.close();
    }
  },
};

/** The function failed, not its project. Throws. */
function failLikeInvoke(failure: unknown): never {
  if (!(failure instanceof SlsError) || failure.code !== 'init-failed') throw failure;
  throw new SlsError(failure.code, failure.message, {
    exitCode: 1,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
  });
}

function printJson(report: ColdStartReport, root: string): void {
  const whole = { ...report, summary: summarise(report), advice: adviceOf(report.modules, root) };
  process.stdout.write(`${JSON.stringify(whole, null, 2)}\n`);
}

function printReport(report: ColdStartReport, root: string, minMs: number): void {
  const { functionId, handler, runtime, backend, modules, reason, uncached } = report;
  const where = backend === 'docker' ? 'in a container' : 'in a process';
  const times = uncached.length === 1 ? 'one cold start' : `${uncached.length} cold starts`;
  const sections = [
    [`${paint.bold(functionId)}  ${handler}  ${paint.dim(`${runtime} ${where}, ${times}`)}`],
    phaseLines(report),
    treeLines(modules, { root, handler, minMs }),
    adviceLines(adviceOf(modules, root)),
    reason === undefined ? [] : [`No modules: ${reason}`],
  ];
  const text = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  process.stdout.write(`${text.join('\n\n')}\n`);
}
