/** The Runtime API against the suite every contract runs, with the official client in containers. */
import { describeContract } from '../../../../suites/contract.suite.ts';
import { describeWithTool, tool } from '../../../../suites/require-tool.ts';
import { openDockerParts } from '../../backends/docker/docker-parts.ts';
import { makeRicContract } from './ric-parts.ts';

const runtime = `nodejs${process.versions.node.split('.')[0]}.x`;
const docker = await tool('docker');

if (docker.available)
  await describeWithTool('ric', 'conformance', (ric) => {
    describeContract('the Runtime API with the official client in containers', {
      open: async () => ({ ...openDockerParts(), contract: makeRicContract(ric, 'node') }),
      runtime,
      shortMs: 500,
    });
  });
else await describeWithTool('docker', 'the Runtime API with the official client in containers', () => {});
