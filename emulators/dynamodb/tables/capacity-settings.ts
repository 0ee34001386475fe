/** Warm throughput and on-demand limits of tables and global indexes: checked, kept and shown as by the service; nothing is throttled. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Units } from '../../../src/model/resources.ts';
import { invalidParameter } from '../errors.ts';
import type { CapacitySettings, TableRecord, Throughput } from './table-record.ts';
import type { OnDemandThroughputInput, WarmThroughputInput } from './table-shapes.ts';

type BillingMode = TableRecord['billingMode'];

/** What an on-demand table or index can serve from the start. */
const ON_DEMAND_WARM: Units = { read: 12_000, write: 4000 };
const GUIDE =
  'See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial';

/** Clears a limit in UpdateTable. */
const NO_LIMIT = -1;

export interface CapacityRequest {
  readonly OnDemandThroughput?: OnDemandThroughputInput;
  readonly WarmThroughput?: WarmThroughputInput;
}

/** What CreateTable makes of the members. `indexName` is that of the global index they are about. */
export function createdCapacity(
  request: CapacityRequest,
  mode: BillingMode,
  throughput: Throughput,
  indexName?: string,
): CapacitySettings {
  const { OnDemandThroughput: limits, WarmThroughput: warm } = request;
  if (limits) {
    const where = indexName === undefined ? '' : ` for index: ${indexName}`;
    checkOnDemand(
      limits,
      mode,
      `OnDemandThroughput${where} cannot be specified when table BillingMode is PROVISIONED.`,
    );
  }
  const onDemandLimits =
    limits && createdLimits(limits, indexName === undefined ? ' for table' : ` for index : ${indexName}`);
  if (warm) checkWarm(warm, mode, throughput, indexName);
  return {
    ...(onDemandLimits && { onDemandLimits }),
    ...(warm && { warm: { ...baseline(mode, throughput), ...unitsOf(warm) } }),
  };
}

/** `where` ends the name of what is limited: ` for table`. */
export function createdLimits(limits: OnDemandThroughputInput, where: string): Partial<Units> {
  for (const [name, value] of membersOf(limits))
    if (value < 1)
      throw invalidParameter(`Requested ${name} for OnDemandThroughput${where} is outside of valid range`);
  return limitsOf(limits);
}

/** What UpdateTable makes of them: each member stands for itself, -1 takes a limit away, warm throughput only grows. */
export function updatedCapacity(
  request: CapacityRequest,
  settings: CapacitySettings,
  mode: BillingMode,
  throughput: Throughput,
  indexName?: string,
): CapacitySettings {
  const { OnDemandThroughput: limits, WarmThroughput: warm } = request;
  const where = indexName === undefined ? ' for table' : ` for index : ${indexName}`;
  if (limits)
    checkOnDemand(
      limits,
      mode,
      'OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED',
    );
  for (const [name, value] of membersOf(limits ?? {}))
    if (value < 1 && value !== NO_LIMIT)
      throw invalidParameter(`Requested ${name} for OnDemandThroughput${where} is outside of valid range`);
  const present = warmUnits(settings, mode, throughput);
  const wished = warm && { ...present, ...unitsOf(warm) };
  if (wished && (wished.read < present.read || wished.write < present.write))
    throw invalidParameter(
      `Requested ${wished.read < present.read ? 'Read' : 'Write'}UnitsPerSecond for WarmThroughput ` +
        `${indexName === undefined ? 'for table' : `for index ${indexName}`} is lower than current WarmThroughput, ` +
        'decreasing WarmThroughput is not supported',
    );
  const onDemandLimits = withoutCleared({ ...settings.onDemandLimits, ...limitsOf(limits ?? {}) });
  return {
    ...(onDemandLimits && { onDemandLimits }),
    ...((wished ?? settings.warm) && { warm: wished ?? present }),
  };
}

/** What a change of billing mode or capacity leaves of them: limits go with on-demand billing, warmth stays. */
export function keptCapacity(
  settings: CapacitySettings,
  from: { readonly mode: BillingMode; readonly throughput: Throughput },
  to: BillingMode,
): CapacitySettings {
  return {
    ...(settings.onDemandLimits && from.mode === to && { onDemandLimits: settings.onDemandLimits }),
    warm: warmUnits(settings, from.mode, from.throughput),
  };
}

/** `status` is that of the warm throughput. */
export function describeCapacity(
  settings: CapacitySettings,
  mode: BillingMode,
  throughput: Throughput,
  status: 'ACTIVE' | 'UPDATING',
): JsonObject {
  const { read, write } = warmUnits(settings, mode, throughput);
  return {
    ...(settings.onDemandLimits && { OnDemandThroughput: describeLimits(settings.onDemandLimits) }),
    WarmThroughput: { ReadUnitsPerSecond: read, WriteUnitsPerSecond: write, Status: status },
  };
}

export function describeLimits({ read, write }: Partial<Units>): JsonObject {
  return {
    ...(read !== undefined && { MaxReadRequestUnits: read }),
    ...(write !== undefined && { MaxWriteRequestUnits: write }),
  };
}

function warmUnits({ warm }: CapacitySettings, mode: BillingMode, throughput: Throughput): Units {
  const { read, write } = baseline(mode, throughput);
  return { read: Math.max(read, warm?.read ?? 0), write: Math.max(write, warm?.write ?? 0) };
}

function baseline(mode: BillingMode, { read, write }: Throughput): Units {
  return mode === 'PAY_PER_REQUEST' ? ON_DEMAND_WARM : { read, write };
}

function checkOnDemand(limits: OnDemandThroughputInput, mode: BillingMode, complaint: string): void {
  const [first] = membersOf(limits);
  if (mode === 'PROVISIONED' && first) throw invalidParameter(`${first[0]} for ${complaint}`);
}

function checkWarm(
  warm: WarmThroughputInput,
  mode: BillingMode,
  throughput: Throughput,
  indexName: string | undefined,
): void {
  const least = baseline(mode, throughput);
  const where = indexName === undefined ? 'table' : `index ${indexName}`;
  for (const kind of ['read', 'write'] as const) {
    const units = unitsOf(warm)[kind];
    if (units === undefined || units >= least[kind]) continue;
    const noun = kind === 'read' ? 'Read' : 'Write';
    throw invalidParameter(
      `Requested ${noun}UnitsPerSecond for WarmThroughput for ${where} is lower than ` +
        (mode === 'PAY_PER_REQUEST'
          ? `initial throughput for OnDemand. ${GUIDE}`
          : `${noun}CapacityUnits of ProvisionedThroughput`),
    );
  }
}

function membersOf(limits: OnDemandThroughputInput): [name: string, value: number][] {
  return Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== undefined);
}

function limitsOf({ MaxReadRequestUnits: read, MaxWriteRequestUnits: write }: OnDemandThroughputInput) {
  return { ...(read !== undefined && { read }), ...(write !== undefined && { write }) };
}

function unitsOf({ ReadUnitsPerSecond: read, WriteUnitsPerSecond: write }: WarmThroughputInput) {
  return { ...(read !== undefined && { read }), ...(write !== undefined && { write }) };
}

/** Undefined when none is left. */
function withoutCleared({ read, write }: Partial<Units>): Partial<Units> | undefined {
  const left = {
    ...(read !== undefined && read !== NO_LIMIT && { read }),
    ...(write !== undefined && write !== NO_LIMIT && { write }),
  };
  return Object.keys(left).length > 0 ? left : undefined;
}
