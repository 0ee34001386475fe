/** A Go function on child processes. */
import { makeRuntimeApiContract } from '../../../../../src/runtime/contracts/runtime-api/contract.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { testGo } from '../../../../suites/go.suite.ts';
import { describeWithTool } from '../../../../suites/require-tool.ts';
import { openProcessParts } from '../../process-parts.ts';

await describeWithTool('go', 'Go in a process', () => {
  testGo(async () => {
    const parts = openProcessParts();
    return { ...parts, contract: makeRuntimeApiContract({ clock: parts.clock, ids: randomIds }) };
  });
});
