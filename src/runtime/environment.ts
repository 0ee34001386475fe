/** The variables a function sees: what the provider sets, what the project sets, and credentials that name the instance. */
import { createHash } from 'node:crypto';
import { LIBRARY_PATH, layerPathOf } from '../model/layer-folders.ts';
import type { Clock } from '../model/platform.ts';
import { type FunctionSpec, initializationTypeOf } from '../model/project.ts';
import { RESERVED_VARIABLES } from '../model/reserved-variables.ts';
import type { Artifact, Placement } from '../model/runtime.ts';

export interface EnvironmentOptions {
  readonly clock: Clock;
  readonly region: string;
  /** `AWS_ENDPOINT_URL` as an instance at this placement reaches it. */
  readonly endpoint: (placement: Placement) => string;
  /** Completes a value of the project's that depends on the session (queue URLs). */
  readonly expand?: (value: string, placement: Placement) => string;
  /** Told once per function and name about a variable that the provider would refuse. */
  readonly notice?: (message: string) => void;
}

export interface Environment {
  of(fn: FunctionSpec, artifact: Artifact, instanceId: string, placement: Placement): Record<string, string>;
  /** The instance whose credentials these are: attributes calls that carry no trace header. */
  instanceOf(accessKeyId: string): string | undefined;
  forget(instanceId: string): void;
}

/** What tells an instance from others in what it is given. */
interface Identity {
  /** Shaped like temporary credentials: `ASIA` and 16 characters of base 32. */
  readonly accessKeyId: string;
  /** 32 hex digits: the last part of the name of its log stream. */
  readonly logStream: string;
}

export function makeEnvironment(options: EnvironmentOptions): Environment {
  const keys = new Map<string, string>();
  const identities = new Map<string, Identity>();
  const warned = new Set<string>();

  const projectEnv = (fn: FunctionSpec, placement: Placement) => {
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries(fn.env)) {
      if (RESERVED_VARIABLES.has(name)) warnReserved(fn, name);
      else env[name] = options.expand ? options.expand(value, placement) : value;
    }
    return env;
  };

  const warnReserved = (fn: FunctionSpec, name: string) => {
    const key = `${fn.id} ${name}`;
    if (warned.has(key)) return;
    warned.add(key);
    options.notice?.(
      `${fn.id} sets ${name}, which Lambda reserves: a deployment would be refused; ignored here`,
    );
  };

  const identityOf = (instanceId: string): Identity => {
    const known = identities.get(instanceId);
    if (known) return known;
    const identity = makeIdentity(instanceId);
    identities.set(instanceId, identity);
    keys.set(identity.accessKeyId, instanceId);
    return identity;
  };

  return {
    of(fn, artifact, instanceId, placement) {
      const { accessKeyId, logStream } = identityOf(instanceId);
      return {
        TZ: ':UTC',
        LANG: 'en_US.UTF-8',
        LD_LIBRARY_PATH: LIBRARY_PATH,
        AWS_ENDPOINT_URL: options.endpoint(placement),
        AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
        AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
        ...layerPaths(fn),
        ...loggingVariables(fn),
        ...projectEnv(fn, placement),
        // That of an image is the first word of its command, which the container engine knows.
        ...(fn.image === undefined && { _HANDLER: artifact.handler }),
        AWS_REGION: options.region,
        AWS_DEFAULT_REGION: options.region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: 'sls-local',
        AWS_SESSION_TOKEN: 'sls-local',
        AWS_EXECUTION_ENV: fn.image ? 'AWS_Lambda_Image' : `AWS_Lambda_${fn.runtime}`,
        AWS_LAMBDA_FUNCTION_NAME: fn.name,
        AWS_LAMBDA_FUNCTION_VERSION: fn.version ?? '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
        AWS_LAMBDA_INITIALIZATION_TYPE: initializationTypeOf(fn),
        AWS_LAMBDA_LOG_GROUP_NAME: fn.logging?.group ?? `/aws/lambda/${fn.name}`,
        AWS_LAMBDA_LOG_STREAM_NAME: logStreamName(options.clock, logStream, fn.version),
        LAMBDA_TASK_ROOT: placement.taskRoot ?? artifact.dir,
        LAMBDA_RUNTIME_DIR: '/var/runtime',
      };
    },
    instanceOf: (accessKeyId) => keys.get(accessKeyId),
    forget(instanceId) {
      const identity = identities.get(instanceId);
      if (identity) keys.delete(identity.accessKeyId);
      identities.delete(instanceId);
    },
  };
}

/** Where runtimes look for what layers bring. */
function layerPaths({ layers, runtime }: FunctionSpec): Record<string, string> {
  const path = layers.length === 0 ? undefined : layerPathOf(runtime);
  return path ? { [path.variable]: path.folders.map((folder) => `/opt/${folder}`).join(':') } : {};
}

/** Runtimes write their records by these; a project's own variables of that name win. */
function loggingVariables({ logging }: FunctionSpec): Record<string, string> {
  if (!logging) return {};
  const { format, applicationLevel = 'INFO' } = logging;
  if (format === 'Text') return { AWS_LAMBDA_LOG_FORMAT: format };
  return { AWS_LAMBDA_LOG_FORMAT: format, AWS_LAMBDA_LOG_LEVEL: applicationLevel };
}

/** `2026/11/21/[$LATEST]<32 hex>`. */
function logStreamName(clock: Clock, logStream: string, version = '$LATEST'): string {
  const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${version}]${logStream}`;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function makeIdentity(instanceId: string): Identity {
  const hash = createHash('sha256').update(instanceId).digest();
  let accessKeyId = 'ASIA';
  for (const byte of hash.subarray(0, 16)) accessKeyId += alphabet[byte % 32];
  return { accessKeyId, logStream: hash.toString('hex', 0, 16) };
}
