/** UntagResource. */
import { resourceNotFound, validationError } from '../errors.ts';
import { list, required, structure } from '../input/collections.ts';
import { text } from '../input/scalars.ts';
import { defineOperation } from '../service.ts';
import { checkResourceArn, tableNameOfArn } from '../tables/tagged-table.ts';

export const untagResource = defineOperation({
  name: 'UntagResource',
  input: structure('UntagResourceInput', {
    ResourceArn: required(text()),
    TagKeys: required(list(text())),
  }),
  precheck: ({ ResourceArn: arn }) => checkResourceArn(arn),
  isSilent: true,
  run({ ResourceArn: arn, TagKeys: keys }, service) {
    const name = tableNameOfArn(service, arn, 'UntagResource');
    if (keys.length === 0) throw validationError('Atleast one Tag Key needs to be provided as Input.');
    const record = service.tables.find(name)?.record;
    if (!record || record.loading) throw resourceNotFound();
    const tags = Object.fromEntries(Object.entries(record.tags).filter(([key]) => !keys.includes(key)));
    service.tables.update({ ...record, tags });
    return {};
  },
});
