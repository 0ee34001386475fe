/** The options every command that runs functions shares. */
import type { Argv } from 'yargs';
import { DEFAULT_LIMITS, type SessionOptions } from '../app/options.ts';
import type { SessionSettings } from '../model/project.ts';
import type { ProjectChoice } from './project-options.ts';

/** Absent = not said: the project file may say it. */
export interface SessionArguments extends Omit<SessionSettings, 'httpPort' | 'awsPort'> {
  readonly host: string;
}

const SETTINGS = [
  ...(['backend', 'cold', 'durability', 'freeze', 'journal'] as const),
  ...(['maxInstances', 'memoryBudget', 'timeoutMode'] as const),
];

export function withSessionOptions<T>(y: Argv<T>): Argv<T & SessionArguments> {
  return y.options({
    backend: {
      choices: ['auto', 'docker', 'process'] as const,
      defaultDescription: 'auto',
      describe: 'Where functions run',
    },
    cold: {
      choices: ['fast', 'on-demand', 'faithful'] as const,
      defaultDescription: 'fast',
      describe: 'Cold starts: code loaded ahead, loaded by the first event, or nothing done ahead',
    },
    durability: {
      choices: ['process', 'power'] as const,
      defaultDescription: 'process',
      describe: 'What written data survives: a kill of this process, or a power loss too (slower)',
    },
    freeze: {
      type: 'boolean',
      defaultDescription: 'true',
      describe: 'Stop functions between events, as in the cloud; --no-freeze lets their timers go on',
    },
    host: { type: 'string', default: '127.0.0.1', describe: 'Address to listen on', requiresArg: true },
    journal: { type: 'boolean', defaultDescription: 'true', describe: 'Record invocations' },
    'max-instances': {
      type: 'number',
      defaultDescription: String(DEFAULT_LIMITS.perFunction),
      describe: 'Instances of one function at once',
      requiresArg: true,
    },
    'timeout-mode': {
      choices: ['kill', 'keep'] as const,
      defaultDescription: 'kill',
      describe: 'What becomes of a handler that takes too long: it ends with its instance, or runs on',
    },
    'memory-budget': {
      type: 'number',
      describe:
        'Memory of all instances in MB above which idle ones are ended (default: 1/8 of the machine, at most 1024)',
      requiresArg: true,
    },
  }) as unknown as Argv<T & SessionArguments>;
}

/** What both kinds of session have in common; the caller adds ports, watching and where events go. */
export function sessionOptions(
  choice: ProjectChoice,
  args: SessionArguments,
): Omit<SessionOptions, 'httpPort' | 'awsPort' | 'watch' | 'eventSources' | 'emit'> {
  return {
    root: choice.root,
    ...(choice.file === undefined ? {} : { file: choice.file }),
    ...(choice.stateFolder === undefined ? {} : { stateFolder: choice.stateFolder }),
    load: choice.load,
    flags: Object.fromEntries(
      SETTINGS.filter((name) => args[name] !== undefined).map((name) => [name, args[name]]),
    ),
    backend: 'auto',
    host: args.host,
    journal: true,
    limits: DEFAULT_LIMITS,
  };
}
