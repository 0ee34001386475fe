/** How the Lambda API describes a function. */
import type { EmulatorContext, JsonObject } from '../../src/model/emulator.ts';
import { expandQueueUrls, type FunctionSpec } from '../../src/model/project.ts';
import type { ApiCall } from '../../src/model/service-api.ts';
import { stableUuid } from '../../src/std/stable-uuid.ts';
import { type FunctionRecord, openRecords, type Records } from './deployed/records.ts';
import { findLayer } from './deployed/spec.ts';
import { describeImageConfig, packageTypeOf } from './settings/package-type.ts';
import { describeSnapStart, snapStartOf } from './settings/snap-start.ts';

/** Answers the members of GetFunctionConfiguration. */
export type Describe = (fn: FunctionSpec, call: ApiCall) => JsonObject;

/** A function of the project counts as deployed when the session started; its code is built, not packed. */
export function makeDescribe({ store, clock, deployments }: EmulatorContext): Describe {
  const records = openRecords(store);
  const startedAt = clock.now();
  return (fn, call) => {
    const record = recordOf(records, fn);
    const told = deployments?.overrides.get(fn.id)?.told ?? {};
    return {
      ...ofSpec(fn, call, startedAt),
      ...(record && ofRecord(record, records)),
      SnapStart: describeSnapStart(snapStartOf(fn, record), fn),
      ...told,
    };
  };
}

export function recordOf(records: Records, { name, version }: FunctionSpec): FunctionRecord | undefined {
  return version === undefined ? records.functions.get(name) : records.versions.get([name, Number(version)]);
}

function ofSpec(fn: FunctionSpec, call: ApiCall, startedAt: number): JsonObject {
  const deadLetterArn = fn.asyncEvents?.deadLetterArn;
  const isImage = packageTypeOf(fn) === 'Image';
  return {
    FunctionName: fn.name,
    FunctionArn: fn.arn,
    ...(!isImage && { Runtime: fn.runtime, Handler: fn.handler }),
    Role: `arn:aws:iam::${fn.arn.split(':')[4] ?? ''}:role/${fn.name}`,
    CodeSize: 0,
    CodeSha256: '',
    Description: fn.description ?? '',
    Timeout: Math.ceil(fn.timeoutMs / 1000),
    MemorySize: fn.memoryMb,
    LastModified: timeText(startedAt),
    Version: fn.version ?? '$LATEST',
    ...(Object.keys(fn.env).length > 0 && { Environment: { Variables: variablesOf(fn, call) } }),
    TracingConfig: { Mode: 'Active' },
    RevisionId: revisionOfSpec(fn),
    ...(!isImage && { Layers: fn.layers.map((layer) => ({ Arn: layer, CodeSize: 0 })) }),
    ...describeImageConfig(fn),
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: packageTypeOf(fn),
    Architectures: [fn.architecture],
    EphemeralStorage: { Size: fn.tmpMb ?? 512 },
    ...(deadLetterArn !== undefined && { DeadLetterConfig: { TargetArn: deadLetterArn } }),
    LoggingConfig: loggingOf(fn),
  };
}

/** What only a deployment tells. */
function ofRecord(record: FunctionRecord, records: Records): JsonObject {
  const { settings, code } = record;
  return {
    Role: settings.role,
    CodeSize: code.sizeBytes,
    CodeSha256: code.sha256,
    ...(!code.image && { Layers: layersOf(settings.layers, records) }),
    LastModified: timeText(record.modifiedAt),
    RevisionId: record.revisionId,
    EphemeralStorage: { Size: settings.ephemeralMb },
    TracingConfig: { Mode: settings.tracing },
  };
}

export function layersOf(arns: readonly string[], records: Records): JsonObject[] {
  return arns.map((arn) => ({ Arn: arn, CodeSize: findLayer(records, arn)?.code.sizeBytes ?? 0 }));
}

/** The same as long as the project says the same. */
export function revisionOfSpec(fn: FunctionSpec): string {
  return stableUuid(JSON.stringify({ ...fn, place: undefined }));
}

/** `2026-11-21T08:30:00.000+0000`. */
export function timeText(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}

function loggingOf({ name, logging }: FunctionSpec): JsonObject {
  const LogGroup = logging?.group ?? `/aws/lambda/${name}`;
  if (logging?.format !== 'JSON') return { LogFormat: 'Text', LogGroup };
  const { applicationLevel = 'INFO', systemLevel = 'INFO' } = logging;
  return {
    LogFormat: 'JSON',
    ApplicationLogLevel: applicationLevel,
    SystemLogLevel: systemLevel,
    LogGroup,
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
