/** Takes apart what the plugin Lift declares in `constructs`, into functions and resources. Source: Lift's documentation. */
import { isMap, mapOf, type Values } from '../cloudformation/template.ts';
import type { Opened } from '../open-config.ts';
import type { Report } from '../problems.ts';
import type { Path } from '../yaml.ts';

interface Parts {
  /** Logical id → resource. */
  readonly resources: Values;
  readonly worker?: Worker;
}

interface Worker {
  /** Key of the function that is meant, or that `definition` becomes. */
  readonly key: string;
  readonly definition: Values | undefined;
  readonly event: Values;
}

/** The framework's, of a function that has none. */
const TIMEOUT_SECONDS = 6;
const DLQ_RETENTION_SECONDS = 14 * 24 * 3600;

const TYPES: Readonly<Record<string, (id: string, construct: Values) => Parts>> = {
  queue: queueParts,
  storage: (id) => ({ resources: { [partId(id, 'Bucket')]: { Type: 'AWS::S3::Bucket' } } }),
  'database/dynamodb-single-table': tableParts,
};

/** `${construct:jobs.queueUrl}` of each type. */
const VARIABLES: Readonly<Record<string, (id: string) => Values>> = {
  queue: (id) => ({
    queueUrl: { Ref: partId(id, 'Queue') },
    queueArn: { 'Fn::GetAtt': [partId(id, 'Queue'), 'Arn'] },
    dlqUrl: { Ref: partId(id, 'Dlq') },
    dlqArn: { 'Fn::GetAtt': [partId(id, 'Dlq'), 'Arn'] },
  }),
  storage: (id) => ({
    bucketName: { Ref: partId(id, 'Bucket') },
    bucketArn: { 'Fn::GetAtt': [partId(id, 'Bucket'), 'Arn'] },
  }),
  'database/dynamodb-single-table': (id) => ({
    tableName: { Ref: partId(id, 'Table') },
    tableArn: { 'Fn::GetAtt': [partId(id, 'Table'), 'Arn'] },
    tableStreamArn: { 'Fn::GetAtt': [partId(id, 'Table'), 'StreamArn'] },
  }),
};

/** The function of CloudFormation that `${construct:<id>.<name>}` stands for; undefined where there is none. */
export function constructVariable(type: unknown, id: string, name: string): unknown {
  return typeof type === 'string' ? VARIABLES[type]?.(id)[name] : undefined;
}

/** The configuration with the parts of its constructs in their places. What has no part here is a warning. */
export function withConstructs(config: Opened, report: Report): Opened {
  const origins = new Map<string, Path>();
  let { functions, resources } = config.value;
  for (const [id, construct] of Object.entries(mapOf(config.value.constructs))) {
    const path = ['constructs', id];
    const { type } = mapOf(construct);
    const parts = TYPES[String(type)]?.(id, mapOf(construct));
    const added = parts?.worker ? withWorker(functions, parts.worker) : functions;
    if (!parts || added === 'no-function') {
      report({
        severity: 'warning',
        code: 'not-emulated',
        message: parts
          ? `the worker of the construct "${id}" is no function written in this file; the queue does not exist here`
          : `a construct of type "${String(type)}" is not emulated: "${id}" does not exist here`,
        place: config.origin.place(path),
        subject: path.join('.'),
      });
      continue;
    }
    functions = added;
    resources = withResources(resources, parts.resources);
    if (parts.worker?.definition)
      origins.set(JSON.stringify(['functions', parts.worker.key]), [...path, 'worker']);
    for (const part of Object.keys(parts.resources))
      origins.set(JSON.stringify(['resources', 'Resources', part]), path);
  }
  const place = (path: Path) => config.origin.place(written(path, origins));
  return {
    ...config,
    value: { ...config.value, functions, resources },
    origin: { file: config.origin.file, place },
  };
}

/** Where in the file a part was written. */
function written(path: Path, origins: ReadonlyMap<string, Path>): Path {
  for (let length = path.length; length > 0; length--) {
    const origin = origins.get(JSON.stringify(path.slice(0, length)));
    if (origin) return [...origin, ...path.slice(length)];
  }
  return path;
}

/** `functions` may also be a list of maps, or a variable. */
function withWorker(functions: unknown, { key, definition, event }: Worker): unknown | 'no-function' {
  const known = mapOf(mapOf(functions)[key]);
  const events = Array.isArray((definition ?? known).events) ? (definition ?? known).events : [];
  if (!definition && known.handler === undefined) return 'no-function';
  const fn = { ...(definition ?? known), events: [...(events as unknown[]), { sqs: event }] };
  if (functions === undefined || functions === null || isMap(functions))
    return { ...mapOf(functions), [key]: fn };
  return [...(Array.isArray(functions) ? functions : [functions]), { [key]: fn }];
}

