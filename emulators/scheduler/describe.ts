/** How schedules and groups look in answers. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { isRecord } from '../../src/model/json.ts';
import type { GroupRecord, ScheduleRecord } from './schedule-store.ts';

/** As GetSchedule has it. */
export function describeSchedule(record: ScheduleRecord): JsonObject {
  const { windowMinutes, startAt, endAt, description, kmsKeyArn } = record;
  return {
    ...briefly(record),
    ActionAfterCompletion: record.deletesAfter ? 'DELETE' : 'NONE',
    FlexibleTimeWindow:
      windowMinutes === 0 ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: windowMinutes },
    ScheduleExpression: record.expression,
    ScheduleExpressionTimezone: record.timezone,
    Target: withDefaults(record.target),
    ...(startAt !== undefined && { StartDate: seconds(startAt) }),
    ...(endAt !== undefined && { EndDate: seconds(endAt) }),
    ...(description !== undefined && { Description: description }),
    ...(kmsKeyArn !== undefined && { KmsKeyArn: kmsKeyArn }),
  };
}

/** As ListSchedules has it. */
export function summarizeSchedule(record: ScheduleRecord): JsonObject {
  return { ...briefly(record), Target: { Arn: record.target.Arn ?? '' } };
}

function briefly({ arn, group, name, createdAt, modifiedAt, enabled }: ScheduleRecord): JsonObject {
  return {
    Arn: arn,
    CreationDate: seconds(createdAt),
    GroupName: group,
    LastModificationDate: seconds(modifiedAt),
    Name: name,
    State: enabled ? 'ENABLED' : 'DISABLED',
  };
}

export function describeGroup({ arn, name, createdAt, modifiedAt }: GroupRecord): JsonObject {
  return {
    Arn: arn,
    CreationDate: seconds(createdAt),
    LastModificationDate: seconds(modifiedAt),
    Name: name,
    State: 'ACTIVE',
  };
}

/** The service tells of the retries there are when none were asked for. */
function withDefaults(target: JsonObject): JsonObject {
  const asked = target.RetryPolicy;
  const retry = isRecord(asked) ? asked : {};
  return {
    ...target,
    RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185, ...retry },
  };
}

const seconds = (ms: number) => ms / 1000;
