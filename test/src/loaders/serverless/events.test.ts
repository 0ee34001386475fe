import { expect, test } from 'vitest';
import { serverlessLoader } from '../../../../src/loaders/serverless/loader.ts';
import { loadWith } from '../temporary-project.ts';

/** `events` are indented by six; `more` is the rest of the file. */
async function eventsOf(events: string, provider = '', more = '') {
  const yaml = `service: shop
provider:
  name: aws
  runtime: nodejs20.x
${provider}
functions:
  fn:
    handler: a.b
    events:
${events}
${more}`;
  const { project, said } = await loadWith(serverlessLoader, { 'serverless.yml': yaml });
  const triggers = project.triggers.map(({ place, functionId, ...trigger }) => {
    expect(place?.line).toBeGreaterThan(9);
    expect(functionId).toBe('fn');
    return trigger;
  });
  return { triggers, said, functions: project.functions, resources: project.resources };
}

test('httpApi in its short and long forms', async () => {
  const { triggers, said } = await eventsOf(`
      - httpApi: GET /orders/{id}
      - httpApi: '*'
      - httpApi: '* /any'
      - httpApi: { method: '*', path: '*' }
      - httpApi: { method: put, path: 'files/{path+}' }
`);
  expect(said).toEqual([]);
  const shared = { kind: 'http-api', payloadFormat: '2.0', timeoutMs: 30_000 };
  expect(triggers).toEqual([
    { ...shared, method: 'GET', path: '/orders/{id}' },
    { ...shared, method: 'ANY', path: '$default' },
    { ...shared, method: 'ANY', path: '/any' },
    { ...shared, method: 'ANY', path: '$default' },
    { ...shared, method: 'PUT', path: '/files/{path+}' },
  ]);
});

test('httpApi takes payload and cors from the provider; methods allowed are those of the routes', async () => {
  const { triggers } = await eventsOf(
    '      - httpApi: POST /a\n      - httpApi: GET /b\n',
    "  httpApi:\n    payload: '1.0'\n    cors: true\n",
  );
  expect(triggers).toMatchObject([
    {
      payloadFormat: '1.0',
      cors: {
        allowOrigins: ['*'],
        allowMethods: ['GET', 'OPTIONS', 'POST'],
        allowHeaders: expect.arrayContaining(['Content-Type', 'Authorization']),
        allowCredentials: false,
      },
    },
    { cors: { allowMethods: ['GET', 'OPTIONS', 'POST'] } },
  ]);
});

test('httpApi cors as a map', async () => {
  const { triggers } = await eventsOf(
    '      - httpApi: POST /a\n',
    '  httpApi:\n    cors:\n      allowedOrigins: [https://a.example]\n      allowedMethods: [POST]\n      allowedHeaders: [x-a]\n      exposedResponseHeaders: [x-b]\n      allowCredentials: true\n      maxAge: 60\n',
  );
  expect(triggers[0]).toMatchObject({
    cors: {
      allowOrigins: ['https://a.example'],
      allowMethods: ['POST'],
      allowHeaders: ['x-a'],
      exposeHeaders: ['x-b'],
      allowCredentials: true,
      maxAgeSeconds: 60,
    },
  });
});

test('http in its short and long forms, with stage, binary types and timeout', async () => {
  const { triggers, said } = await eventsOf(
    `
      - http: get hello
      - http: { path: '/files/{proxy+}', method: any, timeoutInMillis: 5000, integration: aws_proxy }
      - http: { path: /, method: POST }
`,
    '  stage: qa\n  apiGateway:\n    binaryMediaTypes: ["image/*"]\n',
  );
  expect(said).toEqual([]);
  const shared = { kind: 'rest-api', stage: 'qa', binaryMediaTypes: ['image/*'] };
  expect(triggers).toEqual([
    { ...shared, method: 'GET', path: '/hello', timeoutMs: 29_000 },
    { ...shared, method: 'ANY', path: '/files/{proxy+}', timeoutMs: 5000 },
    { ...shared, method: 'POST', path: '/', timeoutMs: 29_000 },
  ]);
});

