/** Builds the image of a function from its Dockerfile, through the engine. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { FunctionSpec, ImageBuild } from '../../model/project.ts';
import { SlsError } from '../../std/errors.ts';
import { type Engine, EngineError } from '../backends/docker/engine.ts';
import { contextEntries } from './build-context.ts';
import { IMAGE_LABEL } from './make-image.ts';
import { makeTar } from './tar.ts';

const FUNCTION_LABEL = 'sls-local.function';
const SHOWN_LINES = 20;

/** The name of the image made from this very content. Throws `SlsError` `image-build-failed`. */
export async function buildFunctionImage(
  engine: Engine,
  fn: FunctionSpec,
  build: ImageBuild,
  contentId: string,
  notice: (message: string) => void,
): Promise<string> {
  const name = `${fn.image}:${contentId}`;
  if (await engine.hasImage(name)) return name;
  if (!existsSync(join(build.context, build.dockerfile)))
    throw new SlsError(
      'image-build-failed',
      `the image of function ${fn.id}: there is no ${build.dockerfile} in ${build.context}`,
      { ...fn.place },
    );
  const said: string[] = [];
  let step = '';
  const onLine = (line: string) => {
    said.push(line);
    if (!/^Step \d+\/\d+ : /.test(line)) return;
    step = line;
    notice(`${fn.id}: ${line}`);
  };
  notice(`building the image of ${fn.id} from ${join(build.context, build.dockerfile)}`);
  try {
    await engine.buildImage(Readable.from(makeTar(contextEntries(build.context, build.dockerfile))), {
      tag: name,
      dockerfile: build.dockerfile,
      args: build.args,
      ...(build.target !== undefined && { target: build.target }),
      labels: { [IMAGE_LABEL]: `function ${fn.id}`, [FUNCTION_LABEL]: placeOf(fn, build) },
      onLine,
    });
  } catch (failure) {
    if (!(failure instanceof EngineError) || failure.gone) throw failure;
    const where = step === '' ? '' : ` at ${step.replace(/ : /, ': ')}`;
    const last = said.slice(said.lastIndexOf(step) + 1).slice(-SHOWN_LINES);
    throw new SlsError(
      'image-build-failed',
      `the image of function ${fn.id} was not built: ${join(build.context, build.dockerfile)} failed${where}\n${[...last, failure.message].join('\n')}`,
      { ...fn.place, cause: failure },
    );
  }
  await removeOlder(engine, placeOf(fn, build), name);
  return name;
}

/** What tells the function apart from those of other projects. */
function placeOf({ id }: FunctionSpec, { context }: ImageBuild): string {
  return createHash('sha256').update(`${context}\n${id}`).digest('hex').slice(0, 16);
}

/** One an instance still runs from goes with the next build. */
async function removeOlder(engine: Engine, place: string, name: string): Promise<void> {
  for (const { tags } of await engine.images(`${FUNCTION_LABEL}=${place}`))
    for (const tag of tags) if (tag !== name) await engine.removeImage(tag).catch(() => {});
}
