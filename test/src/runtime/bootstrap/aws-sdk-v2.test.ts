/** Version 2 of the AWS SDK reaches the local endpoint without a word in the user's code. */
import { afterEach, expect, test } from 'vitest';
import { payloadOf, startSample } from '../../../suites/running-instance.ts';
import { openProcessParts } from '../process-parts.ts';

const parts = openProcessParts();
afterEach(() => parts.close());

test('clients go to AWS_ENDPOINT_URL, also for a queue by its URL in the cloud, except those that were given an endpoint of their own', async () => {
  const sample = await startSample(parts, { runtime: 'nodejs20.x', handler: 'aws-sdk-v2.handler' });
  await sample.started;
  const { outcome } = await sample.invoke({});
  await sample.instance.kill();
  expect(payloadOf(outcome)).toEqual({
    table: 'http://127.0.0.1:4566/',
    bucket: 'http://127.0.0.1:4566/',
    pathStyle: true,
    own: 'http://localhost:9999/',
    queue: '127.0.0.1:4566',
    ownQueue: 'sqs.us-east-1.amazonaws.com',
    region: 'eu-west-1',
  });
});
