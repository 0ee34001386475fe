/** A Go function in containers. */
import { makeRuntimeApiContract } from '../../../../../src/runtime/contracts/runtime-api/contract.ts';
import { makeSystemClock } from '../../../../../src/std/clock.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { testGo } from '../../../../suites/go.suite.ts';
import { describeWithTool, tool } from '../../../../suites/require-tool.ts';
import { openDockerParts } from '../../backends/docker/docker-parts.ts';

const docker = await tool('docker');

if (docker.available)
  await describeWithTool('go', 'Go in a container', () => {
    testGo(async () => ({
      ...openDockerParts(),
      contract: makeRuntimeApiContract({ clock: makeSystemClock(), ids: randomIds }),
    }));
  });
else await describeWithTool('docker', 'Go in a container', () => {});
