/** `sls-local images`: the container images made on this machine for functions. */
import type { CommandModule } from 'yargs';
import { isKnownRuntime, runtimesLike } from '../../loaders/runtimes.ts';
import { SlsError } from '../../std/errors.ts';
import { paint } from '../colours.ts';

interface JsonArguments {
  readonly json: boolean;
}

interface MakeArguments extends JsonArguments {
  readonly runtime: readonly string[];
  readonly again: boolean;
}

interface RemoveArguments extends JsonArguments {
  readonly which: readonly string[];
}

const DEFAULT_RUNTIME = `nodejs${process.versions.node.split('.')[0]}.x`;
const json = { type: 'boolean', default: false, describe: 'JSON' } as const;

export const imagesCommand: CommandModule = {
  command: 'images <command>',
  describe: 'Make, list and remove the images functions run in',
  builder: (y) => y.command(listCommand).command(makeCommand).command(removeCommand).demandCommand(1),
  handler: () => {},
};

const listCommand: CommandModule<object, JsonArguments> = {
  command: 'list',
  describe: 'The images made here',
  builder: (y) => y.options({ json }) as never,
  handler: async (args) => {
    const images = await (await tools()).list();
    if (args.json) return print(JSON.stringify(images, null, 2));
    if (images.length === 0) print(paint.dim('no image was made here yet; sls-local images make'));
    for (const { name, runtime, sizeBytes, createdAt } of images)
      print(
        `${paint.bold(name)}  ${runtime}  ${(sizeBytes / 1024 / 1024).toFixed(0)} MB  ${paint.dim(new Date(createdAt).toISOString())}`,
      );
  },
};

const makeCommand: CommandModule<object, MakeArguments> = {
  command: 'make [runtime..]',
  describe: 'Make images from the runtimes of this machine',
  builder: (y) =>
    y
      .positional('runtime', {
        type: 'string',
        array: true,
        default: [DEFAULT_RUNTIME],
        describe: 'nodejs22.x, python3.13, …',
      })
      .options({
        json,
        again: { type: 'boolean', default: false, describe: 'Also when the image is there' },
      }) as never,
  handler: async (args) => {
    args.runtime.forEach(checkRuntime);
    const { make } = await tools();
    const made = [];
    for (const runtime of args.runtime) {
      const image = await make(runtime, args.again ? 'always' : 'if-missing');
      made.push({ runtime, ...image });
      if (!args.json) print(`${image.made ? 'made' : 'already there:'} ${paint.bold(image.name)}`);
    }
    if (args.json) print(JSON.stringify(made, null, 2));
  },
};

function checkRuntime(runtime: string): void {
  if (isKnownRuntime(runtime)) return;
  throw new SlsError('unknown-runtime', `there is no runtime "${runtime}"`, {
    hint: `known ones: ${runtimesLike(runtime)}`,
  });
}

const removeCommand: CommandModule<object, RemoveArguments> = {
  command: 'rm [which..]',
  describe: 'Remove images by name or runtime; all of them when none is named',
  builder: (y) =>
    y.positional('which', { type: 'string', array: true, default: ['all'] }).options({ json }) as never,
  handler: async (args) => {
    const { remove } = await tools();
    const results = [];
    for (const which of args.which) results.push(await remove(which));
    const removed = results.flatMap((result) => result.removed);
    const kept = results.flatMap((result) => result.kept);
    if (args.json) return print(JSON.stringify({ removed, kept }, null, 2));
    for (const name of removed) print(`removed ${name}`);
    for (const { name, reason } of kept) print(`${paint.yellow('kept')} ${name}: ${reason}`);
    if (removed.length + kept.length === 0) print(paint.dim('nothing to remove'));
  },
};

async function tools() {
  const { openImageTools } = await import('../../app/images.ts');
  return openImageTools(process.cwd(), (message) => void process.stderr.write(`${message}\n`));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
