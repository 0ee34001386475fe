/** How the Lambda API describes a function. */
import type { ApiCall, JsonObject } from '../../src/model/emulator.ts';
import { expandQueueUrls, type FunctionSpec } from '../../src/model/project.ts';

/** What was not built as the cloud builds it (code hash and size, role, modification time) has fixed values. */
export function describeFunction(fn: FunctionSpec, call: ApiCall): JsonObject {
  return {
    FunctionName: fn.name,
    FunctionArn: fn.arn,
    Runtime: fn.runtime,
    Role: `arn:aws:iam::${fn.arn.split(':')[4] ?? ''}:role/${fn.name}`,
    Handler: fn.handler,
    CodeSize: 0,
    CodeSha256: '',
    Description: fn.description ?? '',
    Timeout: Math.ceil(fn.timeoutMs / 1000),
    MemorySize: fn.memoryMb,
    LastModified: '1970-01-01T00:00:00.000+0000',
    Version: '$LATEST',
    ...(Object.keys(fn.env).length > 0 && { Environment: { Variables: variablesOf(fn, call) } }),
    TracingConfig: { Mode: 'Active' },
    RevisionId: '00000000-0000-0000-0000-000000000000',
    Layers: fn.layers.map((layer) => ({ Arn: layer, CodeSize: 0 })),
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: fn.image === undefined ? 'Zip' : 'Image',
    Architectures: [fn.architecture],
    EphemeralStorage: { Size: fn.tmpMb ?? 512 },
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${fn.name}` },
  };
}

/** Queue URLs as the caller reaches them. */
function variablesOf(fn: FunctionSpec, { endpoint, accountId }: ApiCall): JsonObject {
  return Object.fromEntries(
    Object.entries(fn.env).map(([name, value]) => [
      name,
      expandQueueUrls(value, (queue) => `${endpoint}/${accountId}/${queue}`),
    ]),
  );
}
