/** One small container per session whose network namespace all instances share: making a namespace is half of a container's start. */
import { Readable } from 'node:stream';
import { messageOf } from '../../../std/errors.ts';
import { makeTar } from '../../images/tar.ts';
import { type ContainerPlan, type Engine, EngineError, type Labels } from './engine.ts';
import { makePauseProgram } from './pause-program.ts';

export interface SharedNetwork {
  /** The network to start an instance in; the bridge when no shared one can be had. */
  join(engine: Engine): Promise<ContainerPlan['network']>;
  /** The shared container is not there any more; the next `join` makes another. */
  forget(): void;
}

const IMAGE_REPOSITORY = 'sls-local/pause';
const IMAGE_VERSION = '1';
const BRIDGE: ContainerPlan['network'] = { kind: 'bridge' };

/** `name` and `labels` are those of the container. */
export function makeSharedNetwork(
  name: () => string,
  labels: Labels,
  notice: (message: string) => void,
): SharedNetwork {
  let holder: Promise<ContainerPlan['network']> | undefined;
  return {
    join(engine) {
      holder ??= startHolder(engine, name(), labels).catch((failure) => {
        if (failure instanceof EngineError && failure.gone) {
          holder = undefined;
          throw failure;
        }
        notice(`instances get a network each, which makes them start slower: ${messageOf(failure)}`);
        return BRIDGE;
      });
      return holder;
    },
    forget() {
      holder = undefined;
    },
  };
}

async function startHolder(engine: Engine, name: string, labels: Labels): Promise<ContainerPlan['network']> {
  const { architecture } = await engine.facts();
  const program = makePauseProgram(architecture);
  if (!program) return BRIDGE;
  const id = await engine.create({
    name,
    image: await pauseImage(engine, architecture, program),
    labels,
    command: ['/pause'],
    env: {},
    mounts: [],
    pidsLimit: 8,
    network: BRIDGE,
  });
  try {
    await engine.start(id);
  } catch (failure) {
    await engine.remove(id);
    throw failure;
  }
  return { kind: 'of-container', id };
}

async function pauseImage(engine: Engine, architecture: string, program: Buffer): Promise<string> {
  const tag = `${IMAGE_VERSION}-${architecture}`;
  const name = `${IMAGE_REPOSITORY}:${tag}`;
  if (await engine.hasImage(name)) return name;
  const tar = makeTar([{ kind: 'file', path: '/pause', mode: 0o755, content: program }]);
  const id = await engine.importImage(Readable.from(tar), [
    'LABEL sls-local.image=pause',
    'ENTRYPOINT ["/pause"]',
  ]);
  await engine.tag(id, IMAGE_REPOSITORY, tag);
  return name;
}
