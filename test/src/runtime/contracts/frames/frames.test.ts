/** The frame channel on child processes, in both languages, over a unix socket and over TCP. */
import { describeContract } from '../../../../suites/contract.suite.ts';
import { openProcessParts } from '../../process-parts.ts';

const open = async () => openProcessParts();
const openTcp = async () => {
  const parts = openProcessParts();
  const placement = async () => ({ bindHost: '127.0.0.1', reachHost: '127.0.0.1', unixSockets: false });
  return { ...parts, backend: { ...parts.backend, placement } };
};

describeContract('frames with Node.js in a process', { open, runtime: 'nodejs22.x' });
describeContract('frames with Node.js over TCP', { open: openTcp, runtime: 'nodejs22.x' });
describeContract('frames with Python in a process', { open, runtime: 'python3.13' });
