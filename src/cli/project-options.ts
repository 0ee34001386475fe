/** The options every command that reads a project shares. */
import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import type { LoadOptions } from '../model/project.ts';
import { SlsError } from '../std/errors.ts';

export interface ProjectArguments {
  readonly dir: string;
  readonly config?: string | undefined;
  readonly stage?: string | undefined;
  readonly region?: string | undefined;
  readonly param?: readonly string[] | undefined;
  readonly opt?: readonly string[] | undefined;
  readonly stateFolder?: string | undefined;
}

export function withProjectOptions<T>(y: Argv<T>): Argv<T & ProjectArguments> {
  return y.options({
    dir: { alias: 'C', type: 'string', default: '.', describe: 'Project folder', requiresArg: true },
    config: {
      alias: 'c',
      type: 'string',
      describe: 'Project file (default: the first one found in the folder)',
      requiresArg: true,
    },
    stage: { alias: 's', type: 'string', describe: 'Stage', requiresArg: true },
    region: { alias: 'r', type: 'string', describe: 'Region', requiresArg: true },
    param: {
      type: 'string',
      array: true,
      describe: 'KEY=VALUE for template parameters and ${param:KEY}',
      requiresArg: true,
    },
    opt: { type: 'string', array: true, describe: 'KEY=VALUE for ${opt:KEY}', requiresArg: true },
    'state-folder': {
      type: 'string',
      describe: 'Where data, builds and the journal live (default: .sls-local in the project)',
      requiresArg: true,
    },
  }) as unknown as Argv<T & ProjectArguments>;
}

export interface ProjectChoice {
  /** Absolute. */
  readonly root: string;
  /** Absolute. */
  readonly file?: string;
  readonly stateFolder?: string;
  readonly load: LoadOptions;
}

export function chooseProject(args: ProjectArguments): ProjectChoice {
  const root = resolve(args.dir);
  return {
    root,
    ...(args.config === undefined ? {} : { file: resolve(root, args.config) }),
    ...(args.stateFolder === undefined ? {} : { stateFolder: resolve(args.stateFolder) }),
    load: {
      ...(args.stage === undefined ? {} : { stage: args.stage }),
      ...(args.region === undefined ? {} : { region: args.region }),
      parameters: pairs(args.param ?? [], '--param'),
      options: {
        ...pairs(args.opt ?? [], '--opt'),
        ...(args.stage ? { stage: args.stage } : {}),
        ...(args.region ? { region: args.region } : {}),
      },
      env: process.env,
    },
  };
}

function pairs(texts: readonly string[], flag: string): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1)
        throw new SlsError('bad-option', `${flag} takes KEY=VALUE, found "${text}"`, {
          hint: `for example ${flag} tableName=orders`,
        });
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
