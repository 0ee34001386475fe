/** `sls-local replay`: sends a captured event through the same door again and shows what came out differently. */
import type { CommandModule } from 'yargs';
import type { ReplayChanges } from '../../app/session-seam.ts';
import { makePaint } from '../colours.ts';
import { editEvent, readEvent } from '../event-input.ts';
import { inspectOption, parseInspectPort } from '../inspect-option.ts';
import { findRecord } from '../journal.ts';
import { type OneShot, openOneShot } from '../one-shot.ts';
import { chooseProject, type ProjectArguments, withProjectOptions } from '../project-options.ts';
import { type SessionArguments, withSessionOptions } from '../session-options.ts';
import { exitCodeOf, makeStderrReporter, printRan } from '../show-ran.ts';

interface ReplayArguments extends ProjectArguments, SessionArguments {
  readonly id: string;
  readonly edit: boolean;
  readonly event?: string | undefined;
  readonly function?: string | undefined;
  readonly inspect?: unknown;
  readonly json: boolean;
}

export const replayCommand: CommandModule<object, ReplayArguments> = {
  command: 'replay <id>',
  describe: 'Run a captured event again and compare the outcomes',
  builder: (y) =>
    withSessionOptions(withProjectOptions(y))
      .positional('id', {
        type: 'string',
        demandOption: true,
        describe: 'Id from `sls-local traces`, or its beginning',
      })
      .options({
        edit: { type: 'boolean', default: false, describe: 'Change the event in $EDITOR first' },
        event: {
          alias: 'e',
          type: 'string',
          describe: 'Another event: a file, - or JSON text',
          requiresArg: true,
        },
        function: { type: 'string', describe: 'Send it to another function', requiresArg: true },
        inspect: inspectOption('Wait for a debugger'),
        json: { type: 'boolean', default: false, describe: 'Both rows and the differences as JSON' },
      }) as never,
  handler: async (args) => {
    const inspectPort = parseInspectPort(args.inspect);
    const choice = chooseProject(args);
    const original = await findRecord(choice, args.id);
    const changes: ReplayChanges = {
      event: await chooseEvent(args, original.event),
      functionId: args.function,
    };
    const shot = await openOneShot({
      choice,
      session: args,
      ...(inspectPort === undefined ? {} : { inspectPort }),
      emit: makeStderrReporter(),
    });
    try {
      if (inspectPort !== undefined) await waitForDebugger(shot);
      const replayed = await shot.replay(original.id, changes);
      if (args.json) process.stdout.write(`${JSON.stringify(replayed, null, 2)}\n`);
      else {
        printRan(replayed.record, makePaint(process.stderr.isTTY === true), shot.attached);
        process.stderr.write(`\n${replayed.differenceText}\n`);
      }
      process.exitCode = exitCodeOf(replayed.record);
    } finally {
      await shot.close();
    }
  },
};

async function chooseEvent(args: ReplayArguments, captured: string): Promise<string | undefined> {
  const given = args.event === undefined ? undefined : await readEvent(args.event);
  return args.edit ? editEvent(given ?? captured) : given;
}

async function waitForDebugger(shot: OneShot): Promise<void> {
  process.stderr.write(`waiting for a debugger on ${shot.inspect} (Ctrl-C to give up)\n`);
  await shot.debuggerAttached();
}
