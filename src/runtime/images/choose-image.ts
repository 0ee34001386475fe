/** Which image a function runs in: its own, the provider's public one, or one made on this machine. */
import type { FunctionSpec } from '../../model/project.ts';
import type { FoundImage } from '../../model/runtime.ts';
import { messageOf, SlsError } from '../../std/errors.ts';
import type { Engine } from '../backends/docker/engine.ts';
import { buildFunctionImage } from './function-image.ts';
import { type MakeImageOptions, madeImageOf, makeImage } from './make-image.ts';
import { publicImageOf } from './public-images.ts';

export interface ImageChooser {
  /** `contentId` tells apart what an image was built from. Rejects with `SlsError` `image-missing`, `image-not-made`, `image-build-failed` or `runtime-missing`. */
  imageFor(engine: Engine, fn: FunctionSpec, contentId?: string): Promise<string>;
  /** The image a name means now, pulled where it is not there. Rejects with `SlsError` `image-missing`. */
  find(engine: Engine, name: string): Promise<FoundImage>;
}

export interface ChooseImageOptions extends MakeImageOptions {
  /** Never ask a registry. */
  readonly offline: boolean;
}

/** A registry that sends nothing for so long is taken for unreachable. */
const PATIENCE_MS = 5_000;

/** Each image is looked for once; a failure is tried again the next time. */
export function makeImageChooser(chooserOptions: ChooseImageOptions): ImageChooser {
  const options = { ...chooserOptions, notice: onceEach(chooserOptions.notice) };
  const chosen = new Map<string, Promise<string>>();
  const once = (key: string, find: () => Promise<string>) => {
    let found = chosen.get(key);
    if (!found) {
      found = find();
      chosen.set(key, found);
      found.catch(() => chosen.delete(key));
    }
    return found;
  };
  return {
    imageFor(engine, fn, contentId = 'latest') {
      const { image, imageBuild, runtime, deployed } = fn;
      if (imageBuild && !deployed) {
        const name = `built ${image} ${contentId}`;
        const built = once(name, () =>
          buildFunctionImage(engine, fn, imageBuild, contentId, chooserOptions.notice),
        );
        // Looked for again the next time: a build of other content removes it.
        void built.then(
          () => chosen.delete(name),
          () => {},
        );
        return built;
      }
      const key = image === undefined ? `runtime ${runtime}` : `image ${image}`;
      return once(key, () =>
        image === undefined ? imageOfRuntime(engine, runtime, options) : ownImage(engine, image, options),
      );
    },
    async find(engine, name) {
      return engine.inspectImage(await ownImage(engine, name, options));
    },
  };
}

async function ownImage(engine: Engine, name: string, options: ChooseImageOptions): Promise<string> {
  if (await engine.hasImage(name)) return name;
  if (name.startsWith('sha256:'))
    throw new SlsError('image-missing', `the image "${name}" is no longer in the container engine`, {
      hint: 'deploy it again with update-function-code --image-uri',
    });
  const failure = await pull(engine, name, options);
  if (failure === undefined) return name;
  throw new SlsError('image-missing', `the image "${name}" is not in the container engine: ${failure}`, {
    hint: `docker pull ${name}, or build it under this name`,
  });
}

async function imageOfRuntime(engine: Engine, runtime: string, options: ChooseImageOptions): Promise<string> {
  const base = publicImageOf(runtime);
  if (base !== undefined && (await engine.hasImage(base))) return base;
  const made = await madeImageOf(engine, runtime, options).catch(() => undefined);
  if (made !== undefined) return made;
  if (base !== undefined && (await pull(engine, base, options)) === undefined) return base;
  return (await makeImage(engine, runtime, options)).name;
}

/** Resolves with why it could not be pulled, or undefined. */
async function pull(
  engine: Engine,
  name: string,
  { offline, notice }: ChooseImageOptions,
): Promise<string | undefined> {
  if (offline) return 'no registry is asked when offline';
  notice(`pulling the image ${name}`);
  try {
    await engine.pull(name, PATIENCE_MS);
    return undefined;
  } catch (failure) {
    notice(`${name} cannot be pulled: ${messageOf(failure)}`);
    return messageOf(failure);
  }
}

function onceEach(notice: (message: string) => void): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    if (!told.has(message)) notice(message);
    told.add(message);
  };
}
