/** Options several `data` commands share. */
import type { Argv } from 'yargs';
import { type ProjectArguments, withProjectOptions } from '../project-options.ts';

export interface TableArguments extends ProjectArguments {
  readonly table: string;
}

export function withTable<T>(y: Argv<T>): Argv<T & TableArguments> {
  return withProjectOptions(y).positional('table', {
    type: 'string',
    demandOption: true,
    describe: 'Its name',
  }) as unknown as Argv<T & TableArguments>;
}

export interface KeyArguments extends TableArguments {
  readonly keyWords?: readonly string[] | undefined;
  readonly key?: string | undefined;
}

/** For commands `… <table> [key-words..]`. */
export function withKey<T>(y: Argv<T>): Argv<T & KeyArguments> {
  return withTable(y)
    .positional('key-words', {
      type: 'string',
      array: true,
      describe: 'The key: its value (or both values), NAME=VALUE, or JSON',
    })
    .options({
      key: { alias: 'k', type: 'string', describe: 'The key as JSON: {"id":"1"}', requiresArg: true },
    }) as unknown as Argv<T & KeyArguments>;
}

/** Both forms are one way of saying it. */
export function keyWordsOf({ key, keyWords = [] }: KeyArguments): readonly string[] {
  return key === undefined ? keyWords.map(String) : [key, ...keyWords.map(String)];
}

export interface OutputArguments {
  readonly json: boolean;
  readonly dynamodbJson: boolean;
}

export const outputOptions = {
  json: { type: 'boolean', default: false, describe: 'JSON, one item a line' },
  'dynamodb-json': { type: 'boolean', default: false, describe: 'JSON with types: {"id":{"S":"1"}}' },
} as const;

export interface PageArguments extends OutputArguments {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly index?: string | undefined;
  readonly filter?: readonly string[] | undefined;
}

export const pageOptions = {
  ...outputOptions,
  limit: { alias: 'n', type: 'number', default: 25, describe: 'At most so many; 0 = all', requiresArg: true },
  after: { type: 'string', describe: 'Go on behind this key, as JSON', requiresArg: true },
  index: { alias: 'i', type: 'string', describe: 'An index of the table', requiresArg: true },
  filter: {
    alias: 'f',
    type: 'string',
    array: true,
    // Else it would take the words behind it too.
    nargs: 1,
    describe: `Only items of which this holds: "total >= 100 and begins_with(customer, 'A')"`,
  },
} as const;
