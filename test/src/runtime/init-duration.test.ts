/** Init durations in child processes. */
import { describeInitDuration } from '../../suites/init-duration.suite.ts';
import { openProcessParts } from './process-parts.ts';

describeInitDuration('child processes', openProcessParts, 'nodejs20.x');
