/** What to do about an event source that is not emulated: which command makes its events. */

/** Event sources as project files name them, and as `sls-local events generate` does. */
const SOURCES: Readonly<Record<string, string>> = {
  // serverless.yml
  activemq: 'activemq',
  alb: 'alb',
  cloudFront: 'cloudfront',
  cloudwatchLog: 'cloudwatch-logs',
  cognitoUserPool: 'cognito-pre-sign-up',
  iot: 'iot',
  iotFleetProvisioning: 'iot-provisioning',
  kafka: 'kafka',
  msk: 'msk',
  rabbitmq: 'rabbitmq',
  websocket: 'websocket',
  // SAM
  CloudWatchLogs: 'cloudwatch-logs',
  Cognito: 'cognito-pre-sign-up',
  DocumentDB: 'documentdb',
  IoTRule: 'iot',
  MQ: 'activemq',
  MSK: 'msk',
  SelfManagedKafka: 'kafka',
  WebSocket: 'websocket',
};

/** By the service of an ARN. */
const SERVICES: Readonly<Record<string, string>> = {
  kafka: 'msk',
  mq: 'activemq',
  rds: 'documentdb',
  docdb: 'documentdb',
};

/** `source`: as the project file names it, or its ARN; '' = a self-managed one. */
export function byHand(functionId: string, source: string): string {
  const service = /^arn:[^:]*:([^:]*):/.exec(source)?.[1];
  const name = service === undefined ? SOURCES[source === '' ? 'kafka' : source] : SERVICES[service];
  return name === undefined
    ? `run it by hand: sls-local invoke ${functionId} -e '{…}'`
    : `run it by hand: sls-local events generate ${name} | sls-local invoke ${functionId} -e -`;
}

export const generatedSources: readonly string[] = [
  ...new Set([...Object.values(SOURCES), ...Object.values(SERVICES)]),
];
