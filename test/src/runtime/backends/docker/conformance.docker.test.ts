/** Containers against the suites every backend and every contract runs. */
import { makeFramesContract } from '../../../../../src/runtime/contracts/frames/frames.ts';
import { makeSystemClock } from '../../../../../src/std/clock.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { describeBackend } from '../../../../suites/backend.suite.ts';
import { describeContract } from '../../../../suites/contract.suite.ts';
import { describeWithTool } from '../../../../suites/require-tool.ts';
import { openDockerParts } from './docker-parts.ts';

const ownRuntime = `nodejs${process.versions.node.split('.')[0]}.x`;

const openFrames = async () => {
  const parts = openDockerParts();
  const { folder } = parts;
  return { ...parts, contract: makeFramesContract({ folder, clock: makeSystemClock(), ids: randomIds }) };
};

/** As where sockets cannot be mounted: containers dial our listener on the bridge. */
const openFramesOverTcp = async () => {
  const parts = await openFrames();
  const placement = async () => ({ ...(await parts.backend.placement()), unixSockets: false });
  return { ...parts, backend: { ...parts.backend, placement } };
};

await describeWithTool('docker', 'conformance', () => {
  describeBackend('containers that share a network', {
    open: async () => {
      const { backend, close } = openDockerParts();
      return { ...backend, close };
    },
    runtime: ownRuntime,
    limitsAllMemory: true,
  });
  describeBackend('containers with a network each', {
    open: async () => {
      const { backend, close } = openDockerParts({ network: 'own' });
      return { ...backend, close };
    },
    runtime: ownRuntime,
    limitsAllMemory: true,
  });
  describeContract('frames with Node.js in containers', {
    open: openFrames,
    runtime: ownRuntime,
    shortMs: 500,
  });
  describeContract('frames with Node.js over TCP in containers', {
    open: openFramesOverTcp,
    runtime: ownRuntime,
    shortMs: 500,
  });
  describeContract('frames with Python in containers', {
    open: openFrames,
    runtime: 'python3.13',
    shortMs: 500,
  });
});
