/** `sls-local schedules`: lists the schedules of the running session, or fires one by hand. */
import type { CommandModule } from 'yargs';
import type { ScheduleLine, Session } from '../../app/session-seam.ts';
import { paint } from '../colours.ts';
import { type ProjectArguments, withProjectOptions } from '../project-options.ts';
import { needRunning } from '../running.ts';

interface ListArguments extends ProjectArguments {
  readonly json: boolean;
}

interface FireArguments extends ListArguments {
  readonly name: string;
}

export const schedulesCommand: CommandModule = {
  command: 'schedules <command>',
  describe: 'List the schedules of the running session, or fire one now',
  builder: (y) => y.command(listCommand).command(fireCommand).demandCommand(1),
  handler: () => {},
};

const listCommand: CommandModule<object, ListArguments> = {
  command: 'list',
  describe: 'Each schedule, its function and when it is due',
  builder: (y) =>
    withProjectOptions(y).options({ json: { type: 'boolean', default: false, describe: 'JSON' } }) as never,
  handler: async (args) => {
    const schedules = await needRunning(args).get<ReturnType<Session['schedules']>>('schedules');
    if (args.json) return void process.stdout.write(`${JSON.stringify(schedules, null, 2)}\n`);
    for (const line of schedules) process.stdout.write(`${lineOf(line)}\n`);
  },
};

function lineOf({ name, group, functionId, expression, nextAt, dueAt }: ScheduleLine): string {
  const full = group === undefined || group === 'default' ? name : `${group}/${name}`;
  const next = nextAt === undefined ? 'never' : new Date(nextAt).toISOString();
  const chosen = dueAt === undefined ? '' : ` (due ${new Date(dueAt).toISOString()}, within its window)`;
  return `${paint.bold(full)}  ${expression}  → ${functionId}  ${paint.dim(next + chosen)}`;
}

const fireCommand: CommandModule<object, FireArguments> = {
  command: 'fire <name>',
  describe: 'Run a schedule now, by its name or its function',
  builder: (y) =>
    withProjectOptions(y)
      .positional('name', { type: 'string', demandOption: true })
      .options({ json: { type: 'boolean', default: false, describe: 'JSON' } }) as never,
  handler: async (args) => {
    const fired = await needRunning(args).post<{ requestId: string }>('schedules/fire', { name: args.name });
    process.stdout.write(
      args.json ? `${JSON.stringify(fired)}\n` : `fired ${args.name}, request ${fired.requestId}\n`,
    );
  },
};
