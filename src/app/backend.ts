/** Decides where functions run: in containers where an engine answers, else in child processes, with the reason. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Backend, FoundImage } from '../model/runtime.ts';
import { makeProcessBackend } from '../runtime/backends/process/process.ts';
import { sweepDeadSessions } from '../runtime/backends/process/sweep.ts';
import { SlsError } from '../std/errors.ts';
import type { Ground } from './ground.ts';
import { workspaceRootOf } from './workspace-root.ts';

export interface ChosenBackend {
  readonly backend: Backend;
  /** Why containers are not used although nobody asked for processes. */
  readonly reason?: string;
}

export async function openBackend(ground: Ground): Promise<ChosenBackend> {
  const choice = ground.options.backend;
  if (choice === 'process') return { backend: openProcesses(ground) };
  const docker = await openDocker(ground);
  const usable = await docker.usable();
  if (usable === true) return { backend: docker };
  await docker.close();
  if (choice === 'docker')
    throw new SlsError('no-engine', `--backend docker: ${usable.reason}`, {
      hint: 'start a container engine, set DOCKER_HOST, or use --backend process',
    });
  return { backend: openProcesses(ground), reason: usable.reason };
}

function openProcesses({ options, folder, clock, notice }: Ground): Backend {
  const { root, firstRuntime: first } = options;
  return makeProcessBackend({ folder, clock, env: process.env, root, notice, ...(first && { first }) });
}

/** Removes what dead sessions left: their containers, their processes and their folders, whichever backend they ran. */
export async function sweepLeftovers({ backend }: ChosenBackend): Promise<void> {
  if (backend.name !== 'process') sweepDeadSessions();
  await backend.sweep();
}

/** Rejects with `SlsError` where there is no such image, or no engine to run it. */
export async function findImage({ backend, reason }: ChosenBackend, name: string): Promise<FoundImage> {
  if (backend.findImage) return backend.findImage(name);
  const why = reason === undefined ? '' : ` (${reason})`;
  throw new SlsError(
    'engine-needed',
    `the image "${name}" needs a container engine, and functions run as processes here${why}`,
    { hint: 'start a container engine (Docker, Podman, …) and use --backend docker' },
  );
}

/** What containers need is loaded only when they may be used. */
async function openDocker({ options, state, clock, ids, folder, hub }: Ground): Promise<Backend> {
  const [{ makeDockerBackend }, { makeImageChooser }] = await Promise.all([
    import('../runtime/backends/docker/docker.ts'),
    import('../runtime/images/choose-image.ts'),
  ]);
  const notice = (message: string) => hub.emit({ type: 'notice', level: 'info', message });
  return makeDockerBackend({
    clock,
    ids,
    folder,
    env: process.env,
    homeDir: homedir(),
    folders: [workspaceRootOf(options.root)],
    linkedFolders: join(state.path, 'linked-folders.json'),
    images: makeImageChooser({
      offline: process.env.SLS_LOCAL_OFFLINE === '1',
      env: process.env,
      root: options.root,
      notice,
    }),
    notice,
  });
}
