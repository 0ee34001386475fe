/** Records of streams and brokers: Kinesis, Firehose, Kafka, MQ. */
import { arn, base64, DEFAULT_BODY, records, type Sample, type SampleSource, secondsText } from './sample.ts';

export const streamSources: readonly SampleSource[] = [
  {
    name: 'kinesis',
    describe: 'Kinesis, records of a stream; --key is the partition key',
    type: 'KinesisStreamEvent',
    options: ['body', 'stream', 'key', 'count'],
    make: makeKinesis,
  },
  {
    name: 'kinesis-window',
    describe: 'Kinesis, records of a tumbling window; --body of each, the state so far is {}',
    type: 'KinesisStreamTumblingWindowEvent',
    options: ['body', 'stream', 'key', 'count'],
    make: makeWindow,
  },
  {
    name: 'firehose',
    describe: 'Firehose, records to transform',
    type: 'FirehoseTransformationEvent',
    options: ['body', 'stream', 'count'],
    make: makeFirehose,
  },
  {
    name: 'msk',
    describe: 'Managed Kafka (MSK), records of a topic',
    type: 'MSKEvent',
    options: ['body', 'topic', 'key', 'name', 'count'],
    make: (sample) => ({
      eventSource: 'aws:kafka',
      eventSourceArn: arn(
        sample,
        'kafka',
        `cluster/${sample.given.name ?? 'cluster'}/${sample.ids.uuid()}-1`,
      ),
      ...kafkaRecords(sample),
    }),
  },
  {
    name: 'kafka',
    describe: 'Self-managed Kafka, records of a topic',
    type: 'SelfManagedKafkaEvent',
    options: ['body', 'topic', 'key', 'count'],
    make: (sample) => ({ eventSource: 'SelfManagedKafka', ...kafkaRecords(sample) }),
  },
  {
    name: 'activemq',
    describe: 'Amazon MQ, messages of an ActiveMQ queue',
    options: ['body', 'queue', 'name', 'count'],
    make: makeActiveMq,
  },
  {
    name: 'rabbitmq',
    describe: 'Amazon MQ, messages of a RabbitMQ queue',
    options: ['body', 'queue', 'name', 'count'],
    make: makeRabbitMq,
  },
];

const SHARD = 'shardId-000000000000';
const FIRST_SEQUENCE = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n;

function makeKinesis(sample: Sample) {
  const { at, region, accountId, given } = sample;
  return {
    Records: records(sample, (index) => {
      const sequenceNumber = String(FIRST_SEQUENCE + BigInt(index));
      return {
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: given.key ?? '1',
          sequenceNumber,
          data: base64(given.body ?? DEFAULT_BODY),
          approximateArrivalTimestamp: at / 1000,
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: `${SHARD}:${sequenceNumber}`,
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: `arn:aws:iam::${accountId}:role/local`,
        awsRegion: region,
        eventSourceARN: arn(sample, 'kinesis', `stream/${given.stream ?? 'stream'}`),
      };
    }),
  };
}

/** Two minutes long. */
function makeWindow(sample: Sample) {
  const { at, given } = sample;
  const length = 120_000;
  const start = Math.floor(at / length) * length;
  return {
    ...makeKinesis(sample),
    window: { start: secondsText(start), end: secondsText(start + length) },
    state: {},
    shardId: SHARD,
    eventSourceARN: arn(sample, 'kinesis', `stream/${given.stream ?? 'stream'}`),
    isFinalInvokeForWindow: false,
    isWindowTerminatedEarly: false,
  };
}

function makeFirehose(sample: Sample) {
  const { ids, at, region, given } = sample;
  return {
    invocationId: ids.uuid(),
    deliveryStreamArn: arn(sample, 'firehose', `deliverystream/${given.stream ?? 'stream'}`),
    region,
    records: records(sample, (index) => ({
      recordId: String(FIRST_SEQUENCE + BigInt(index)),
      approximateArrivalTimestamp: at,
      data: base64(given.body ?? DEFAULT_BODY),
    })),
  };
}

function kafkaRecords(sample: Sample) {
  const { at, region, given } = sample;
  const topic = given.topic ?? 'topic';
  return {
    bootstrapServers: `b-1.local.kafka.${region}.amazonaws.com:9092`,
    records: {
      [`${topic}-0`]: records(sample, (index) => ({
        topic,
        partition: 0,
        offset: index,
        timestamp: at,
        timestampType: 'CREATE_TIME',
        key: base64(given.key ?? '1'),
        value: base64(given.body ?? DEFAULT_BODY),
        headers: [],
      })),
    },
  };
}

function brokerArn(sample: Sample): string {
  return arn(sample, 'mq', `broker:${sample.given.name ?? 'broker'}:b-${sample.ids.uuid()}`);
}

function makeActiveMq(sample: Sample) {
  const { ids, at, given } = sample;
  return {
    eventSource: 'aws:mq',
    eventSourceArn: brokerArn(sample),
    messages: records(sample, (index) => ({
      messageID: `ID:local-${ids.hex(4)}:1:1:1:${index + 1}`,
      messageType: 'jms/text-message',
      deliveryMode: 1,
      replyTo: null,
      type: null,
      expiration: '0',
      priority: 0,
      correlationId: '',
      redelivered: false,
      destination: { physicalName: given.queue ?? 'queue' },
      data: base64(given.body ?? DEFAULT_BODY),
      timestamp: at,
      brokerInTime: at,
      brokerOutTime: at,
      properties: {},
    })),
  };
}

function makeRabbitMq(sample: Sample) {
  const { ids, at, given } = sample;
  const queue = given.queue ?? 'queue';
  return {
    eventSource: 'aws:rmq',
    eventSourceArn: brokerArn(sample),
    rmqMessagesByQueue: {
      [`${queue}::/`]: records(sample, () => ({
        basicProperties: {
          contentType: 'application/json',
          contentEncoding: null,
          headers: {},
          deliveryMode: 1,
          priority: null,
          correlationId: null,
          replyTo: null,
          expiration: null,
          messageId: ids.uuid(),
          timestamp: new Date(at).toUTCString(),
          type: null,
          userId: 'local',
          appId: null,
          clusterId: null,
          bodySize: Buffer.byteLength(given.body ?? DEFAULT_BODY),
        },
        redelivered: false,
        data: base64(given.body ?? DEFAULT_BODY),
      })),
    },
  };
}
