/** `sls-local events`: makes the event a source would hand to a function. */
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { Argv, CommandModule } from 'yargs';
import { makeSampleEvent, sampleSources } from '../../app/sample-events/catalogue.ts';
import { type GivenOptions, SAMPLE_OPTIONS, type SampleOption } from '../../app/sample-events/sample.ts';
import { setMember } from '../../app/sample-events/set-member.ts';
import { codeOf, messageOf, SlsError } from '../../std/errors.ts';
import { makeSeededIds, randomIds } from '../../std/ids.ts';
import { paint } from '../colours.ts';

interface GenerateArguments {
  readonly eventSource?: string | undefined;
  readonly list: boolean;
  readonly json: boolean;
  readonly set?: readonly string[] | undefined;
  readonly seed?: number | undefined;
  readonly at?: string | undefined;
  readonly region: string;
  readonly account: string;
}

export const eventsCommand: CommandModule = {
  command: 'events <command>',
  describe: 'Make the events that sources hand to functions',
  builder: (y) => y.command(generateCommand).demandCommand(1),
  handler: () => {},
};

const generateCommand: CommandModule<object, GenerateArguments> = {
  command: 'generate [event-source]',
  describe: 'Print an event of a source, for example to `invoke FUNCTION -e -`',
  builder: (y) =>
    withSampleOptions(y)
      .positional('event-source', { type: 'string', describe: 'One of --list' })
      .options({
        list: { type: 'boolean', default: false, describe: 'The sources and what each takes' },
        json: { type: 'boolean', default: false, describe: 'On one line; with --list as JSON' },
        set: {
          type: 'string',
          array: true,
          describe: 'PATH=VALUE of any member, or PATH:=JSON',
          requiresArg: true,
        },
        seed: { type: 'number', describe: 'The same event for the same number', requiresArg: true },
        at: {
          type: 'string',
          describe: 'Its time, such as 2026-01-01T12:00:00Z (default: now; with --seed 2026-01-01)',
          requiresArg: true,
        },
        region: { alias: 'r', type: 'string', default: 'us-east-1', describe: 'Region', requiresArg: true },
        account: { type: 'string', default: '000000000000', describe: 'Account id', requiresArg: true },
      })
      .example('$0 events generate sqs --body \'{"id":1}\' | $0 invoke worker -e -', '') as never,
  handler: async (args) => {
    if (args.list) return printSources(args.json);
    if (args.eventSource === undefined)
      throw new SlsError('source-missing', 'name a source, for example: sls-local events generate sqs', {
        hint: 'see them all with: sls-local events generate --list',
      });
    const event = makeSampleEvent(args.eventSource, {
      ids: args.seed === undefined ? randomIds : makeSeededIds(args.seed),
      at: timeOf(args),
      region: args.region,
      accountId: args.account,
      given: await readGiven(args as unknown as GivenOptions),
    });
    for (const assignment of args.set ?? []) setMember(event, assignment);
    process.stdout.write(`${JSON.stringify(event, null, args.json ? 0 : 2)}\n`);
  },
};

const LISTS: ReadonlySet<string> = new Set(['header', 'attribute']);

function withSampleOptions(y: Argv): Argv {
  let all = y;
  for (const [name, describe] of Object.entries(SAMPLE_OPTIONS))
    all = all.option(name, {
      type: name === 'count' ? 'number' : 'string',
      ...(LISTS.has(name) && { array: true }),
      describe,
      requiresArg: true,
      group: 'What it is about (each source takes some of them):',
    });
  return all;
}

async function readGiven(args: GivenOptions): Promise<GivenOptions> {
  const named = (Object.keys(SAMPLE_OPTIONS) as SampleOption[]).map((name) => [name, args[name]]);
  const given: GivenOptions = Object.fromEntries(named.filter(([, value]) => value !== undefined));
  const { count, body } = given;
  if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= 10_000))
    throw new SlsError('bad-option', `--count takes a whole number from 1 to 10000, found ${count}`);
  return body === undefined ? given : { ...given, body: await readBody(body) };
}

async function readBody(body: string): Promise<string> {
  if (body === '-') return (await text(process.stdin)).replace(/\n$/, '');
  if (!body.startsWith('@')) return body;
  try {
    return readFileSync(body.slice(1), 'utf8');
  } catch (failure) {
    throw new SlsError(
      'body-unreadable',
      `the file "${body.slice(1)}" cannot be read (${codeOf(failure) ?? messageOf(failure)})`,
    );
  }
}

const SEEDED_AT = Date.UTC(2026, 0, 1);

function timeOf({ at, seed }: GenerateArguments): number {
  if (at === undefined) return seed === undefined ? Date.now() : SEEDED_AT;
  const time = Date.parse(at);
  if (!Number.isNaN(time)) return time;
  throw new SlsError('bad-option', `--at takes a time such as 2026-01-01T12:00:00Z, found "${at}"`);
}

function printSources(asJson: boolean): void {
  const sources = sampleSources.map(({ make: _, ...source }) => source);
  if (asJson) return void process.stdout.write(`${JSON.stringify(sources, null, 2)}\n`);
  const width = Math.max(...sources.map(({ name }) => name.length));
  for (const { name, describe, options } of sources)
    process.stdout.write(
      `${paint.bold(name.padEnd(width))}  ${describe}\n${' '.repeat(width)}  ${paint.dim(options.map((option) => `--${option}`).join(' '))}\n`,
    );
}
