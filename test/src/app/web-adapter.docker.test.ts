import { describeWithTool } from '../../suites/require-tool.ts';
import { webAdapterSuite } from '../../suites/web-adapter.suite.ts';

await describeWithTool('docker', 'in containers', () => webAdapterSuite('docker'));
