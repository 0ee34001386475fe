/** What the `provider` section of a serverless.yml sets for every function and trigger. */
import type { Architecture, Cors } from '../../model/project.ts';
import { mapOf, textOf, type Values } from '../cloudformation/template.ts';
import { type Fields, makeFields } from '../fields.ts';
import type { Report } from '../problems.ts';
import { httpApiCors } from './cors.ts';
import type { Variables } from './variables/resolver.ts';

export interface Settings {
  readonly runtime: string | undefined;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly architecture: Architecture;
  /** Values as written, functions of CloudFormation among them. */
  readonly environment: Values;
  readonly layers: unknown;
  /** `logs.lambda`. */
  readonly logs: Fields | undefined;
  readonly stackName: string | undefined;
  readonly httpApi: {
    readonly payloadFormat: '1.0' | '2.0';
    readonly cors?: Cors;
    /** As written. */
    readonly authorizers: Fields | undefined;
  };
  /** As written; `provider.apiKeys` in old files. */
  readonly apiKeys: unknown;
  /** API keys come from authorizers, not with the request. */
  readonly keysOfAuthorizers: boolean;
  /** Key below `provider.s3` → the bucket's name. */
  readonly buckets: Readonly<Record<string, string>>;
  /** As written. */
  readonly s3: Values;
  readonly restApi: {
    readonly stage: string;
    readonly binaryMediaTypes: readonly string[];
    /** By name, `{ schema, … }`. */
    readonly schemas: Values;
  };
}

export const memoryLimits = { min: 128, max: 10_240 };
export const timeoutLimits = { min: 1, max: 900 };
export const architectures = ['x86_64', 'arm64'] as const;
export const payloadFormats = ['1.0', '2.0'] as const;

/** The keys of `provider` that matter here; the rest is about the account. */
const keys = [
  'runtime',
  'memorySize',
  'timeout',
  'architecture',
  'environment',
  'layers',
  'logs',
  'stackName',
  'httpApi',
  'apiGateway',
  'apiKeys',
  's3',
];

export async function readSettings(variables: Variables, stage: string, report: Report): Promise<Settings> {
  const provider = await readKeys(variables, ['provider'], keys, report);
  const httpApi = provider.map('httpApi');
  const cors = httpApi && httpApiCors(httpApi);
  const restApi = provider.map('apiGateway');
  warnOfPolicy(restApi);
  return {
    runtime: provider.text('runtime'),
    memoryMb: provider.number('memorySize', memoryLimits) ?? 1024,
    timeoutMs: (provider.number('timeout', timeoutLimits) ?? 6) * 1000,
    architecture: provider.choice('architecture', architectures) ?? 'x86_64',
    environment: provider.map('environment')?.values ?? {},
    layers: provider.values.layers,
    logs: provider.map('logs')?.map('lambda'),
    stackName: provider.text('stackName'),
    httpApi: {
      payloadFormat: payloadOf(httpApi) ?? '2.0',
      ...(cors ? { cors } : {}),
      authorizers: httpApi?.map('authorizers'),
    },
    keysOfAuthorizers: keysOfAuthorizers(restApi),
    apiKeys: restApi?.values.apiKeys ?? provider.values.apiKeys,
    buckets: bucketNames(provider.map('s3')),
    s3: mapOf(provider.values.s3),
    restApi: {
      stage: restApi?.text('stage') ?? stage,
      binaryMediaTypes: restApi?.texts('binaryMediaTypes') ?? [],
      schemas: mapOf(mapOf(restApi?.values.request).schemas),
    },
  };
}

function warnOfPolicy(restApi: Fields | undefined): void {
  if (restApi?.has('resourcePolicy'))
    restApi.warn({
      code: 'not-emulated',
      key: 'resourcePolicy',
      message: 'the resource policy of the REST API is not evaluated: it keeps nobody out',
    });
}

function keysOfAuthorizers(restApi: Fields | undefined): boolean {
  if (restApi?.text('apiKeySourceType')?.toUpperCase() !== 'AUTHORIZER') return false;
  restApi.warn({
    code: 'not-emulated',
    key: 'apiKeySourceType',
    message: 'API keys that authorizers hand over (usageIdentifierKey) are not checked',
  });
  return true;
}

function bucketNames(section: Fields | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(section?.values ?? {}).map(([key, bucket]) => [key, textOf(mapOf(bucket).name) ?? key]),
  );
}

/** `payload` of an httpApi section; YAML reads `2.0` as the number 2. */
export function payloadOf(section: Fields | undefined): '1.0' | '2.0' | undefined {
  const payload = section?.values.payload;
  if (typeof payload === 'number') return payload === 1 ? '1.0' : '2.0';
  return section?.choice('payload', payloadFormats);
}

/** Reads only these keys of the map at `path`: a variable that is not needed cannot fail. */
export async function readKeys(
  variables: Variables,
  path: readonly (string | number)[],
  wanted: readonly string[],
  report: Report,
): Promise<Fields> {
  const whole = mapOf(await variables.shallow(path, report));
  const values: Record<string, unknown> = {};
  for (const key of wanted) if (key in whole) values[key] = await variables.deep([...path, key], report);
  return makeFields(values, path, { place: variables.place, report });
}
