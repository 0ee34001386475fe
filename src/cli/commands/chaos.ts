/** `sls-local chaos`: runs the project under faults a seed chooses, checks that nothing is lost, and makes what fails small. */
import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import type { ChaosOptions } from '../../app/chaos.ts';
import { FAULT_KINDS, readFaultKinds } from '../../chaos/fault-kinds.ts';
import { failureLines, reportOf, runLine } from '../../chaos/report.ts';
import { checkSeed } from '../../chaos/seed.ts';
import type { DevEvent } from '../../model/events.ts';
import { SlsError } from '../../std/errors.ts';
import { paint } from '../colours.ts';
import { chooseProject, type ProjectArguments, withProjectOptions } from '../project-options.ts';
import { type SessionArguments, sessionOptions, withSessionOptions } from '../session-options.ts';

interface ChaosArguments extends ProjectArguments, SessionArguments {
  readonly events?: number;
  readonly runs?: number;
  readonly seed?: string;
  readonly faults?: string;
  readonly only?: string;
  readonly onlyEvents?: string;
  readonly check?: string;
  readonly send?: string;
  readonly shrink: boolean;
  readonly verbose: boolean;
  readonly json: boolean;
}

const DEFAULT_RUNS = 5;

export const chaosCommand: CommandModule<object, ChaosArguments> = {
  command: 'chaos',
  describe: 'Run the project under faults (duplicates, delays, crashes, …) and find the fewest that break it',
  builder: (y) =>
    withSessionOptions(withProjectOptions(y)).options({
      events: { type: 'number', describe: 'How many events to put in', requiresArg: true },
      runs: {
        type: 'number',
        describe: `How many runs, each of another seed (default: ${DEFAULT_RUNS}; with --seed: 1)`,
        requiresArg: true,
      },
      seed: {
        type: 'string',
        describe: 'The seed to begin with, as a failing run prints it',
        requiresArg: true,
      },
      faults: {
        type: 'string',
        describe: `Only these, for example duplicate,delay (of ${FAULT_KINDS.join(', ')})`,
        requiresArg: true,
      },
      only: { type: 'string', describe: 'Only these faults of the seed, as a failing run prints them' },
      'only-events': { type: 'string', describe: 'Only the events with these numbers', requiresArg: true },
      check: {
        type: 'string',
        describe: 'Command that checks the outcome of a run; AWS_ENDPOINT_URL is set, its exit code counts',
        requiresArg: true,
      },
      send: {
        type: 'string',
        describe: 'File of events to put in, one JSON object a line',
        requiresArg: true,
      },
      shrink: {
        type: 'boolean',
        default: true,
        describe: 'Look for the fewest faults and events that still fail; --no-shrink: only report',
      },
      verbose: { type: 'boolean', default: false, describe: 'Show what the functions print' },
      json: { type: 'boolean', default: false, describe: 'JSON' },
    }) as never,
  handler: async (args) => {
    const { runChaos } = await import('../../app/chaos.ts');
    const { commandCheck } = await import('../../app/chaos-check.ts');
    const choice = chooseProject(args);
    const file = args.send === undefined ? undefined : resolve(args.send);
    const say = args.json ? () => {} : (line: string) => void process.stdout.write(`${line}\n`);
    const options: ChaosOptions = {
      session: sessionOptions(choice, args),
      ...(file !== undefined && { file }),
      count: positive(args.events, '--events'),
      runs: positive(args.runs, '--runs') ?? (args.seed === undefined ? DEFAULT_RUNS : 1),
      ...(args.seed !== undefined && { seed: checkSeed(args.seed) }),
      ...(args.faults !== undefined && { kinds: readFaultKinds(args.faults) }),
      ...(args.only !== undefined && { only: args.only.split(' ').filter((key) => key !== '') }),
      ...(args.onlyEvents !== undefined && { onlyEvents: numbers(args.onlyEvents) }),
      checks: args.check === undefined ? [] : [commandCheck(args.check, choice.root)],
      ...(!args.shrink && { mostTries: 0 }),
      onRun: (seed, result) =>
        say(
          `${result.violations.length === 0 ? paint.green('ok') : paint.red('broken')} ${runLine(seed, result)}`,
        ),
      onFailure: () => args.shrink && say(paint.dim('looking for the fewest faults that break it…')),
      emit: (event) => show(event, args.verbose && !args.json),
    };
    const simulation = await runChaos(options);
    const report = reportOf(simulation);
    if (args.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else {
      const command = commandOf(args);
      const lines = failureLines(report, simulation.eventOf, ({ seed, reproduce }) => [
        `${command} ${reproduce}`,
        `${command} --seed ${seed}`,
      ]);
      for (const line of lines) say(line);
    }
    process.exitCode = report.ok ? 0 : 1;
  },
};

/** What the user typed, without what a failing run adds. */
function commandOf({ dir, config, send, check, events, faults }: ChaosArguments): string {
  return [
    'sls-local chaos',
    ...(dir === '.' ? [] : [`-C ${dir}`]),
    ...(config === undefined ? [] : [`-c ${config}`]),
    ...(send === undefined ? [] : [`--send ${send}`]),
    ...(events === undefined ? [] : [`--events ${events}`]),
    ...(faults === undefined ? [] : [`--faults ${faults}`]),
    ...(check === undefined ? [] : [`--check ${JSON.stringify(check)}`]),
  ].join(' ');
}

/** What a fault makes a function say is no news; that it cannot be built is. */
function show(event: DevEvent, isVerbose: boolean): void {
  if (event.type === 'build' && event.status === 'failed')
    process.stderr.write(`${paint.red('error')} ${event.functionId}: ${event.message}\n`);
  if (!isVerbose) return;
  if (event.type === 'log') process.stderr.write(`${paint.dim(event.functionId)} ${event.line.text}\n`);
  if (event.type === 'notice') process.stderr.write(`${paint.dim(event.message)}\n`);
}

function positive(value: number | undefined, flag: string): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value > 0)) return value;
  throw new SlsError('bad-option', `${flag} takes a whole number above 0, found ${value}`);
}

function numbers(text: string): readonly number[] {
  return text.split(',').map((part) => {
    const value = Number(part);
    if (Number.isInteger(value) && value > 0) return value;
    throw new SlsError('bad-option', `--only-events takes numbers of events, found "${part}"`, {
      hint: 'for example --only-events 3,7',
    });
  });
}
