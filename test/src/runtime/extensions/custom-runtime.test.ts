import { describeCustomRuntime } from '../../../suites/custom-runtime.suite.ts';
import { openProcessParts } from '../process-parts.ts';

describeCustomRuntime('extensions beside a custom runtime in a child process', openProcessParts);
