/** Lowers what runs a function of a `sls-local.config`: routes, queues, schedules, its own URL. */
import type { Cors, HttpMethod, Place, Trigger } from '../../model/project.ts';
import type {
  CorsConfig,
  DetailedRouteConfig,
  FunctionConfig,
  QueueSourceConfig,
  ScheduleConfig,
} from './config.ts';
import { ms } from './resources.ts';

export interface TriggerNames {
  readonly functionId: string;
  readonly functionName: string;
  readonly stage: string;
  readonly cors: boolean | CorsConfig | undefined;
  /** Place of a key of the function. */
  place(key: string): Place;
  /** ARN of a declared queue; reports and gives undefined where there is none. */
  queueArn(key: string): string | undefined;
}

/** API Gateway's own limits: 29 s for a REST API, 30 s for an HTTP API. */
const REST_TIMEOUT_MS = 29_000;
const HTTP_TIMEOUT_MS = 30_000;

export function lowerTriggers(fn: FunctionConfig, names: TriggerNames): Trigger[] {
  return [
    ...many(fn.http).map((route) => lowerRoute(route, names)),
    ...lowerUrl(fn.url, names),
    ...many(fn.queue).flatMap((source) => lowerSource(source, names)),
    ...many(fn.schedule).map((schedule, index) => lowerSchedule(schedule, index, names)),
  ];
}

function lowerRoute(written: string | DetailedRouteConfig, names: TriggerNames): Trigger {
  const route = typeof written === 'string' ? { route: written } : written;
  const cors = corsOf(route.cors ?? names.cors);
  const shared = {
    functionId: names.functionId,
    ...methodAndPath(route.route),
    ...(cors ? { cors } : {}),
    place: names.place('http'),
  };
  if (route.api === 'rest')
    return {
      kind: 'rest-api',
      ...shared,
      stage: names.stage,
      timeoutMs: REST_TIMEOUT_MS,
      binaryMediaTypes: [],
    };
  return { kind: 'http-api', ...shared, payloadFormat: route.payload ?? '2.0', timeoutMs: HTTP_TIMEOUT_MS };
}

function methodAndPath(route: string): { method: HttpMethod; path: string } {
  const [method = '', path] = route.split(' ');
  return path === undefined ? { method: 'ANY', path: '$default' } : { method: method as HttpMethod, path };
}

function lowerUrl(url: FunctionConfig['url'], names: TriggerNames): Trigger[] {
  if (!url) return [];
  const cors = typeof url === 'object' ? corsOf(url.cors) : undefined;
  return [
    {
      kind: 'function-url',
      functionId: names.functionId,
      ...(cors ? { cors } : {}),
      place: names.place('url'),
    },
  ];
}

function lowerSource(written: string | QueueSourceConfig, names: TriggerNames): Trigger[] {
  const source = typeof written === 'string' ? { queue: written } : written;
  const queueArn = names.queueArn(source.queue);
  if (queueArn === undefined) return [];
  return [
    {
      kind: 'queue',
      functionId: names.functionId,
      queueArn,
      batchSize: source.batchSize ?? 10,
      batchWindowMs: ms(source.batchWindowMs, source.batchWindow) ?? 0,
      reportBatchItemFailures: source.reportBatchItemFailures ?? false,
      ...(source.maximumConcurrency === undefined ? {} : { maximumConcurrency: source.maximumConcurrency }),
      enabled: source.enabled ?? true,
      place: names.place('queue'),
    },
  ];
}

function lowerSchedule(written: string | ScheduleConfig, index: number, names: TriggerNames): Trigger {
  const schedule: ScheduleConfig = typeof written === 'string' ? { expression: written } : written;
  const usual = `${names.functionName}-schedule${index === 0 ? '' : `-${index + 1}`}`;
  return {
    kind: 'schedule',
    functionId: names.functionId,
    name: schedule.name ?? usual,
    expression: schedule.expression,
    timezone: schedule.timezone ?? 'UTC',
    ...(schedule.input === undefined ? {} : { input: JSON.stringify(schedule.input) }),
    enabled: schedule.enabled ?? true,
    place: names.place('schedule'),
  };
}

function corsOf(cors: boolean | CorsConfig | undefined): Cors | undefined {
  if (!cors) return undefined;
  const given = cors === true ? {} : cors;
  return {
    allowOrigins: given.allowOrigins ?? ['*'],
    allowMethods: given.allowMethods ?? ['*'],
    allowHeaders: given.allowHeaders ?? ['*'],
    exposeHeaders: given.exposeHeaders ?? [],
    allowCredentials: given.allowCredentials ?? false,
    ...(given.maxAgeSeconds === undefined ? {} : { maxAgeSeconds: given.maxAgeSeconds }),
  };
}

function many<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}
