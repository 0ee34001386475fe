/** SnapStart: what it is set to, for which runtimes it can be, and what the service tells of it. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { FunctionSpec } from '../../../src/model/project.ts';
import type { FunctionRecord, Settings } from '../deployed/records.ts';
import { invalidParameter } from '../errors.ts';
import { object, oneOf } from '../input.ts';
import type { PackageType } from './package-type.ts';

export type SnapStart = NonNullable<Settings['snapStart']>;

/** Python 3.12, Java 11, .NET 8 and newer. */
const CAPABLE = /^(?:python3\.(?:1[2-9]|[2-9]\d)|java(?:1[1-9]|[2-9]\d)|dotnet(?:[89]|\d\d))$/;

export function readSnapStart(input: JsonObject): SnapStart | undefined {
  return oneOf(object(input, 'SnapStart') ?? {}, 'ApplyOn', ['PublishedVersions', 'None']);
}

/** Of an image nobody knows the runtime. */
export function requireCapable(snapStart: SnapStart | undefined, type: PackageType, runtime: string): void {
  if (snapStart === 'PublishedVersions' && type === 'Zip' && !CAPABLE.test(runtime))
    throw invalidParameter(`${runtime} is not supported for SnapStart enabled functions.`);
}

/** `record`: of a deployed function. */
export function snapStartOf(fn: FunctionSpec, record: FunctionRecord | undefined): SnapStart {
  if (record) return record.settings.snapStart ?? 'None';
  return fn.initializationType === 'snap-start' ? 'PublishedVersions' : 'None';
}

export function describeSnapStart(applyOn: SnapStart, { version }: FunctionSpec): JsonObject {
  const isOn = applyOn === 'PublishedVersions' && version !== undefined;
  return { ApplyOn: applyOn, OptimizationStatus: isOn ? 'On' : 'Off' };
}
