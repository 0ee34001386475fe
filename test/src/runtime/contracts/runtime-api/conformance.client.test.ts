/** The Runtime API against the suite every contract runs, with the official client in a process. */
import { describeContract } from '../../../../suites/contract.suite.ts';
import { describeWithTool } from '../../../../suites/require-tool.ts';
import { openProcessParts } from '../../process-parts.ts';
import { makeRicContract } from './ric-parts.ts';

const runtime = `nodejs${process.versions.node.split('.')[0]}.x`;

await describeWithTool('ric', 'conformance', (ric) => {
  describeContract('the Runtime API with the official client', {
    open: async () => ({ ...openProcessParts(), contract: makeRicContract(ric, process.execPath) }),
    runtime,
  });
});
