/** TagResource. */
import { validationError } from '../errors.ts';
import { list, required, structure } from '../input/collections.ts';
import { text } from '../input/scalars.ts';
import { defineOperation } from '../service.ts';
import { tag } from '../tables/table-shapes.ts';
import { checkResourceArn, tableNameOfArn, tableOfArn } from '../tables/tagged-table.ts';
import { withTags } from '../tables/tags.ts';

export const tagResource = defineOperation({
  name: 'TagResource',
  input: structure('TagResourceInput', { ResourceArn: required(text()), Tags: required(list(tag)) }),
  precheck: ({ ResourceArn: arn }) => checkResourceArn(arn),
  isSilent: true,
  run({ ResourceArn: arn, Tags: tags }, service) {
    tableNameOfArn(service, arn, 'TagResource');
    if (tags.length === 0) throw validationError('Atleast one Tag needs to be provided as Input.');
    const { record } = tableOfArn(service, arn, 'TagResource');
    service.tables.update({ ...record, tags: withTags(record.tags, tags) });
    return {};
  },
});
