/** Decides where functions run: in containers where an engine answers, else in child processes, with the reason. */
import type { Backend } from '../model/runtime.ts';
import { SlsError } from '../std/errors.ts';
import type { BackendChoice } from './options.ts';

export interface ChosenBackend {
  readonly backend: Backend;
  /** Why containers are not used although nobody asked for processes. */
  readonly reason?: string;
}

export async function chooseBackend(
  choice: BackendChoice,
  makeDocker: () => Promise<Backend>,
  makeProcess: () => Promise<Backend>,
): Promise<ChosenBackend> {
  if (choice === 'process') return { backend: await makeProcess() };
  const docker = await makeDocker();
  const usable = await docker.usable();
  if (usable === true) return { backend: docker };
  await docker.close();
  if (choice === 'docker')
    throw new SlsError('no-engine', `--backend docker: ${usable.reason}`, {
      hint: 'start a container engine, set DOCKER_HOST, or use --backend process',
    });
  return { backend: await makeProcess(), reason: usable.reason };
}
