/** Init durations in containers. */
import { describeInitDuration } from '../../suites/init-duration.suite.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { openDockerParts } from './backends/docker/docker-parts.ts';

const runtime = `nodejs${process.versions.node.split('.')[0]}.x`;

await describeWithTool('docker', 'init durations', () => {
  describeInitDuration('containers', () => openDockerParts(), runtime);
});
