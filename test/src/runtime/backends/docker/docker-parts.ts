/** The docker backend in a session folder of its own, for the suites every backend and contract runs. */
import { homedir } from 'node:os';
import type { Backend } from '../../../../../src/model/runtime.ts';
import {
  type DockerBackendOptions,
  makeDockerBackend,
} from '../../../../../src/runtime/backends/docker/docker.ts';
import { makeImageChooser } from '../../../../../src/runtime/images/choose-image.ts';
import { openSessionFolder } from '../../../../../src/runtime/session-folder.ts';
import { makeSystemClock } from '../../../../../src/std/clock.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { fixtures } from '../../../../suites/running-instance.ts';

export interface DockerParts {
  readonly folder: string;
  readonly backend: Backend;
  close(): Promise<void>;
}

export function openDockerParts(options: Partial<DockerBackendOptions> = {}): DockerParts {
  const folder = openSessionFolder(randomIds);
  const notice = () => {};
  const backend = makeDockerBackend({
    clock: makeSystemClock(),
    ids: randomIds,
    folder: folder.path,
    env: process.env,
    homeDir: homedir(),
    folders: [fixtures],
    images: makeImageChooser({ env: process.env, root: fixtures, notice, offline: true }),
    notice,
    ...options,
  });
  return {
    folder: folder.path,
    backend,
    async close() {
      await backend.close();
      folder.close();
    },
  };
}
