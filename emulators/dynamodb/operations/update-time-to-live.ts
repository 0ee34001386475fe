/** UpdateTimeToLive. */
import { validationError } from '../errors.ts';
import { required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { boolean, text } from '../input/scalars.ts';
import { defineOperation } from '../service.ts';
import { existingTable } from '../tables/existing-table.ts';

/** The documentation says an hour; the service was seen to take changes again after half of one. */
const MIN_CHANGE_INTERVAL_MS = 30 * 60 * 1000;

export const updateTimeToLive = defineOperation({
  name: 'UpdateTimeToLive',
  input: structure('UpdateTimeToLiveInput', {
    TableName: required(controlTableName),
    TimeToLiveSpecification: required(
      structure('TimeToLiveSpecification', {
        Enabled: required(boolean),
        AttributeName: required(text({ minLength: 1, maxLength: 255 })),
      }),
    ),
  }),
  precheck: checkTableName,
  run(input, service) {
    const { record } = existingTable(service, input.TableName);
    const { Enabled: enabled, AttributeName: attribute } = input.TimeToLiveSpecification;
    const { ttlAttribute: present, ...others } = record;
    if (enabled && present === attribute) throw validationError('TimeToLive is already enabled');
    if (!enabled && present === undefined) throw validationError('TimeToLive is already disabled');
    if (present !== undefined && present !== attribute)
      throw validationError(
        `TimeToLive is active on a different AttributeName: current AttributeName is ${present}`,
      );
    const now = service.clock.now();
    if (now - (record.ttlChangedAt ?? Number.NEGATIVE_INFINITY) < MIN_CHANGE_INTERVAL_MS)
      throw validationError('Time to live has been modified multiple times within a fixed interval');
    const changed = { ...others, ttlChangedAt: now };
    service.tables.update(enabled ? { ...changed, ttlAttribute: attribute } : changed);
    return { TimeToLiveSpecification: { Enabled: enabled, AttributeName: attribute } };
  },
});
