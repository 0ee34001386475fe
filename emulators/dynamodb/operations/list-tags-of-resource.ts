/** ListTagsOfResource. */
import { required, structure } from '../input/collections.ts';
import { text } from '../input/scalars.ts';
import { defineOperation } from '../service.ts';
import { checkResourceArn, tableOfArn } from '../tables/tagged-table.ts';

export const listTagsOfResource = defineOperation({
  name: 'ListTagsOfResource',
  input: structure('ListTagsOfResourceInput', { ResourceArn: required(text()), NextToken: text() }),
  precheck: ({ ResourceArn: arn }) => checkResourceArn(arn),
  run({ ResourceArn: arn }, service) {
    const { tags } = tableOfArn(service, arn, 'ListTagsOfResource').record;
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
});