function withResources(resources: unknown, added: Values): unknown {
  const own = isMap(resources) ? resources.Resources : undefined;
  if (
    resources === undefined ||
    resources === null ||
    (isMap(resources) && (own === undefined || isMap(own)))
  )
    return { ...mapOf(resources), Resources: { ...mapOf(own), ...added } };
  return [...(Array.isArray(resources) ? resources : [resources]), { Resources: added }];
}

function queueParts(id: string, construct: Values): Parts {
  const {
    worker,
    fifo,
    maxRetries = 3,
    batchSize = 1,
    maxBatchingWindow = 0,
    maxConcurrency,
    delay,
  } = construct;
  const definition = isMap(worker) ? worker : undefined;
  const isFifo = fifo === true;
  const name = (suffix: string) => ({
    QueueName: { 'Fn::Sub': `\${AWS::StackName}-${id}${suffix}${isFifo ? '.fifo' : ''}` },
    ...(isFifo ? { FifoQueue: true } : {}),
  });
  const timeout = typeof definition?.timeout === 'number' ? definition.timeout : TIMEOUT_SECONDS;
  const windowSeconds = typeof maxBatchingWindow === 'number' ? maxBatchingWindow : 0;
  const { queue, dlq } = mapOf(construct.extensions);
  return {
    resources: {
      [partId(id, 'Queue')]: extended(queue, 'AWS::SQS::Queue', {
        ...name(''),
        ...(isFifo ? { ContentBasedDeduplication: true } : {}),
        ...(delay === undefined ? {} : { DelaySeconds: delay }),
        VisibilityTimeout: timeout * 6 + windowSeconds,
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': [partId(id, 'Dlq'), 'Arn'] },
          maxReceiveCount: maxRetries,
        },
      }),
      [partId(id, 'Dlq')]: extended(dlq, 'AWS::SQS::Queue', {
        ...name('-dlq'),
        MessageRetentionPeriod: DLQ_RETENTION_SECONDS,
      }),
    },
    worker: {
      key: typeof worker === 'string' ? worker : `${id}Worker`,
      definition,
      event: {
        arn: { 'Fn::GetAtt': [partId(id, 'Queue'), 'Arn'] },
        batchSize,
        maximumBatchingWindow: maxBatchingWindow,
        ...(maxConcurrency === undefined ? {} : { maximumConcurrency: maxConcurrency }),
        functionResponseType: 'ReportBatchItemFailures',
      },
    },
  };
}

function tableParts(id: string, construct: Values): Parts {
  const { gsiCount, localSecondaryIndexes } = construct;
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const globals = numbers(typeof gsiCount === 'number' ? gsiCount : 0).map((n) => `GSI-${n}`);
  const locals = numbers(localSecondaryIndexes === true ? 5 : 0).map((n) => `LSI-${n}`);
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
  const names = [
    'PK',
    'SK',
    ...globals.flatMap((n) => [`${n}-PK`, `${n}-SK`]),
    ...locals.map((n) => `${n}-SK`),
  ];
  const index = (name: string, hash: string) => ({
    IndexName: name,
    KeySchema: keys(hash, `${name}-SK`),
    Projection: { ProjectionType: 'ALL' },
  });
  return {
    resources: {
      [partId(id, 'Table')]: extended(mapOf(construct.extensions).table, 'AWS::DynamoDB::Table', {
        AttributeDefinitions: names.map((name) => ({ AttributeName: name, AttributeType: 'S' })),
        KeySchema: keys('PK', 'SK'),
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'TimeToLive', Enabled: true },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        ...(globals.length > 0 ? { GlobalSecondaryIndexes: globals.map((n) => index(n, `${n}-PK`)) } : {}),
        ...(locals.length > 0 ? { LocalSecondaryIndexes: locals.map((n) => index(n, 'PK')) } : {}),
      }),
    },
  };
}

/** `extensions.queue.Properties` are laid over what the construct makes. */
function extended(extension: unknown, type: string, properties: Values): Values {
  return { Type: type, Properties: { ...properties, ...mapOf(mapOf(extension).Properties) } };
}

/** `jobs`, `Queue` → `jobsQueue`. */
function partId(id: string, part: string): string {
  return `${id.replaceAll(/[^0-9A-Za-z]/g, '')}${part}`;
}
