import { expect, test } from 'vitest';
import { loadProject } from '../../../src/loaders/load.ts';
import { inShort, noOptions, temporaryProject } from './temporary-project.ts';

const load = async (stream: string, resources: string) => {
  const text = `service: x
provider: { name: aws, runtime: nodejs20.x }
functions:
  a:
    handler: a.b
    events:
      - stream: ${stream}
resources: { Resources: { ${resources} } }
`;
  const root = temporaryProject({ 'serverless.yml': text });
  const { project, problems } = await loadProject({ root, options: noOptions });
  return { project, said: problems.map(inShort) };
};

const table = (more: string) =>
  `T: { Type: AWS::DynamoDB::Table, Properties: { TableName: tab, BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{ AttributeName: id, AttributeType: S }], KeySchema: [{ AttributeName: id, KeyType: HASH }]${more} } }`;

test('a function that follows a table without a stream is told at its place', async () => {
  const { said } = await load('{ type: dynamodb, arn: !GetAtt T.StreamArn }', table(''));
  expect(said).toEqual([
    'error no-stream :7 the table "tab", which a follows, has no stream: the cloud refuses that, and the function is never run',
  ]);
});

test('a table of another stack is a warning', async () => {
  const { said } = await load('arn:aws:dynamodb:us-east-1:000000000000:table/other/stream/x', table(''));
  expect(said).toEqual([
    'warning undeclared-table :7 the table "other", which a follows, is not declared in this project',
  ]);
});

test('a queue of another stack that is told of failures is made here', async () => {
  const { project, said } = await load(
    '{ type: dynamodb, arn: !GetAtt T.StreamArn, destinations: { onFailure: "arn:aws:sqs:us-east-1:000000000000:failed" } }',
    table(', StreamSpecification: { StreamViewType: KEYS_ONLY }'),
  );
  expect(said).toEqual([
    'warning undeclared-queue :7 the queue "failed", which is told what a fails at, is not declared in this project; it is made here with the usual settings',
  ]);
  expect(project.resources.map(({ name }) => name)).toEqual(['tab', 'failed']);
});
