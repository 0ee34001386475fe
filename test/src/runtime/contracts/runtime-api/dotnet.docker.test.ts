/** .NET over the Runtime API: our loader in containers of an image made here. */
import { homedir } from 'node:os';
import { afterAll, beforeAll } from 'vitest';
import { makeRuntimeApiContract } from '../../../../../src/runtime/contracts/runtime-api/contract.ts';
import { makeImageChooser } from '../../../../../src/runtime/images/choose-image.ts';
import { makeSystemClock } from '../../../../../src/std/clock.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { describeContract } from '../../../../suites/contract.suite.ts';
import { compileDotnetFixtures, type DotnetFixtures, dotnetEnv } from '../../../../suites/dotnet-fixtures.ts';
import { describeWithTool, tool } from '../../../../suites/require-tool.ts';
import { fixtures as sources } from '../../../../suites/running-instance.ts';
import { openDockerParts } from '../../backends/docker/docker-parts.ts';

const docker = await tool('docker');

if (docker.available)
  await describeWithTool('dotnet', 'conformance', (dotnet) => {
    let fixtures: DotnetFixtures;
    beforeAll(async () => {
      fixtures = await compileDotnetFixtures(dotnet);
    }, 60_000);
    afterAll(() => fixtures.close());

    describeContract('the Runtime API with .NET in containers', {
      open: async () => ({
        ...openDockerParts({
          env: { HOME: homedir(), ...dotnetEnv(dotnet) },
          images: makeImageChooser({
            env: dotnetEnv(dotnet),
            root: sources,
            notice: () => {},
            offline: true,
          }),
        }),
        contract: makeRuntimeApiContract({
          clock: makeSystemClock(),
          ids: randomIds,
          dotnetHost: fixtures.host,
        }),
      }),
      runtime: 'dotnetcore3.1',
      shortMs: 1000,
      essential: true,
      dir: () => fixtures.shop,
    });
  });
else await describeWithTool('docker', 'the Runtime API with .NET in containers', () => {});