test('http cors: all events of a path share the methods they allow', async () => {
  const { triggers } = await eventsOf(`
      - http: { path: a, method: get, cors: true }
      - http: { path: a, method: post, cors: { origin: 'https://x, https://y', headers: [x-a], allowCredentials: true, maxAge: 5 } }
      - http: { path: b, method: get }
`);
  expect(triggers).toMatchObject([
    { cors: { allowOrigins: ['*'], allowMethods: ['GET', 'OPTIONS', 'POST'] } },
    {
      cors: {
        allowOrigins: ['https://x', 'https://y'],
        allowMethods: ['GET', 'OPTIONS', 'POST'],
        allowHeaders: ['x-a'],
        allowCredentials: true,
        maxAgeSeconds: 5,
      },
    },
    {},
  ]);
  expect(triggers[2]).not.toHaveProperty('cors');
});

test('routes that need something the gateway here does not do are told', async () => {
  const { triggers, said } = await eventsOf(`
      - http: { path: a, method: get, integration: http }
      - http: { path: b, method: get, integration: lambda-proxy, async: true }
      - http: { path: c, method: get }
      - httpApi: { path: /d, method: get }
      - http: nonsense
      - httpApi: FETCH /e
`);
  expect(triggers).toMatchObject([{ path: '/c' }, { path: '/d' }]);
  expect(said).toEqual([
    'error invalid-value functions.fn.events[4].http:15 functions.fn.events[4].http: expected a method (GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, ANY) and a path, found "nonsense"',
    'error invalid-value functions.fn.events[5].httpApi:16 functions.fn.events[5].httpApi: expected a method (GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, ANY) and a path, found "FETCH"',
    'warning not-emulated functions.fn.events[0].http.integration:11 the "http" integration is not emulated; the route is left out',
    'warning not-emulated functions.fn.events[1].http.async:12 the asynchronous "lambda-proxy" integration is not emulated; the route is left out',
  ]);
});

test('schedule in its forms; names differ', async () => {
  const { triggers, said } = await eventsOf(`
      - schedule: rate(5 minutes)
      - schedule:
          rate: [cron(0 3 * * ? *), rate(1 day)]
          enabled: false
          input: { a: [1] }
      - schedule: { rate: rate(1 hour), name: hourly, input: plain }
      - eventBridge: { schedule: rate(2 hours), input: { b: 1 } }
`);
  expect(said).toEqual([]);
  const shared = { kind: 'schedule', timezone: 'UTC', enabled: true };
  expect(triggers).toEqual([
    { ...shared, name: 'shop-dev-fn-schedule', expression: 'rate(5 minutes)' },
    {
      ...shared,
      name: 'shop-dev-fn-schedule-2',
      expression: 'cron(0 3 * * ? *)',
      enabled: false,
      input: '{"a":[1]}',
    },
    {
      ...shared,
      name: 'shop-dev-fn-schedule-3',
      expression: 'rate(1 day)',
      enabled: false,
      input: '{"a":[1]}',
    },
    { ...shared, name: 'hourly', expression: 'rate(1 hour)', input: '"plain"' },
    { ...shared, name: 'shop-dev-fn-schedule-4', expression: 'rate(2 hours)', input: '{"b":1}' },
  ]);
});

