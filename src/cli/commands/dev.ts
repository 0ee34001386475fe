/** `sls-local dev`: runs the project until Ctrl-C. */
import type { CommandModule } from 'yargs';
import { DEFAULT_AWS_PORT, DEFAULT_HTTP_PORT } from '../../app/options.ts';
import type { DevEvent } from '../../model/events.ts';
import type { FirstRuntime } from '../../runtime/backends/process/first-runtime.ts';
import { makePaint, paint } from '../colours.ts';
import { inspectOption, parseInspectPort } from '../inspect-option.ts';
import { makeLineWriter } from '../line-writer.ts';
import { chooseProject, type ProjectArguments, withProjectOptions } from '../project-options.ts';
import { type SessionArguments, sessionOptions, withSessionOptions } from '../session-options.ts';
import { endWhateverIsOpen, stopOnSignals } from '../stop-on-signals.ts';

interface DevArguments extends ProjectArguments, SessionArguments {
  readonly tui: boolean;
  readonly json: boolean;
  readonly inspect?: unknown;
  readonly httpPort?: number;
  readonly awsPort?: number;
  readonly watch: boolean;
  readonly platformLogs: boolean;
  readonly timeScale: number;
}

/** `firstRuntime`: one that was started for it already. */
export const makeDevCommand = (firstRuntime?: FirstRuntime): CommandModule<object, DevArguments> => ({
  command: 'dev',
  describe: 'Run the project: functions, HTTP, AWS endpoint, event sources',
  builder: (y) =>
    withSessionOptions(withProjectOptions(y)).options({
      'http-port': {
        type: 'number',
        defaultDescription: String(DEFAULT_HTTP_PORT),
        describe: 'Port of the HTTP front door (0 = any free port)',
      },
      'aws-port': {
        type: 'number',
        defaultDescription: String(DEFAULT_AWS_PORT),
        describe: 'Port of the AWS endpoint (0 = any free port)',
      },
      inspect: inspectOption('Let a debugger attach'),
      tui: { type: 'boolean', default: true, describe: 'The screen; --no-tui for plain lines' },
      json: { type: 'boolean', default: false, describe: 'One JSON object a line' },
      watch: { type: 'boolean', default: true, describe: 'Rebuild on change' },
      'time-scale': {
        type: 'number',
        default: 1,
        describe: 'How many times as fast time passes for queues, schedules, retries and expiry',
        requiresArg: true,
      },
      'platform-logs': { type: 'boolean', default: false, describe: 'Also show START, END and REPORT lines' },
    }) as never,
  handler: async (args) => {
    const inspectPort = parseInspectPort(args.inspect);
    const choice = chooseProject(args);
    const { openSession } = await import('../../app/session.ts');
    const show = await chooseShow(args);
    const asked = sessionOptions(choice, args);
    const session = await openSession({
      ...asked,
      flags: { ...asked.flags, ...portsOf(args) },
      httpPort: DEFAULT_HTTP_PORT,
      awsPort: DEFAULT_AWS_PORT,
      ...(inspectPort === undefined ? {} : { inspectPort }),
      watch: args.watch,
      ...(firstRuntime && { firstRuntime }),
      timeScale: args.timeScale,
      eventSources: true,
      emit: show.emit,
    }).catch((failure: unknown) => {
      show.close();
      throw failure;
    });
    show.bind(session);
    await stopOnSignals(session, show.quit);
    show.close();
    endWhateverIsOpen();
  },
});

function portsOf({ httpPort, awsPort }: DevArguments) {
  return { ...(httpPort === undefined ? {} : { httpPort }), ...(awsPort === undefined ? {} : { awsPort }) };
}

interface Show {
  readonly emit: (event: DevEvent) => void;
  bind(session: import('../../app/session-seam.ts').Session): void;
  /** Settles when the person asks to quit from the screen. */
  readonly quit: Promise<void>;
  close(): void;
}

async function chooseShow(args: DevArguments): Promise<Show> {
  if (args.tui && !args.json && process.stdout.isTTY && process.stdin.isTTY) {
    const { openScreen } = await import('../screen.ts');
    return openScreen();
  }
  const lines = makeLineWriter(process.stdout);
  const show = (emit: Show['emit']): Show => ({
    emit,
    bind: () => {},
    quit: new Promise<void>(() => {}),
    close: lines.flush,
  });
  if (args.json) return show((event) => lines.write(JSON.stringify(event)));
  const { makePlainPrinter } = await import('../plain.ts');
  return show(
    makePlainPrinter({
      print: lines.write,
      paint: process.stdout.isTTY ? paint : makePaint(false),
      platformLines: args.platformLogs,
    }),
  );
}
