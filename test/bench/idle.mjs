// @ts-check
/** What a session costs that has much and does nothing: CPU over some seconds, memory. `node test/bench/idle.mjs [--seconds 20]`, after `npm run build`. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startDev } from './processes.mjs';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });
const COUNT = 100;
const TICKS_PER_SECOND = 100;
const scratch = mkdtempSync(join(tmpdir(), 'sls-local-bench-idle-'));

/** CPU seconds a process has used. @param {number} pid */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** 100 queues with a function each, 100 topics subscribed to them, 100 schedules, 20 tables with streams, 20 buckets. */
function template() {
  /** @type {Record<string, object>} */
  const Resources = {};
  for (let n = 0; n < COUNT; n++) {
    const arn = (/** @type {string} */ id) => ({ 'Fn::GetAtt': [`${id}${n}`, 'Arn'] });
    Resources[`Queue${n}`] = { Type: 'AWS::SQS::Queue', Properties: { QueueName: `queue-${n}` } };
    Resources[`Topic${n}`] = { Type: 'AWS::SNS::Topic', Properties: { TopicName: `topic-${n}` } };
    Resources[`Subscription${n}`] = {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: { Ref: `Topic${n}` }, Protocol: 'sqs', Endpoint: arn('Queue') },
    };
    const isFew = n % 5 === 0;
    if (isFew)
      Resources[`Bucket${n}`] = { Type: 'AWS::S3::Bucket', Properties: { BucketName: `bucket-${n}` } };
    if (isFew)
      Resources[`Table${n}`] = {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: `table-${n}`,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
        },
      };
    const stream = { Stream: { 'Fn::GetAtt': [`Table${n}`, 'StreamArn'] }, StartingPosition: 'LATEST' };
    Resources[`Worker${n}`] = {
      Type: 'AWS::Serverless::Function',
      Properties: {
        ...{ Handler: 'worker.handler', Runtime: 'nodejs20.x', CodeUri: '.' },
        Events: {
          Messages: { Type: 'SQS', Properties: { Queue: arn('Queue') } },
          Rule: { Type: 'Schedule', Properties: { Schedule: 'rate(1 day)' } },
          ...(isFew && { Changes: { Type: 'DynamoDB', Properties: stream } }),
        },
      },
    };
  }
  return { Transform: 'AWS::Serverless-2016-10-31', Resources };
}

const project = join(scratch, 'project');
mkdirSync(project);
writeFileSync(join(project, 'worker.mjs'), 'export const handler = async () => {};\n');
writeFileSync(join(project, 'template.json'), JSON.stringify(template()));
const dev = await startDev(project, ['--backend', 'process']);
try {
  const pid = dev.child.pid ?? 0;
  // Builds and what else follows the start.
  await sleep(5000);
  const [before, at] = [cpuSeconds(pid), performance.now()];
  await sleep(Number(values.seconds) * 1000);
  const share = (100 * (cpuSeconds(pid) - before)) / ((performance.now() - at) / 1000);
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  console.log(
    `${COUNT} queues, topics, subscriptions, schedules and functions, 20 tables with streams, 20 buckets, idle for ${values.seconds} s: ${share.toFixed(2)} % of a CPU, ${rss.toFixed(0)} MB (load average ${loadavg()[0]?.toFixed(2)})`,
  );
} finally {
  await dev.stop();
  rmSync(scratch, { recursive: true, force: true });
}
