/** Events of buses and timers, and what other services hand to a function. */
import { gzipSync } from 'node:zlib';
import { makeScheduledEvent } from '../../../emulators/scheduler/event.ts';
import type { ScheduleTrigger } from '../../model/project.ts';
import {
  arn,
  bodyMap,
  bodyValue,
  oneOf,
  records,
  type Sample,
  type SampleSource,
  secondsText,
} from './sample.ts';

export const busSources: readonly SampleSource[] = [
  {
    name: 'eventbridge',
    describe: 'EventBridge, an event of a bus; --type is its detail-type, --body its detail',
    type: 'EventBridgeEvent<string, unknown>',
    options: ['body', 'source', 'type'],
    make: makeBusEvent,
  },
  {
    name: 'schedule',
    describe: 'EventBridge, a scheduled rule fired',
    type: 'ScheduledEvent',
    options: ['name'],
    make: makeScheduled,
  },
  {
    name: 'cloudwatch-logs',
    describe: 'CloudWatch Logs subscription; --body is the line',
    type: 'CloudWatchLogsEvent',
    options: ['body', 'log-group', 'count'],
    make: makeLogs,
  },
  {
    name: 'cloudwatch-alarm',
    describe: 'CloudWatch alarm went off',
    type: 'CloudWatchAlarmEvent',
    options: ['name'],
    make: makeAlarm,
  },
  {
    name: 'iot',
    describe: 'IoT rule; the payload is the event',
    type: 'IoTEvent<unknown>',
    options: ['body'],
    make: bodyValue,
  },
  {
    name: 'step-functions',
    describe: 'Step Functions task with a task token; --body is its input',
    options: ['body', 'name', 'token'],
    make: makeTask,
  },
  {
    name: 'custom-resource',
    describe: 'CloudFormation custom resource: --type Create, Update or Delete; --body its properties',
    type: 'CloudFormationCustomResourceEvent',
    options: ['type', 'body', 'name'],
    make: makeCustomResource,
  },
  {
    name: 'secret-rotation',
    describe: 'Secrets Manager rotation: --type createSecret, setSecret, testSecret or finishSecret',
    type: 'SecretsManagerRotationEvent',
    options: ['type', 'name'],
    make: (sample) => ({
      Step: oneOf(
        sample.given.type ?? 'createSecret',
        ['createSecret', 'setSecret', 'testSecret', 'finishSecret'],
        'type',
      ),
      SecretId: arn(sample, 'secretsmanager', `secret:${sample.given.name ?? 'secret'}-AbCdEf`),
      ClientRequestToken: sample.ids.uuid(),
    }),
  },
];

export function makeBusEvent(sample: Sample) {
  const { ids, at, region, accountId, given } = sample;
  return {
    version: '0',
    id: ids.uuid(),
    'detail-type': given.type ?? 'Something Happened',
    source: given.source ?? 'local.app',
    account: accountId,
    time: secondsText(at),
    region,
    resources: [],
    detail: bodyMap(sample),
  };
}

function makeScheduled({ ids, at, region, accountId, given }: Sample): unknown {
  const trigger: ScheduleTrigger = {
    kind: 'schedule',
    functionId: '',
    name: given.name ?? 'rule',
    expression: 'rate(5 minutes)',
    timezone: 'UTC',
    enabled: true,
  };
  return JSON.parse(makeScheduledEvent(trigger, { id: ids.uuid(), at, region, accountId }));
}

function makeLogs(sample: Sample) {
  const { ids, at, accountId, given } = sample;
  const line = given.body ?? 'ERROR something failed';
  const decoded = {
    messageType: 'DATA_MESSAGE',
    owner: accountId,
    logGroup: given['log-group'] ?? '/aws/lambda/function',
    logStream: `${secondsText(at).slice(0, 10).replaceAll('-', '/')}/[$LATEST]${ids.hex(16)}`,
    subscriptionFilters: ['filter'],
    logEvents: records(sample, (index) => ({
      id: String(index).padStart(56, '0'),
      timestamp: at + index,
      message: line,
    })),
  };
  return { awslogs: { data: gzipSync(JSON.stringify(decoded)).toString('base64') } };
}

function makeAlarm(sample: Sample) {
  const { at, region, accountId, given } = sample;
  const name = given.name ?? 'alarm';
  const time = new Date(at).toISOString().replace('Z', '+0000');
  const state = (value: string, reason: string) => ({ value, reason, timestamp: time });
  return {
    source: 'aws.cloudwatch',
    alarmArn: arn(sample, 'cloudwatch', `alarm:${name}`),
    accountId,
    time,
    region,
    alarmData: {
      alarmName: name,
      state: state('ALARM', 'Threshold Crossed: 1 datapoint was greater than the threshold (1.0)'),
      previousState: state('OK', 'Threshold Crossed: 1 datapoint was not greater than the threshold (1.0)'),
      configuration: {
        metrics: [
          {
            id: sample.ids.uuid(),
            metricStat: {
              metric: {
                namespace: 'AWS/Lambda',
                name: 'Errors',
                dimensions: { FunctionName: 'function' },
              },
              period: 60,
              stat: 'Sum',
            },
            returnData: true,
          },
        ],
      },
    },
  };
}

function makeTask(sample: Sample) {
  const { ids, at, accountId, given } = sample;
  const name = given.name ?? 'machine';
  const execution = ids.uuid();
  return {
    input: bodyValue(sample),
    taskToken: given.token ?? Buffer.from(ids.hex(48)).toString('base64'),
    execution: {
      Id: arn(sample, 'states', `execution:${name}:${execution}`),
      Name: execution,
      RoleArn: `arn:aws:iam::${accountId}:role/local`,
      StartTime: new Date(at).toISOString(),
    },
    stateMachine: { Id: arn(sample, 'states', `stateMachine:${name}`), Name: name },
  };
}

export function makeCustomResource(sample: Sample) {
  const { ids, given } = sample;
  const type = oneOf(given.type ?? 'Create', ['Create', 'Update', 'Delete'], 'type');
  const ServiceToken = arn(sample, 'lambda', 'function:function');
  const properties = { ServiceToken, ...(given.body === undefined ? {} : bodyMap(sample)) };
  return {
    RequestType: type,
    ServiceToken,
    ResponseURL: 'http://127.0.0.1/response',
    StackId: arn(sample, 'cloudformation', `stack/local/${ids.uuid()}`),
    RequestId: ids.uuid(),
    LogicalResourceId: given.name ?? 'Resource',
    ResourceType: 'Custom::Resource',
    ...(type !== 'Create' && { PhysicalResourceId: `${given.name ?? 'Resource'}-1` }),
    ResourceProperties: properties,
    ...(type === 'Update' && { OldResourceProperties: properties }),
  };
}
