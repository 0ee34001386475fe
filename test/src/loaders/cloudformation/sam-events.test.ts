import { expect, test } from 'vitest';
import { loadTemplate } from './project-on-disk.ts';

const withEvents = (events: string) => `Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: a.b
      CodeUri: code
      Events:
${events}`;

test('properties of an event that are no map are an error of that event', async () => {
  const { lines } = await loadTemplate(withEvents('        A: { Type: HttpApi, Properties: /orders }'));
  expect(lines).toEqual([
    'error invalid-event @10: Properties of event "A" of function "F" is "/orders", where a map is expected',
  ]);
});

test('an API that is none of the template is told, by whichever event names it', async () => {
  const { project, lines } = await loadTemplate(
    withEvents(`        A: { Type: Api, Properties: { RestApiId: Nothing, Path: /a, Method: get } }
        B: { Type: HttpApi, Properties: { ApiId: Nothing, Path: /b, Method: get } }`),
  );
  expect(lines).toEqual([
    'warning unknown-api @10: RestApiId of event "A" of function "F" is "Nothing", which is no API of this template: its stage, CORS and authorizers are not known',
    'warning unknown-api @11: ApiId of event "B" of function "F" is "Nothing", which is no API of this template: its stage, CORS and authorizers are not known',
  ]);
  expect(project.triggers).toHaveLength(2);
});

test('a bucket the template does not declare is told', async () => {
  const { project, lines } = await loadTemplate(
    withEvents('        A: { Type: S3, Properties: { Bucket: elsewhere, Events: s3:ObjectCreated:* } }'),
  );
  expect(lines).toEqual([
    'warning bucket-not-declared @10: event "A" of function "F" is about the bucket "elsewhere", which this template does not declare: SAM refuses that',
  ]);
  expect(project.triggers).toMatchObject([{ kind: 'bucket', bucket: 'elsewhere' }]);
});

test('a dead-letter setting that names no queue is an error, whatever the event', async () => {
  const { lines } = await loadTemplate(
    withEvents(`        A: { Type: Schedule, Properties: { Schedule: rate(1 day), DeadLetterConfig: { Type: queue } } }
        B: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 day), DeadLetterConfig: { QueueLogicalId: Q } } }
        C: { Type: EventBridgeRule, Properties: { Pattern: { source: [a] }, DeadLetterConfig: { Type: SQS, Arn: 'arn:aws:sqs:us-east-1:000000000000:q' } } }`),
  );
  expect(lines).toEqual([
    'error invalid-event @10: DeadLetterConfig has the Type "queue"',
    'error invalid-event @12: DeadLetterConfig has both Arn and Type',
    'error invalid-event @11: DeadLetterConfig has neither Arn nor Type',
  ]);
});

test('the routes of an HTTP API have the stage it names', async () => {
  const { project, problems } =
    await loadTemplate(`${withEvents(`        A: { Type: HttpApi, Properties: { ApiId: !Ref Named, Path: /a, Method: get } }
        B: { Type: HttpApi, Properties: { Path: /b, Method: get } }`)}
  Named: { Type: AWS::Serverless::HttpApi, Properties: { StageName: v1 } }`);
  expect(problems).toEqual([]);
  expect(project.triggers.map((one) => one.kind === 'http-api' && one.stage)).toEqual(['v1', undefined]);
});
