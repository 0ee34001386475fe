/** `sls-local invoke`: runs one function with an event from a file, standard input or the command line. */
import type { CommandModule } from 'yargs';
import { makePaint } from '../colours.ts';
import { readEvent } from '../event-input.ts';
import { openOneShot } from '../one-shot.ts';
import { chooseProject, type ProjectArguments, withProjectOptions } from '../project-options.ts';
import { type SessionArguments, withSessionOptions } from '../session-options.ts';
import { exitCodeOf, makeStderrReporter, printRan } from '../show-ran.ts';

interface InvokeArguments extends ProjectArguments, SessionArguments {
  readonly function: string;
  readonly event: string;
  readonly json: boolean;
}

export const invokeCommand: CommandModule<object, InvokeArguments> = {
  command: 'invoke <function>',
  describe: 'Run a function once, in the running session or in one of its own',
  builder: (y) =>
    withSessionOptions(withProjectOptions(y))
      .positional('function', { type: 'string', demandOption: true, describe: 'Its id or its name' })
      .options({
        event: {
          alias: 'e',
          type: 'string',
          default: '{}',
          describe: 'A file, - for standard input, or JSON text',
          requiresArg: true,
        },
        json: { type: 'boolean', default: false, describe: 'The whole journal row as JSON' },
      }) as never,
  handler: async (args) => {
    const event = await readEvent(args.event);
    const shot = await openOneShot({
      choice: chooseProject(args),
      session: args,
      emit: makeStderrReporter(),
    });
    try {
      const { record } = await shot.invoke(args.function, event);
      if (args.json) process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
      else printRan(record, makePaint(process.stderr.isTTY === true), shot.attached);
      process.exitCode = exitCodeOf(record);
    } finally {
      await shot.close();
    }
  },
};
