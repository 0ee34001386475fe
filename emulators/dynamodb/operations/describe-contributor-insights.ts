/** DescribeContributorInsights. */
import { required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName, indexName } from '../input/members.ts';
import { checkInsightsIndex, insightsOf, nameMembers } from '../insights/contributor-insights.ts';
import { defineOperation } from '../service.ts';
import { existingTable } from '../tables/existing-table.ts';

export const describeContributorInsights = defineOperation({
  name: 'DescribeContributorInsights',
  input: structure('DescribeContributorInsightsInput', {
    TableName: required(controlTableName),
    IndexName: indexName,
  }),
  precheck: checkTableName,
  run({ TableName: name, IndexName: index }, service) {
    const table = existingTable(service, name);
    checkInsightsIndex(table, index);
    const insights = insightsOf(table, index);
    return {
      ...nameMembers(table, index),
      ContributorInsightsStatus: insights?.isEnabled ? 'ENABLED' : 'DISABLED',
      ...(insights && {
        LastUpdateDateTime: insights.changedAt / 1000,
        ContributorInsightsMode: insights.mode,
      }),
    };
  },
});