test('a schedule with `method: scheduler` is one of EventBridge Scheduler', async () => {
  const { triggers, said, resources } = await eventsOf(`
      - schedule: { rate: [rate(1 hour), rate(2 hours)], method: scheduler, timezone: Europe/Berlin, input: plain, enabled: false, groupName: nightly, description: often }
`);
  expect(said).toEqual([]);
  expect(triggers).toEqual([]);
  expect(resources).toMatchObject([
    { kind: 'schedule', name: 'shop-dev-fn-schedule-1', group: 'nightly' },
    { kind: 'schedule', name: 'shop-dev-fn-schedule-1-2', group: 'nightly' },
  ]);
  const [first] = resources;
  expect(JSON.parse(first?.kind === 'schedule' ? first.settings : '')).toEqual({
    ScheduleExpression: 'rate(1 hour)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    State: 'DISABLED',
    Description: 'often',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: 'arn:aws:lambda:us-east-1:000000000000:function:shop-dev-fn',
      RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
      Input: '"plain"',
    },
  });
});

test('a schedule that is none is left out', async () => {
  const { triggers, said } = await eventsOf('      - schedule: every day\n');
  expect(triggers).toEqual([]);
  expect(said).toEqual([
    "error invalid-schedule functions.fn.events[0].schedule:10 functions.fn.events[0].schedule: the schedule expression 'every day' is not valid: it is none of rate(…), cron(…), at(…)",
  ]);
});

test('schedules the service would refuse are left out, whatever makes them', async () => {
  const { triggers, resources, said } = await eventsOf(`
      - schedule: rate(5 minute)
      - schedule: { rate: [cron(* * * *), rate(1 hour)] }
      - schedule: { rate: rate(1 minutes), inputPath: $.time }
      - eventBridge: { schedule: rate(0 hours) }
      - eventBridge: { schedule: rate(2 hour), inputPath: $.time }
      - schedule: { rate: [rate(5 minute), rate(1 minutes), rate(0 days)], method: scheduler }
`);
  expect(triggers).toMatchObject([{ expression: 'rate(1 hour)' }]);
  expect(resources).toHaveLength(2);
  const unit = 'the unit is singular for 1, plural otherwise';
  const none = 'a rate is a whole number above zero and minutes, hours or days';
  const at = (event: number, kind: string, line: number) =>
    `functions.fn.events[${event}].${kind}:${line} functions.fn.events[${event}].${kind}: `;
  const refused = (expression: string, why: string) =>
    `the schedule expression '${expression}' is not valid: ${why}`;
  expect(said).toEqual([
    `error invalid-schedule ${at(0, 'schedule', 11)}${refused('rate(5 minute)', unit)}`,
    `error invalid-schedule ${at(1, 'schedule', 12)}${refused('cron(* * * *)', 'it has 4 fields instead of six: minutes hours day-of-month month day-of-week year')}`,
    `error invalid-schedule ${at(2, 'schedule', 13)}${refused('rate(1 minutes)', unit)}`,
    `error invalid-schedule ${at(3, 'eventBridge', 14)}${refused('rate(0 hours)', none)}`,
    `error invalid-schedule ${at(4, 'eventBridge', 15)}${refused('rate(2 hour)', unit)}`,
    `error invalid-schedule ${at(5, 'schedule', 16)}${refused('rate(0 days)', none)}`,
    `warning invalid-schedule ${at(5, 'schedule', 16)}the unit of 'rate(5 minute)' is singular: EventBridge Scheduler may refuse it`,
  ]);
});

