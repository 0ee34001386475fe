/** Makes a function image from the runtime found on this machine: no registry, no build tool, a second or two. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { messageOf, SlsError } from '../../std/errors.ts';
import type { Engine, ListedImage } from '../backends/docker/engine.ts';
import { cultureDefaults } from '../dotnet-defaults.ts';
import {
  findInterpreter,
  type Interpreter,
  type InterpreterSearch,
  identityOfInterpreter,
} from './interpreter.ts';
import { collectRootFiles, type ImageUser } from './root-files.ts';
import { makeTar } from './tar.ts';

export interface MakeImageOptions extends InterpreterSearch {
  /** Default: the user of this process. */
  readonly user?: ImageUser;
  /** Make it even when an image of the same runtime and interpreter is there. */
  readonly again?: true;
}

export interface MadeImage {
  /** `sls-local/nodejs20:1f2e3d4c5b6a`; the tag is the content's hash. */
  readonly name: string;
  /** False when it was there already. */
  readonly made: boolean;
}

export const IMAGE_LABEL = 'sls-local.image';
const KEY_LABEL = 'sls-local.image.key';
/** Part of the key: a change of what goes into an image makes the older ones obsolete. */
const RECIPE = '4';

/** Throws `SlsError` `image-not-made` or `runtime-missing`. */
export async function makeImage(
  engine: Engine,
  runtime: string,
  options: MakeImageOptions,
): Promise<MadeImage> {
  if (process.platform !== 'linux')
    throw new SlsError(
      'image-not-made',
      `an image for ${runtime} cannot be made from the programs of this ${process.platform} machine: containers run Linux`,
      { hint: 'let the engine pull the base image of the provider, or use --backend process' },
    );
  const interpreter = await findInterpreter(runtime, options);
  const user = options.user ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const key = keyOf(runtime, interpreter, user);
  const there = options.again ? undefined : await findMade(engine, key);
  if (there) return { name: there, made: false };
  options.notice(`making a container image for ${runtime} from ${describe(interpreter)}`);
  try {
    return { name: await build(engine, runtime, key, interpreter, user), made: true };
  } catch (failure) {
    if (failure instanceof SlsError) throw failure;
    throw new SlsError('image-not-made', `the image for ${runtime} was not made: ${messageOf(failure)}`, {
      cause: failure,
    });
  }
}

/** The image made earlier from the same interpreter, if it is still there. */
export async function madeImageOf(
  engine: Engine,
  runtime: string,
  options: MakeImageOptions,
): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const interpreter = await findInterpreter(runtime, options);
  const user = options.user ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  return findMade(engine, keyOf(runtime, interpreter, user));
}

async function findMade(engine: Engine, key: string): Promise<string | undefined> {
  const images = await engine.images(`${KEY_LABEL}=${key}`);
  return images.map(nameOf).find((name) => name !== undefined);
}

function nameOf(image: ListedImage): string | undefined {
  return image.tags.find((tag) => tag.startsWith('sls-local/'));
}

async function build(
  engine: Engine,
  runtime: string,
  key: string,
  interpreter: Interpreter,
  user: ImageUser,
): Promise<string> {
  const hash = createHash('sha256');
  const entries = await collectRootFiles(interpreter, user);
  const id = await engine.importImage(Readable.from(hashing(makeTar(entries), hash)), [
    `LABEL ${IMAGE_LABEL}=${runtime} ${KEY_LABEL}=${key}`,
    'ENV PATH=/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin',
    'WORKDIR /var/task',
    ...variablesOf(interpreter).map((variable) => `ENV ${variable}`),
  ]);
  const repository = `sls-local/${runtime.replace(/\.x$/, '')}`;
  const tag = hash.digest('hex').slice(0, 12);
  // Tagged only when whole: a half-imported image has no name.
  await engine.tag(id, repository, tag);
  await removeNameless(engine, key);
  return `${repository}:${tag}`;
}

function variablesOf(interpreter: Interpreter): readonly string[] {
  if (interpreter.kind !== 'dotnet') return [];
  const variables = { DOTNET_ROOT: '/var/lang/bin', ...cultureDefaults(interpreter.runtime.major) };
  return Object.entries(variables).map(([name, value]) => `${name}=${value}`);
}

/** An image made again takes the name from the one before. */
async function removeNameless(engine: Engine, key: string): Promise<void> {
  // One that a container still uses goes the next time.
  for (const { id, tags } of await engine.images(`${KEY_LABEL}=${key}`))
    if (tags.length === 0 || tags[0] === '<none>:<none>') await engine.removeImage(id).catch(() => {});
}

async function* hashing(
  pieces: AsyncIterable<Buffer>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}

function keyOf(runtime: string, interpreter: Interpreter, { uid, gid }: ImageUser): string {
  const text = [RECIPE, runtime, identityOfInterpreter(interpreter), uid, gid].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function describe(interpreter: Interpreter): string {
  return interpreter.kind === 'none' ? 'this system' : interpreter.file;
}
