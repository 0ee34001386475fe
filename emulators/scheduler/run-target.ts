/** Runs a schedule's target once. */
import type { EmulatorContext, JsonObject } from '../../src/model/emulator.ts';
import type { Execution, ScheduleRecord } from './schedule-store.ts';
import { type Target, universalTarget } from './target.ts';

export interface Run {
  readonly record: ScheduleRecord;
  readonly target: Target;
  readonly execution: Pick<Execution, 'id' | 'dueAt' | 'attempt' | 'traceId'>;
  readonly byHand: boolean;
}

/** Rejects with `ServiceError` for what the target's service refuses. */
export async function runTarget(context: EmulatorContext, run: Run): Promise<{ readonly requestId: string }> {
  const { record, target, execution, byHand } = run;
  const { services } = context;
  const origin = { traceId: execution.traceId };
  const body = payloadOf(context, run);
  if (!services) throw new Error('there are no other services');
  const universal = universalTarget(target.arn);
  if (universal) {
    await services.call({ ...universal, input: JSON.parse(body) as JsonObject, origin });
    return { requestId: execution.id };
  }
  const { requestId = execution.id } = await services.deliver({
    arn: target.arn,
    body,
    cause: { kind: 'schedule', name: record.name, byHand },
    origin,
    ...(target.groupId !== undefined && { groupId: target.groupId }),
    ...(target.partitionKey !== undefined && { partitionKey: target.partitionKey }),
    ...(target.event && {
      event: { ...target.event, resources: [record.arn], time: Math.floor(execution.dueAt / 1000) },
    }),
  });
  return { requestId };
}

/** The schedule's own input with its context attributes; else the notice that it is time. */
export function payloadOf(
  { region, accountId }: EmulatorContext,
  { record, target, execution }: Omit<Run, 'byHand'>,
): string {
  const time = secondsText(execution.dueAt);
  if (target.input !== undefined)
    return withAttributes(target.input, {
      'schedule-arn': record.arn,
      'scheduled-time': time,
      'execution-id': execution.id,
      'attempt-number': String(execution.attempt),
    });
  if (universalTarget(target.arn)) return '{}';
  return JSON.stringify({
    version: '0',
    id: uuidLike(execution.id),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: accountId,
    time,
    region,
    resources: [record.arn],
    detail: '{}',
  });
}

/** Source: Scheduler User Guide, "Adding context attributes". */
function withAttributes(input: string, values: Readonly<Record<string, string>>): string {
  return input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => values[name] ?? whole);
}

/** `2026-01-01T00:00:00Z`. */
export function secondsText(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

/** The same for every try of one run. */
function uuidLike(hex: string): string {
  const h = hex.padEnd(32, hex);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
}