test('sqs in its forms', async () => {
  const { triggers, said } = await eventsOf(
    `
      - sqs: arn:aws:sqs:us-east-1:000000000000:plain
      - sqs: { arn: !GetAtt Jobs.Arn, batchSize: 1, maximumBatchingWindow: 5, functionResponseType: ReportBatchItemFailures, maximumConcurrency: 2, enabled: false }
      - sqs: !GetAtt Jobs.Arn
      - sqs: { arn: !GetAtt Jobs.Arn, filterPatterns: [{ body: { a: [1] } }, { messageAttributes: { b: [2] } }] }
      - sqs: { arn: !GetAtt Jobs.Arn, filterPatterns: [{ body: { a: 1 } }] }
      - sqs: jobs
`,
    '',
    'resources: { Resources: { Jobs: { Type: AWS::SQS::Queue, Properties: { QueueName: jobs } } } }',
  );
  const shared = {
    kind: 'queue',
    queueArn: 'arn:aws:sqs:us-east-1:000000000000:jobs',
    batchSize: 10,
    batchWindowMs: 0,
    reportBatchItemFailures: false,
    enabled: true,
  };
  expect(triggers).toEqual([
    { ...shared, queueArn: 'arn:aws:sqs:us-east-1:000000000000:plain' },
    {
      ...shared,
      batchSize: 1,
      batchWindowMs: 5000,
      reportBatchItemFailures: true,
      maximumConcurrency: 2,
      enabled: false,
    },
    shared,
    { ...shared, filterPatterns: ['{"body":{"a":[1]}}', '{"messageAttributes":{"b":[2]}}'] },
  ]);
  expect(said).toEqual([
    'error invalid-filter functions.fn.events[4].sqs.filterPatterns:15 functions.fn.events[4].sqs.filterPatterns[0]: the filter {"body":{"a":1}} is none: "a" is 1: expected a list of values, or a map of fields',
    'error invalid-value functions.fn.events[5].sqs:16 functions.fn.events[5].sqs: expected the ARN of a queue, found "jobs"',
    'warning invalid-filter functions.fn.events[3].sqs.filterPatterns:14 functions.fn.events[3].sqs.filterPatterns[1]: the filter asks for "messageAttributes": the cloud filters messages of a queue by their body only',
  ]);
});

const ordersTable = `resources:
  Resources:
    Orders: { Type: AWS::DynamoDB::Table, Properties: { TableName: orders, StreamSpecification: { StreamViewType: NEW_IMAGE } } }
    Failed: { Type: AWS::SQS::Queue, Properties: { QueueName: failed } }`;
const ordersStream = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000';

test('stream in its forms, with the defaults of the framework', async () => {
  const { triggers } = await eventsOf(
    `
      - stream: arn:aws:dynamodb:us-east-1:000000000000:table/plain/stream/2019-01-01T00:00:00.000
      - stream: !GetAtt Orders.StreamArn
      - stream: { type: dynamodb, arn: { Fn::GetAtt: [Orders, StreamArn] }, batchSize: 7, batchWindow: 3, startingPosition: LATEST, maximumRetryAttempts: 4, maximumRecordAgeInSeconds: 120, bisectBatchOnFunctionError: true, parallelizationFactor: 2, functionResponseType: ReportBatchItemFailures, enabled: false }
      - stream: { type: dynamodb, arn: !GetAtt Orders.StreamArn, maximumRetryAttempts: -1, maximumRecordAgeInSeconds: -1, destinations: { onFailure: { type: sqs, arn: !GetAtt Failed.Arn } }, filterPatterns: [{ eventName: [INSERT] }] }
      - stream: { arn: !GetAtt Orders.StreamArn, type: dynamodb, destinations: { onFailure: 'arn:aws:sqs:us-east-1:000000000000:failed' } }
`,
    '',
    ordersTable,
  );
  const shared = {
    kind: 'table-stream',
    streamArn: ordersStream,
    batchSize: 10,
    batchWindowMs: 0,
    startingPosition: 'TRIM_HORIZON',
    parallelizationFactor: 1,
    bisectBatchOnFunctionError: false,
    reportBatchItemFailures: false,
    enabled: true,
  };
  const onFailureArn = 'arn:aws:sqs:us-east-1:000000000000:failed';
  expect(triggers).toEqual([
    {
      ...shared,
      streamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/plain/stream/2019-01-01T00:00:00.000',
    },
    shared,
    {
      ...shared,
      batchSize: 7,
      batchWindowMs: 3000,
      startingPosition: 'LATEST',
      maximumRetryAttempts: 4,
      maximumRecordAgeMs: 120_000,
      bisectBatchOnFunctionError: true,
      parallelizationFactor: 2,
      reportBatchItemFailures: true,
      enabled: false,
    },
    { ...shared, onFailureArn, filterPatterns: ['{"eventName":["INSERT"]}'] },
    { ...shared, onFailureArn },
  ]);
});

