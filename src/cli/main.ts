/** The command line: finds the command, runs it, and turns whatever it throws into a message and an exit code. */
import yargs from 'yargs';
import { checkCommand } from './commands/check.ts';
import { devCommand } from './commands/dev.ts';
import { imagesCommand } from './commands/images.ts';
import { initCommand } from './commands/init.ts';
import { invokeCommand } from './commands/invoke.ts';
import { logsCommand } from './commands/logs.ts';
import { replayCommand } from './commands/replay.ts';
import { schedulesCommand } from './commands/schedules.ts';
import { tracesCommand } from './commands/traces.ts';
import { explainFailure } from './failure.ts';
import { packageVersion } from './version.ts';

const WRONG_USAGE = 2;

/** Runs the command in `argv` (without node and script) and ends the process with its exit code. */
export async function run(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', quitOnBrokenPipe);
  try {
    await parser(argv).parseAsync();
  } catch (failure) {
    process.exitCode = explainFailure(failure, (line) => process.stderr.write(`${line}\n`));
  }
}

function parser(argv: readonly string[]) {
  return yargs(argv)
    .scriptName('sls-local')
    .usage('$0 <command>\n\nRuns a serverless project on this machine.')
    .command(devCommand)
    .command(invokeCommand)
    .command(replayCommand)
    .command(tracesCommand)
    .command(logsCommand)
    .command(schedulesCommand)
    .command(checkCommand)
    .command(imagesCommand)
    .command(initCommand)
    .demandCommand(1, 'Name a command, for example: sls-local dev')
    .strict()
    .recommendCommands()
    .version(packageVersion())
    .help()
    .alias('h', 'help')
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .fail((message, failure, y) => {
      if (failure) throw failure;
      process.stderr.write(
        `${message}\n\nSee: ${['sls-local', ...commandWords(y.parsed)].join(' ')} --help\n`,
      );
      process.exit(WRONG_USAGE);
    });
}

/** The command's own words as far as they were understood, for the pointer to its help. */
function commandWords(parsed: unknown): string[] {
  const words = (parsed as { argv?: { _?: (string | number)[] } } | false) || {};
  const known = new Set([
    'dev',
    'invoke',
    'replay',
    'traces',
    'logs',
    'schedules',
    'check',
    'images',
    'init',
  ]);
  return (words.argv?._ ?? [])
    .map(String)
    .slice(0, 1)
    .filter((word) => known.has(word));
}

/** `sls-local traces | head` closes our output early; that is no failure. */
function quitOnBrokenPipe(failure: NodeJS.ErrnoException): void {
  if (failure.code === 'EPIPE') process.exit(0);
  throw failure;
}
