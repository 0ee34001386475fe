/** DescribeExport. */
import { failure } from '../backups/errors.ts';
import { checkTimedArn } from '../backups/timed-arn.ts';
import { required, structure } from '../input/collections.ts';
import { defineOperation } from '../service.ts';
import { describeExport as describe } from '../transfer/describe-transfer.ts';
import { transferArn } from '../transfer/members.ts';

export const describeExport = defineOperation({
  name: 'DescribeExport',
  input: structure('DescribeExportInput', { ExportArn: required(transferArn) }),
  run({ ExportArn: arn }, service) {
    checkTimedArn(service, arn, 'export');
    const record = service.transfers.exports.find(arn);
    // The doubling is the service's.
    if (!record) throw failure('ExportNotFoundException', `Export not found: Export not found: ${arn}`);
    return { ExportDescription: describe(record) };
  },
});
