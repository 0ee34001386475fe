/** `sls-local send`: gives something to a service of the running session, as a client of that service would. */
import { basename } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import type { Project } from '../../model/project.ts';
import { SlsError } from '../../std/errors.ts';
import { makeTraceId, randomIds } from '../../std/ids.ts';
import { paint } from '../colours.ts';
import { type ProjectArguments, withProjectOptions } from '../project-options.ts';
import { needRunning, type RunningSession } from '../running.ts';
import { answerText, readAnswer } from '../send/answer.ts';
import { linesOf, readBody } from '../send/bodies.ts';
import { type Answer, type Endpoint, openEndpoint } from '../send/endpoint.ts';
import { nameFor, needBus, withListing } from '../send/listing.ts';
import { SEND_KINDS, type Sending, type SendKind, wireRequest } from '../send/wire-request.ts';

interface SendArguments extends ProjectArguments {
  readonly kind: SendKind | 'schedule';
  readonly name: string;
  readonly body?: string | undefined;
  readonly lines: boolean;
  readonly attribute?: readonly string[] | undefined;
  readonly key?: string | undefined;
  readonly group?: string | undefined;
  readonly deduplication?: string | undefined;
  readonly subject?: string | undefined;
  readonly delay?: number | undefined;
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly contentType?: string | undefined;
  readonly wait?: boolean | undefined;
  readonly json: boolean;
}

export const sendCommand: CommandModule<object, SendArguments> = {
  command: 'send <kind> <name> [body]',
  describe: 'Send a message, event, object, item or record to a service of the running session',
  builder: (y) =>
    withTexts(withProjectOptions(y))
      .positional('kind', { choices: [...SEND_KINDS, 'schedule'] as const, demandOption: true })
      .positional('name', {
        type: 'string',
        demandOption: true,
        describe: 'As the project file or the service calls it',
      })
      .positional('body', { type: 'string', describe: 'Text, @FILE, or - for standard input' })
      .options({
        lines: {
          alias: 'l',
          type: 'boolean',
          default: false,
          describe: 'Each line of the body is one (JSON lines)',
        },
        attribute: {
          alias: 'a',
          type: 'string',
          array: true,
          describe: "NAME=VALUE of a message, or of an object's metadata",
          requiresArg: true,
        },
        delay: { type: 'number', describe: 'Seconds until a message is visible', requiresArg: true },
        wait: { type: 'boolean', describe: "For a function's answer" },
        json: { type: 'boolean', default: false, describe: 'A line of JSON for each that was sent' },
      })
      .example('$0 send queue orders \'{"id":1}\' --group customer-7', '')
      .example('$0 send stream clicks @clicks.jsonl --lines', '') as never,
  handler: async (args) => {
    const running = needRunning(args);
    if (args.kind === 'schedule') return fireSchedule(running, args);
    const project = await running.get<Project>('project');
    const name = nameFor(project, args.kind, args.name);
    const body = await readBody(args.body);
    const bodies = args.lines ? linesOf(body) : [body];
    const endpoint = openEndpoint(running.note.aws);
    try {
      if (args.kind === 'bus') await needBus(endpoint, project, name);
      for (const one of bodies) {
        const sending = sendingOf({ ...args, name }, args.kind, one, project);
        const traceId = makeTraceId({ now: Date.now }, randomIds);
        const answered = await endpoint.send(wireRequest(sending), traceId);
        const answer = await understood(sending, answered, endpoint, project);
        process.stdout.write(
          args.json
            ? `${JSON.stringify({ answer, traceId })}\n`
            : `sent to ${args.kind} ${paint.bold(name)}: ${answerText(sending, answer)}  ${paint.dim(`sls-local traces ${traceId}`)}\n`,
        );
      }
    } finally {
      endpoint.close();
    }
  },
};

async function understood(
  sending: Sending,
  answered: Answer,
  endpoint: Endpoint,
  project: Project,
): Promise<unknown> {
  try {
    return readAnswer(sending, answered);
  } catch (refusal) {
    throw await withListing(refusal, sending, endpoint, project);
  }
}

const TEXTS = {
  key: "An object's key, a record's partition key",
  group: 'Message group of a FIFO queue or topic',
  deduplication: 'Deduplication id in a FIFO queue or topic',
  subject: 'Subject of a message to a topic',
  source: 'The `source` of an event on a bus',
  type: 'The `detail-type` of an event on a bus',
  'content-type': 'Of an object',
} as const;

function withTexts<T>(y: Argv<T>): Argv<T> {
  let all = y;
  for (const [name, describe] of Object.entries(TEXTS))
    all = all.option(name, { type: 'string', describe, requiresArg: true });
  return all;
}

/** Which kinds an option says something to. */
const TAKEN: Readonly<Record<string, readonly SendKind[]>> = {
  attribute: ['queue', 'topic', 'bucket'],
  key: ['bucket', 'stream'],
  group: ['queue', 'topic'],
  deduplication: ['queue', 'topic'],
  subject: ['topic'],
  delay: ['queue'],
  source: ['bus'],
  type: ['bus'],
  contentType: ['bucket'],
  wait: ['function'],
};

function sendingOf(
  args: SendArguments,
  kind: SendKind,
  body: Buffer,
  { region, accountId }: Project,
): Sending {
  for (const [option, kinds] of Object.entries(TAKEN))
    if (args[option as keyof SendArguments] !== undefined && !kinds.includes(kind))
      throw new SlsError('bad-option', `--${option} says nothing to a ${kind}`, {
        hint: `it is for: ${kinds.join(', ')}`,
      });
  const { name, group, deduplication, subject, delay, source, type, contentType, wait } = args;
  const file = args.body?.startsWith('@') ? basename(args.body.slice(1)) : undefined;
  const key = args.key ?? (kind === 'bucket' ? file : undefined);
  return {
    ...{ kind, name, body, region, accountId, key, group, deduplication, subject, source, type, contentType },
    attributes: args.attribute ?? [],
    delaySeconds: delay,
    waits: wait === true,
  };
}

async function fireSchedule(running: RunningSession, { name, json }: SendArguments): Promise<void> {
  const fired = await running.post<{ requestId: string }>('schedules/fire', { name });
  process.stdout.write(
    json ? `${JSON.stringify(fired)}\n` : `fired ${paint.bold(name)}, request ${fired.requestId}\n`,
  );
}
