import { expect, test } from 'vitest';
import { serverlessLoader } from '../../../../src/loaders/serverless/loader.ts';
import { loadWith } from '../temporary-project.ts';

const load = (yaml: string) =>
  loadWith(serverlessLoader, {
    'serverless.yml': `service: shop\nprovider: { name: aws, runtime: nodejs20.x }\nplugins: [serverless-lift]\n${yaml}`,
  });

test('a queue of Lift has its worker, its dead-letter queue, and values for other functions', async () => {
  const { project, said } = await load(`
constructs:
  jobs:
    type: queue
    batchSize: 5
    worker:
      handler: src/worker.handler
      timeout: 10
functions:
  producer:
    handler: src/producer.handler
    environment:
      QUEUE_URL: \${construct:jobs.queueUrl}
      DLQ_ARN: \${construct:jobs.dlqArn}
`);
  expect(said).toEqual([]);
  expect(project.functions).toMatchObject([
    {
      id: 'producer',
      env: {
        QUEUE_URL: '${SLS_QUEUE_URL:shop-dev-jobs}',
        DLQ_ARN: 'arn:aws:sqs:us-east-1:000000000000:shop-dev-jobs-dlq',
      },
    },
    { id: 'jobsWorker', handler: 'src/worker.handler', timeoutMs: 10_000, place: { line: 9 } },
  ]);
  expect(project.triggers).toMatchObject([
    {
      kind: 'queue',
      functionId: 'jobsWorker',
      queueArn: 'arn:aws:sqs:us-east-1:000000000000:shop-dev-jobs',
      batchSize: 5,
      reportBatchItemFailures: true,
    },
  ]);
  expect(project.resources).toMatchObject([
    { kind: 'queue', name: 'shop-dev-jobs', visibilityTimeoutMs: 60_000 },
    { kind: 'queue', name: 'shop-dev-jobs-dlq' },
  ]);
});

test('a worker may be a function of the file, and a queue a FIFO one', async () => {
  const { project, said } = await load(`
constructs:
  jobs: { type: queue, fifo: true, worker: work }
functions:
  work: { handler: src/work.handler }
resources:
  Resources:
    Other: { Type: AWS::SQS::Queue, Properties: { QueueName: other } }
`);
  expect(said).toEqual([]);
  expect(project.triggers).toMatchObject([
    { functionId: 'work', queueArn: 'arn:aws:sqs:us-east-1:000000000000:shop-dev-jobs.fifo', batchSize: 1 },
  ]);
  expect(project.resources.map((resource) => 'name' in resource && resource.name)).toEqual([
    'other',
    'shop-dev-jobs.fifo',
    'shop-dev-jobs-dlq.fifo',
  ]);
});

test('so are a bucket and a table with its indexes; what else Lift has is a warning with its place', async () => {
  const { project, said } = await load(`
constructs:
  files: { type: storage }
  data: { type: database/dynamodb-single-table, gsiCount: 1 }
  landing: { type: static-website, path: public }
functions:
  read:
    handler: src/read.handler
    environment: { BUCKET: '\${construct:files.bucketName}', TABLE: '\${construct:data.tableName}' }
`);
  expect(said).toEqual([
    'warning not-emulated constructs.landing:8 a construct of type "static-website" is not emulated: "landing" does not exist here',
  ]);
  const [bucket, table] = project.resources;
  expect(bucket).toMatchObject({ kind: 'bucket' });
  expect(table).toMatchObject({ kind: 'table', globalIndexes: [{ name: 'GSI-1' }] });
  expect(project.functions[0]?.env).toEqual({
    BUCKET: bucket && 'name' in bucket ? bucket.name : undefined,
    TABLE: table && 'name' in table ? table.name : undefined,
  });
});

test('a worker that is no function of the file is a warning', async () => {
  const { said } = await load('constructs:\n  jobs: { type: queue, worker: elsewhere }\n');
  expect(said).toEqual([expect.stringContaining('the worker of the construct "jobs" is no function')]);
});