test('a Kinesis stream by its ARN, by Ref and with everything', async () => {
  const { triggers, said } = await eventsOf(
    `
      - stream: arn:aws:kinesis:us-east-1:000000000000:stream/s
      - stream: { type: kinesis, arn: !GetAtt Stream.Arn, startingPosition: AT_TIMESTAMP, startingPositionTimestamp: 10, tumblingWindowInSeconds: 30, filterPatterns: [{ data: { kind: [order] } }] }
      - stream: { type: kinesis, arn: !Ref Consumer, startingPosition: LATEST }
`,
    '',
    ordersTable.replace(
      '    Failed',
      `    Stream: { Type: AWS::Kinesis::Stream, Properties: { Name: clicks, ShardCount: 2 } }
    Consumer: { Type: AWS::Kinesis::StreamConsumer, Properties: { ConsumerName: fast, StreamARN: !GetAtt Stream.Arn } }
    Failed`,
    ),
  );
  const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks';
  expect(said.filter((line) => line.includes('events['))).toEqual([]);
  expect(triggers).toMatchObject([
    {
      kind: 'stream',
      streamArn: arn.replace('clicks', 's'),
      startingPosition: 'TRIM_HORIZON',
      batchSize: 10,
    },
    {
      ...{ streamArn: arn, startingPosition: 'AT_TIMESTAMP', startingTimestampMs: 10_000 },
      ...{ tumblingWindowMs: 30_000, filterPatterns: ['{"data":{"kind":["order"]}}'] },
    },
    { streamArn: `${arn}/consumer/fast:1767225600`, startingPosition: 'LATEST' },
  ]);
});

test('what of a stream is wrong or not emulated is told', async () => {
  const { triggers, said } = await eventsOf(
    `
      - stream: { type: dynamodb, arn: !GetAtt Orders.StreamArn, tumblingWindowInSeconds: 901, destinations: { onFailure: 'arn:aws:events:us-east-1:1:event-bus/t' } }
      - stream: { type: kinesis, arn: arn:aws:s3:::bucket }
      - stream: { type: kinesis, arn: !GetAtt Stream.Arn, startingPosition: NOW }
      - stream: { type: dynamodb, arn: !GetAtt Orders.Arn }
      - stream: { type: dynamodb, arn: !GetAtt Orders.StreamArn, filterPatterns: [{ eventName: INSERT }] }
      - stream: { type: dynamodb, arn: !GetAtt Orders.StreamArn, maximumRecordAgeInSeconds: 5, startingPosition: AT_TIMESTAMP, batchsize: 2 }
      - stream: { type: dynamodb, arn: !GetAtt Orders.StreamArn, filterPatterns: [{ dynamodb: { NewImage: { n: { N: [{ numeric: ['>', 1] }] } } } }] }
`,
    '',
    ordersTable.replace('    Failed', '    Stream: { Type: AWS::Kinesis::Stream }\n    Failed'),
  );
  expect(triggers.map(({ kind }) => kind)).toEqual([
    'table-stream',
    'stream',
    'table-stream',
    'table-stream',
  ]);
  expect(said.filter((line) => line.includes('events['))).toEqual([
    expect.stringMatching(/tumblingWindowInSeconds: expected a number from 0 to 900, found 901$/),
    expect.stringMatching(
      /events\[1]\.stream: expected the ARN of a Kinesis stream, found "arn:aws:s3:::bucket"$/,
    ),
    expect.stringMatching(
      /startingPosition: expected "LATEST", "TRIM_HORIZON" or "AT_TIMESTAMP", found "NOW"$/,
    ),
    expect.stringMatching(
      /^error invalid-value functions\.fn\.events\[3]\.stream:14 .*expected the ARN of a table's stream, found "arn:aws:dynamodb:us-east-1:000000000000:table\/orders"$/,
    ),
    expect.stringMatching(
      /^error invalid-filter functions\.fn\.events\[4]\.stream\.filterPatterns:15 .*"eventName" is "INSERT"/,
    ),
    expect.stringMatching(
      /events\[5]\.stream\.maximumRecordAgeInSeconds: expected -1 or a number from 60 to 604800, found 5$/,
    ),
    expect.stringMatching(
      /events\[5]\.stream\.startingPosition: expected "LATEST" or "TRIM_HORIZON", found "AT_TIMESTAMP"$/,
    ),
    expect.stringMatching(
      /^warning not-emulated functions\.fn\.events\[0]\.stream\.destinations\.onFailure:11 arn:aws:events:\S+: only queues, topics and buckets are told/,
    ),
    expect.stringMatching(/^warning unknown-key functions\.fn\.events\[5]\.stream\.batchsize:16 /),
    expect.stringMatching(
      /^warning invalid-filter functions\.fn\.events\[6]\.stream\.filterPatterns:17 .*"numeric", which never matches/,
    ),
  ]);
});

