/** UpdateContributorInsights. */
import { required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName, indexName } from '../input/members.ts';
import { text } from '../input/scalars.ts';
import {
  checkInsightsIndex,
  insightsNotice,
  insightsOf,
  nameMembers,
  WHOLE_TABLE,
} from '../insights/contributor-insights.ts';
import { defineOperation } from '../service.ts';
import { existingTable } from '../tables/existing-table.ts';

export const updateContributorInsights = defineOperation({
  name: 'UpdateContributorInsights',
  input: structure('UpdateContributorInsightsInput', {
    TableName: required(controlTableName),
    IndexName: indexName,
    ContributorInsightsAction: required(text<'ENABLE' | 'DISABLE'>({ oneOf: ['ENABLE', 'DISABLE'] })),
    ContributorInsightsMode: text({ oneOf: ['ACCESSED_AND_THROTTLED_KEYS', 'THROTTLED_KEYS'] }),
  }),
  precheck: checkTableName,
  run(request, service) {
    const { IndexName: index, ContributorInsightsMode: mode = 'ACCESSED_AND_THROTTLED_KEYS' } = request;
    const table = existingTable(service, request.TableName);
    checkInsightsIndex(table, index);
    const present = insightsOf(table, index);
    const isEnabled = request.ContributorInsightsAction === 'ENABLE';
    const isSame = (present?.isEnabled ?? false) === isEnabled && (!isEnabled || present?.mode === mode);
    if (!isSame) {
      if (isEnabled) insightsNotice(service, table.name);
      const changed = {
        isEnabled,
        mode: isEnabled ? mode : (present?.mode ?? mode),
        changedAt: service.clock.now(),
      };
      const insights = { ...table.record.insights, [index ?? WHOLE_TABLE]: changed };
      service.tables.update({ ...table.record, insights });
    }
    const settled = isEnabled ? 'ENABLED' : 'DISABLED';
    const underWay = isEnabled ? 'ENABLING' : 'DISABLING';
    return {
      ...nameMembers(table, index),
      ContributorInsightsStatus: isSame ? settled : underWay,
      ...(isEnabled && { ContributorInsightsMode: mode }),
    };
  },
});
