/** Java functions over the Runtime API: our bootstrap in containers of an image made here. */
import { afterAll, beforeAll } from 'vitest';
import { makeRuntimeApiContract } from '../../../../../src/runtime/contracts/runtime-api/contract.ts';
import { makeSystemClock } from '../../../../../src/std/clock.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { describeContract } from '../../../../suites/contract.suite.ts';
import { compileJavaFixtures, type JavaFixtures } from '../../../../suites/java-fixtures.ts';
import { describeWithTool, tool } from '../../../../suites/require-tool.ts';
import { openDockerParts } from '../../backends/docker/docker-parts.ts';

const docker = await tool('docker');

if (docker.available)
  await describeWithTool('java', 'conformance', () => {
    let fixtures: JavaFixtures;
    beforeAll(async () => {
      fixtures = await compileJavaFixtures();
    });
    afterAll(() => fixtures.close());

    describeContract('the Runtime API with Java in containers', {
      open: async () => ({
        ...openDockerParts(),
        contract: makeRuntimeApiContract({ clock: makeSystemClock(), ids: randomIds }),
      }),
      runtime: 'java17',
      shortMs: 1000,
      essential: true,
      dir: () => fixtures.classes,
    });
  });
else await describeWithTool('docker', 'the Runtime API with Java in containers', () => {});
