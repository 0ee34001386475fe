/** The process backend against the suite every backend runs. */
import { makeProcessBackend } from '../../../../../src/runtime/backends/process/process.ts';
import { openSessionFolder } from '../../../../../src/runtime/session-folder.ts';
import { makeSystemClock } from '../../../../../src/std/clock.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { describeBackend } from '../../../../suites/backend.suite.ts';

describeBackend('processes', {
  runtime: 'nodejs22.x',
  limitsAllMemory: false,
  open: async () => {
    const folder = openSessionFolder(randomIds);
    const backend = makeProcessBackend({ folder: folder.path, clock: makeSystemClock(), env: process.env });
    return {
      ...backend,
      async close() {
        await backend.close();
        folder.close();
      },
    };
  },
});
