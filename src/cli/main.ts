/** The command line: finds the command, runs it, and turns whatever it throws into a message and an exit code. */
import yargs from 'yargs';
import type { FirstRuntime } from '../runtime/backends/process/first-runtime.ts';
import { chaosCommand } from './commands/chaos.ts';
import { checkCommand } from './commands/check.ts';
import { coldstartCommand } from './commands/coldstart.ts';
import { dataCommand } from './commands/data/data-command.ts';
import { makeDevCommand } from './commands/dev.ts';
import { eventsCommand } from './commands/events.ts';
import { imagesCommand } from './commands/images.ts';
import { initCommand } from './commands/init.ts';
import { invokeCommand } from './commands/invoke.ts';
import { logsCommand } from './commands/logs.ts';
import { replayCommand } from './commands/replay.ts';
import { schedulesCommand } from './commands/schedules.ts';
import { sendCommand } from './commands/send.ts';
import { stateCommand } from './commands/state/state-command.ts';
import { timeCommand } from './commands/time.ts';
import { tracesCommand } from './commands/traces.ts';
import { explainFailure } from './failure.ts';
import { spellOutInspect } from './inspect-option.ts';
import { keepLastGiven } from './last-given.ts';
import { checkNumbers } from './number-options.ts';
import { explainUnknownOptions } from './unknown-options.ts';
import { packageVersion } from './version.ts';

const WRONG_USAGE = 2;

/** What the parser hands to those who speak for it, other than its types say. */
interface Usage {
  /** By option. */
  getDescriptions(): Readonly<Record<string, string>>;
}

/**
 * Runs the command in `argv` (without node and script) and ends the process with its exit code. `firstRuntime`: one that was
 * started for it already.
 */
export async function run(argv: readonly string[], firstRuntime?: FirstRuntime): Promise<void> {
  process.stdout.on('error', quitOnBrokenPipe);
  process.on('uncaughtException', (failure) => process.exit(explain(failure)));
  try {
    await withoutHelpAhead(parser(argv, firstRuntime)).parseAsync();
  } catch (failure) {
    process.exitCode = explain(failure);
  }
}

function explain(failure: unknown): number {
  return explainFailure(failure, (line) => process.stderr.write(`${line}\n`));
}

function parser(argv: readonly string[], firstRuntime?: FirstRuntime) {
  return yargs(spellOutInspect(argv))
    .scriptName('sls-local')
    .usage('$0 <command>\n\nRuns a serverless project on this machine.')
    .command(makeDevCommand(firstRuntime))
    .command(invokeCommand)
    .command(eventsCommand)
    .command(sendCommand)
    .command(coldstartCommand)
    .command(replayCommand)
    .command(tracesCommand)
    .command(logsCommand)
    .command(schedulesCommand)
    .command(timeCommand)
    .command(dataCommand)
    .command(stateCommand)
    .command(chaosCommand)
    .command(checkCommand)
    .command(imagesCommand)
    .command(initCommand)
    .demandCommand(1, 'Name a command, for example: sls-local dev')
    .strict()
    .middleware(keepLastGiven, true)
    .check(checkNumbers)
    .recommendCommands()
    .version(packageVersion())
    .help()
    .alias('h', 'help')
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .fail((message, failure, usage) => {
      if (failure) throw failure;
      const known = Object.keys((usage as unknown as Usage).getDescriptions());
      const text = explainUnknownOptions(message, argv, known);
      process.stderr.write(`${text}\n\nSee: ${['sls-local', ...commandWords(argv)].join(' ')} --help\n`);
      process.exit(WRONG_USAGE);
    });
}

/**
 * yargs lays out the whole help before each command, for the case that the command fails later; `explain` speaks then,
 * and the layout takes longer than everything else yargs does.
 */
function withoutHelpAhead<P extends ReturnType<typeof yargs>>(parsing: P): P {
  const { getInternalMethods } = parsing as P & {
    getInternalMethods(): { getUsageInstance(): { cacheHelpMessage(): void } };
  };
  getInternalMethods.call(parsing).getUsageInstance().cacheHelpMessage = () => {};
  return parsing;
}

const COMMANDS = new Set([
  'dev',
  'invoke',
  'events',
  'send',
  'coldstart',
  'replay',
  'traces',
  'logs',
  'schedules',
  'time',
  'data',
  'state',
  'chaos',
  'check',
  'images',
  'init',
]);

/** The command's own word, for the pointer to its help. */
function commandWords(argv: readonly string[]): readonly string[] {
  return argv.slice(0, 1).filter((word) => COMMANDS.has(word));
}

/** `sls-local traces | head` closes our output early; that is no failure. */
function quitOnBrokenPipe(failure: NodeJS.ErrnoException): void {
  if (failure.code === 'EPIPE') process.exit(0);
  throw failure;
}
