import { webAdapterSuite } from '../../suites/web-adapter.suite.ts';

webAdapterSuite('process');
