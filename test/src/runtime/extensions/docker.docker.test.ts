import { makeFramesContract } from '../../../../src/runtime/contracts/frames/frames.ts';
import { makeSystemClock } from '../../../../src/std/clock.ts';
import { randomIds } from '../../../../src/std/ids.ts';
import { describeExtensions } from '../../../suites/extensions.suite.ts';
import { openDockerParts } from '../backends/docker/docker-parts.ts';

describeExtensions('extensions in the function’s container', {
  open: async () => {
    const parts = openDockerParts();
    const contract = makeFramesContract({ folder: parts.folder, clock: makeSystemClock(), ids: randomIds });
    return { ...parts, contract };
  },
  runtime: 'nodejs22.x',
  outlives: false,
});
