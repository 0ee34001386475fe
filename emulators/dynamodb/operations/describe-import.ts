/** DescribeImport. */
import { failure } from '../backups/errors.ts';
import { checkTimedArn } from '../backups/timed-arn.ts';
import { required, structure } from '../input/collections.ts';
import { defineOperation } from '../service.ts';
import { describeImport as describe } from '../transfer/describe-transfer.ts';
import { transferArn } from '../transfer/members.ts';

export const describeImport = defineOperation({
  name: 'DescribeImport',
  input: structure('DescribeImportInput', { ImportArn: required(transferArn) }),
  run({ ImportArn: arn }, service) {
    checkTimedArn(service, arn, 'import');
    const record = service.transfers.imports.find(arn);
    if (!record) throw failure('ImportNotFoundException', `Import not found: ${arn}`);
    return { ImportTableDescription: describe(record) };
  },
});
