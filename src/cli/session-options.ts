/** The options every command that runs functions shares. */
import type { Argv } from 'yargs';
import { type BackendChoice, DEFAULT_LIMITS, type SessionOptions, type TimeoutMode } from '../app/options.ts';
import type { ColdMode } from '../model/runtime.ts';
import type { Durability } from '../std/store-file.ts';
import type { ProjectChoice } from './project-options.ts';

export interface SessionArguments {
  readonly backend: BackendChoice;
  readonly cold: ColdMode;
  readonly durability: Durability;
  readonly host: string;
  readonly journal: boolean;
  readonly freeze: boolean;
  readonly maxInstances: number;
  readonly timeoutMode: TimeoutMode;
  readonly memoryBudget?: number;
}

export function withSessionOptions<T>(y: Argv<T>): Argv<T & SessionArguments> {
  return y.options({
    backend: {
      choices: ['auto', 'docker', 'process'] as const,
      default: 'auto',
      describe: 'Where functions run',
    },
    cold: {
      choices: ['fast', 'on-demand', 'faithful'] as const,
      default: 'fast',
      describe: 'Cold starts: code loaded ahead, loaded by the first event, or nothing done ahead',
    },
    durability: {
      choices: ['process', 'power'] as const,
      default: 'process',
      describe: 'What written data survives: a kill of this process, or a power loss too (slower)',
    },
    freeze: {
      type: 'boolean',
      default: true,
      describe: 'Stop functions between events, as in the cloud; --no-freeze lets their timers go on',
    },
    host: { type: 'string', default: '127.0.0.1', describe: 'Address to listen on', requiresArg: true },
    journal: { type: 'boolean', default: true, describe: 'Record invocations' },
    'max-instances': {
      type: 'number',
      default: DEFAULT_LIMITS.perFunction,
      describe: 'Instances of one function at once',
      requiresArg: true,
    },
    'timeout-mode': {
      choices: ['kill', 'keep'] as const,
      default: 'kill',
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
    backend: args.backend,
    cold: args.cold,
    freeze: args.freeze,
    durability: args.durability,
    host: args.host,
    journal: args.journal,
    timeoutMode: args.timeoutMode,
    limits: {
      ...DEFAULT_LIMITS,
      perFunction: args.maxInstances,
      ...(args.memoryBudget === undefined ? {} : { memoryMb: args.memoryBudget }),
    },
  };
}