test('url: true or a map', async () => {
  const { triggers, said } = await eventsOf('', '', '  # of the function:\n    url: true\n');
  expect(triggers).toEqual([{ kind: 'function-url' }]);
  expect(said).toEqual([]);
  const more = await eventsOf(
    '',
    '',
    '    url: { cors: true, authorizer: aws_iam, invokeMode: RESPONSE_STREAM }\n',
  );
  expect(more.triggers).toMatchObject([
    {
      ...{ kind: 'function-url', streams: true, cors: { allowMethods: ['*'] } },
      authorizer: { kind: 'iam' },
    },
  ]);
  expect(more.said).toEqual([]);
});

test('s3 as a name and as a map; the buckets are made', async () => {
  const { triggers, said, resources } = await eventsOf(
    `
      - s3: photos
      - s3:
          bucket: thumbs
          event: s3:ObjectRemoved:*
          rules: [{ prefix: small/ }, { suffix: .png }]
          existing: true
`,
    '  s3: { thumbs: { name: shop-thumbs } }\n',
  );
  expect(said).toEqual([]);
  expect(triggers).toEqual([
    { kind: 'bucket', bucket: 'photos', events: ['s3:ObjectCreated:*'] },
    {
      kind: 'bucket',
      bucket: 'shop-thumbs',
      events: ['s3:ObjectRemoved:*'],
      prefix: 'small/',
      suffix: '.png',
    },
  ]);
  expect(resources).toMatchObject([
    { kind: 'bucket', name: 'photos', notifications: [] },
    { kind: 'bucket', name: 'shop-thumbs' },
  ]);
});

test('s3 without a bucket is an error', async () => {
  const { triggers, said } = await eventsOf('      - s3: { event: s3:ObjectCreated:Put, buket: x }\n');
  expect(triggers).toEqual([]);
  expect(said).toEqual([
    "error invalid-value functions.fn.events[0].s3:10 functions.fn.events[0].s3: the bucket's name is missing",
    'warning unknown-key functions.fn.events[0].s3.buket:10 "buket" is not a known key of functions.fn.events[0].s3',
  ]);
});

