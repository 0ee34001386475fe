/** Reads what CreateFunction and UpdateFunctionConfiguration set, with the service's limits. */
import type { EmulatorContext, JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import type { Architecture, LoggingSettings } from '../../../src/model/project.ts';
import type { Settings } from '../deployed/records.ts';
import { IMAGE_HANDLER, IMAGE_RUNTIME } from '../deployed/spec.ts';
import { invalidParameter, validation } from '../errors.ts';
import { integer, object, oneOf, requiredText, text, textList } from '../input.ts';
import { readEnvironment } from './environment.ts';
import { type PackageType, readImageConfig } from './package-type.ts';
import { checkRuntime } from './runtimes.ts';
import { readSnapStart, requireCapable } from './snap-start.ts';

/** Taken, because tools always send them, but without effect here. */
const WITHOUT_EFFECT = ['VpcConfig', 'KMSKeyArn', 'FileSystemConfigs', 'CodeSigningConfigArn'];

const ROLE = /^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/;
const HANDLER = /^[^\s]+$/;
const MAX_LAYERS = 5;

/** Only what the request says. */
export function readSettings(input: JsonObject): Partial<Settings> {
  const runtime = text(input, 'Runtime');
  const handler = readHandler(input);
  const role = readRole(input);
  const description = text(input, 'Description');
  if (description !== undefined && description.length > 256)
    throw validation(description, 'description', 'length less than or equal to 256');
  const logging = readLogging(input);
  const layers = readLayers(input);
  return defined({
    runtime: runtime === undefined ? undefined : checkRuntime(runtime),
    handler,
    role,
    description,
    timeoutSeconds: integer(input, 'Timeout', 1, 900),
    memoryMb: integer(input, 'MemorySize', 128, 10_240),
    env: readEnvironment(input),
    layers,
    ephemeralMb: integer(object(input, 'EphemeralStorage') ?? {}, 'Size', 512, 10_240),
    tracing: oneOf(object(input, 'TracingConfig') ?? {}, 'Mode', ['Active', 'PassThrough']),
    logging,
    deadLetterArn: text(object(input, 'DeadLetterConfig') ?? {}, 'TargetArn'),
    snapStart: readSnapStart(input),
    image: readImageConfig(input),
  });
}

export function withDefaults(settings: Partial<Settings>, input: JsonObject, type: PackageType): Settings {
  const isImage = type === 'Image';
  const { runtime = isImage ? IMAGE_RUNTIME : undefined, handler = isImage ? IMAGE_HANDLER : undefined } =
    settings;
  if (runtime === undefined || handler === undefined)
    throw invalidParameter(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  requireCapable(settings.snapStart, type, runtime);
  return {
    description: '',
    timeoutSeconds: 3,
    memoryMb: 128,
    env: {},
    layers: [],
    ephemeralMb: 512,
    tracing: 'PassThrough',
    snapStart: 'None',
    ...settings,
    runtime,
    handler,
    role: requiredText(input, 'Role'),
  };
}

export function noteWithoutEffect(context: EmulatorContext, name: string, input: JsonObject): void {
  const given = WITHOUT_EFFECT.filter((member) => !isEmpty(input[member]));
  if (given.length > 0)
    context.notice(`${name} was deployed with ${given.join(', ')}: not emulated, without effect here`);
}

/** `{}`, `{ SubnetIds: [] }`: what tools send for nothing. */
function isEmpty(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

/** The service takes a list of one. */
export function readArchitecture(input: JsonObject): Architecture | undefined {
  const list = textList(input, 'Architectures');
  if (!list) return undefined;
  const [first] = list;
  if (list.length === 1 && (first === 'x86_64' || first === 'arm64')) return first;
  throw validation(`[${list.join(', ')}]`, 'architectures', 'enum value set: [x86_64, arm64]');
}

function readHandler(input: JsonObject): string | undefined {
  const handler = text(input, 'Handler');
  if (handler === undefined) return undefined;
  if (HANDLER.test(handler) && handler.length <= 128) return handler;
  throw validation(handler, 'handler', 'regular expression pattern: [^\\s]+');
}

function readRole(input: JsonObject): string | undefined {
  const role = text(input, 'Role');
  if (role === undefined || ROLE.test(role)) return role;
  throw validation(
    role,
    'role',
    'regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
  );
}

function readLayers(input: JsonObject): string[] | undefined {
  const layers = textList(input, 'Layers');
  if (layers && layers.length > MAX_LAYERS)
    throw invalidParameter(`Layers consume more than the available number of layers (${MAX_LAYERS})`);
  return layers;
}

function readLogging(input: JsonObject): LoggingSettings | undefined {
  const config = object(input, 'LoggingConfig');
  if (!config) return undefined;
  const format = oneOf(config, 'LogFormat', ['Text', 'JSON']) ?? 'Text';
  const applicationLevel = oneOf(config, 'ApplicationLogLevel', [
    'TRACE',
    'DEBUG',
    'INFO',
    'WARN',
    'ERROR',
    'FATAL',
  ]);
  const systemLevel = oneOf(config, 'SystemLogLevel', ['DEBUG', 'INFO', 'WARN']);
  if (format === 'Text' && (applicationLevel ?? systemLevel) !== undefined)
    throw invalidParameter('To configure log levels, the log format must be set to JSON.');
  return { format, ...defined({ applicationLevel, systemLevel, group: text(config, 'LogGroup') }) };
}

/** Without members that are undefined. */
function defined<T extends object>(value: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
