/** Ruby functions over the Runtime API: our bootstrap in containers of an image made here. */
import { makeRuntimeApiContract } from '../../../../../src/runtime/contracts/runtime-api/contract.ts';
import { makeSystemClock } from '../../../../../src/std/clock.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { describeContract } from '../../../../suites/contract.suite.ts';
import { describeWithTool, tool } from '../../../../suites/require-tool.ts';
import { openDockerParts } from '../../backends/docker/docker-parts.ts';

const docker = await tool('docker');

if (docker.available)
  await describeWithTool('ruby', 'conformance', () => {
    describeContract('the Runtime API with Ruby in containers', {
      open: async () => ({
        ...openDockerParts(),
        contract: makeRuntimeApiContract({ clock: makeSystemClock(), ids: randomIds }),
      }),
      runtime: 'ruby3.3',
      shortMs: 500,
    });
  });
else await describeWithTool('docker', 'the Runtime API with Ruby in containers', () => {});