test('eventBridge and cloudwatchEvent become rules, and the bus they name is made', async () => {
  const { triggers, said, resources } = await eventsOf(
    `
      - eventBridge: { schedule: rate(1 hour) }
      - eventBridge:
          eventBus: orders
          pattern: { source: [shop], detail: { total: [{ numeric: ['>', 5] }] } }
          inputTransformer: { inputPathsMap: { id: $.id }, inputTemplate: '{"id": <id>}' }
          retryPolicy: { maximumEventAge: 600, maximumRetryAttempts: 3 }
          deadLetterQueueArn: !GetAtt Dead.Arn
      - eventBridge: { eventBus: 'arn:aws:events:us-east-1:000000000000:event-bus/theirs', pattern: { source: [x] }, input: { a: 1 }, enabled: false, name: mine }
      - cloudwatchEvent: { event: { source: [aws.ec2] }, inputPath: $.detail }
`,
    '',
    'resources: { Resources: { Dead: { Type: AWS::SQS::Queue, Properties: { QueueName: dead } } } }\n',
  );
  expect(said).toEqual([]);
  const target = { id: 'shop-dev-fn-target' };
  expect(triggers).toEqual([
    {
      kind: 'schedule',
      name: 'shop-dev-fn-schedule',
      expression: 'rate(1 hour)',
      timezone: 'UTC',
      enabled: true,
    },
    {
      ...{ kind: 'event-rule', bus: 'orders', rule: 'shop-dev-fn-rule-2', enabled: true },
      pattern: '{"source":["shop"],"detail":{"total":[{"numeric":[">",5]}]}}',
      target: {
        ...target,
        settings: {
          InputTransformer: { InputPathsMap: { id: '$.id' }, InputTemplate: '{"id": <id>}' },
          RetryPolicy: { MaximumEventAgeInSeconds: 600, MaximumRetryAttempts: 3 },
          DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
        },
      },
    },
    {
      ...{ kind: 'event-rule', bus: 'theirs', rule: 'mine', enabled: false, pattern: '{"source":["x"]}' },
      target: { ...target, settings: { Input: '{"a":1}' } },
    },
    {
      ...{ kind: 'event-rule', bus: 'default', rule: 'shop-dev-fn-rule-4', enabled: true },
      pattern: '{"source":["aws.ec2"]}',
      target: { ...target, settings: { InputPath: '$.detail' } },
    },
  ]);
  expect(resources).toMatchObject([
    { kind: 'queue', name: 'dead' },
    { kind: 'event-bus', name: 'orders' },
  ]);
});

test('an eventBridge event with a pattern the cloud would refuse is an error', async () => {
  const { triggers, said } = await eventsOf(
    '      - eventBridge: { pattern: { source: shop } }\n      - eventBridge: { eventBus: x }\n',
  );
  expect(triggers).toEqual([]);
  expect(said).toEqual([
    'error invalid-pattern functions.fn.events[0].eventBridge.pattern:10 functions.fn.events[0].eventBridge.pattern: "source" must be an object or an array',
    'error invalid-value functions.fn.events[1].eventBridge:11 functions.fn.events[1].eventBridge: expected a pattern or a schedule, found neither',
  ]);
});

const others = `websocket alb kafka msk activemq rabbitmq cloudwatchLog cognitoUserPool iot
  iotFleetProvisioning cloudFront alexaSkill alexaSmartHome`.split(/\s+/);

test.each(others)('%s is recognised and named as not emulated', async (kind) => {
  const { triggers, said, functions } = await eventsOf(`      - ${kind}: x\n`);
  expect(triggers).toEqual([]);
  expect(functions).toHaveLength(1);
  expect(said).toEqual([
    `warning not-emulated functions.fn.events[0].${kind}:10 "${kind}" events are not emulated: fn is not run by them`,
  ]);
});

test('an event that does not exist is a warning with a guess', async () => {
  const { said } = await eventsOf('      - htpApi: GET /\n      - alexaSkill\n');
  expect(said).toEqual([
    'warning unknown-key functions.fn.events[0].htpApi:10 "htpApi" is not a known event',
    'warning not-emulated functions.fn.events[1].alexaSkill:11 "alexaSkill" events are not emulated: fn is not run by them',
  ]);
});

test('an event with an unresolved variable is left out, told once', async () => {
  const { triggers, said } = await eventsOf('      - sqs: ${cf:other.QueueArn}\n      - httpApi: GET /ok\n');
  expect(triggers).toMatchObject([{ path: '/ok' }]);
  expect(said).toEqual([
    expect.stringMatching(/^warning unresolved-variable functions.fn.events\[0\].sqs:10 /),
  ]);
});

