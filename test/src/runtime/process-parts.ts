/** Process backend and frame channel in a session folder of their own, for the tests of the runtime. */
import type { FirstRuntime } from '../../../src/runtime/backends/process/first-runtime.ts';
import { makeProcessBackend } from '../../../src/runtime/backends/process/process.ts';
import { makeFramesContract } from '../../../src/runtime/contracts/frames/frames.ts';
import { openSessionFolder } from '../../../src/runtime/session-folder.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { randomIds } from '../../../src/std/ids.ts';

export interface ProcessPartsOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly first?: FirstRuntime;
}

export function openProcessParts(options: ProcessPartsOptions = {}) {
  const clock = makeSystemClock();
  const folder = openSessionFolder(randomIds);
  const backend = makeProcessBackend({
    folder: folder.path,
    clock,
    env: options.env ?? process.env,
    ...(options.first && { first: options.first }),
  });
  return {
    clock,
    folder: folder.path,
    backend,
    contract: makeFramesContract({ folder: folder.path, clock, ids: randomIds }),
    async close() {
      await backend.close();
      folder.close();
    },
  };
}