test('a schedule that shapes its event is a rule', async () => {
  const { triggers, said } = await eventsOf(`
      - schedule: { rate: [rate(1 hour), rate(2 hours)], inputPath: $.time }
      - schedule:
          rate: rate(1 day)
          name: daily
          enabled: false
          inputTransformer: { inputPathsMap: { at: $.time }, inputTemplate: '{"at": <at>}' }
`);
  expect(said).toEqual([]);
  const shared = { kind: 'event-rule', bus: 'default', enabled: true };
  const target = (settings: object) => ({ id: 'shop-dev-fn-target', settings });
  expect(triggers).toEqual([
    {
      ...shared,
      rule: 'shop-dev-fn-schedule-1',
      schedule: 'rate(1 hour)',
      target: target({ InputPath: '$.time' }),
    },
    {
      ...shared,
      rule: 'shop-dev-fn-schedule-1-2',
      schedule: 'rate(2 hours)',
      target: target({ InputPath: '$.time' }),
    },
    {
      ...shared,
      rule: 'daily',
      schedule: 'rate(1 day)',
      target: target({
        InputTransformer: { InputPathsMap: { at: '$.time' }, InputTemplate: '{"at": <at>}' },
      }),
      enabled: false,
    },
  ]);
});

test('a body of JSON text in the input of a schedule is parsed, as the framework does; others stay', async () => {
  const { triggers } = await eventsOf(`
      - schedule: { rate: rate(1 hour), input: { body: '{"a": 1}', b: 2 } }
      - schedule: { rate: rate(1 hour), input: { body: plain } }
      - eventBridge: { schedule: rate(1 hour), input: { body: '{"a": 1}' } }
`);
  expect(triggers.map((trigger) => 'input' in trigger && trigger.input)).toEqual([
    '{"body":{"a":1},"b":2}',
    '{"body":"plain"}',
    '{"body":"{\\"a\\": 1}"}',
  ]);
});

test('a Kinesis consumer of its own is made, or named by its ARN', async () => {
  const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks';
  const { triggers, said, resources } = await eventsOf(`
      - stream: { type: kinesis, arn: '${arn}', consumer: true }
      - stream: { type: kinesis, arn: '${arn}', consumer: '${arn}/consumer/own:5' }
      - stream: { type: kinesis, arn: '${arn}', consumer: own }
`);
  expect(triggers).toMatchObject([
    { kind: 'stream', streamArn: `${arn}/consumer/fnclicksConsumer:1767225600` },
    { kind: 'stream', streamArn: `${arn}/consumer/own:5` },
    { kind: 'stream', streamArn: arn },
  ]);
  expect(resources).toMatchObject([
    { kind: 'stream-consumer', name: 'fnclicksConsumer', streamArn: arn },
    { kind: 'stream-consumer', name: 'own', arn: `${arn}/consumer/own:5`, streamArn: arn },
  ]);
  expect(said).toEqual([
    'error invalid-value functions.fn.events[2].stream.consumer:13 functions.fn.events[2].stream.consumer: expected true or the ARN of a consumer of the stream clicks, found "own"',
  ]);
});

test("a function URL's cors allows the framework's headers; null allows none", async () => {
  const { triggers } = await eventsOf('', '', '  # of the function:\n    url: { cors: true }\n');
  expect(triggers).toMatchObject([
    {
      cors: {
        allowMethods: ['*'],
        allowHeaders: [
          'Content-Type',
          'X-Amz-Date',
          'Authorization',
          'X-Api-Key',
          'X-Amz-Security-Token',
          'X-Amzn-Trace-Id',
        ],
      },
    },
  ]);
  const none = await eventsOf('', '', '    url: { cors: { allowedHeaders: null, allowedMethods: null } }\n');
  expect(none.triggers).toMatchObject([{ cors: { allowMethods: [], allowHeaders: [] } }]);
});
