/** The table a tag operation names by its ARN, with the service's checks of that ARN. */
import { accessDenied, resourceNotFound, validationError } from '../errors.ts';
import type { Service } from '../service.ts';
import type { Table } from './table.ts';

const anyArn = /^[^:]+:[^:]+:[^:]+:[^:]+:[^:]+:[^:]+\/.+$/;
const tableArnPattern = /^arn:aws:dynamodb:[^:]+:\d{12}:table\/([a-zA-Z0-9_.-]{3,255})$/;

/** Before all else: permission is looked up by the ARN. */
export function checkResourceArn(
  arn: string | undefined,
  operation: string,
  accountId = '000000000000',
): void {
  if (arn === undefined) throw validationError('Invalid TableArn');
  if (!anyArn.test(arn))
    throw accessDenied(
      `User: arn:aws:iam::${accountId}:root is not authorized to perform: dynamodb:${operation} on resource: ${arn || '*'}`,
    );
}

export function tableNameOfArn(arn: string): string {
  const name = tableArnPattern.exec(arn)?.[1];
  if (name === undefined)
    throw validationError(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  return name;
}

/** The misspelling is the service's. */
export function tableOfArn(service: Service, arn: string): Table {
  const table = service.tables.find(tableNameOfArn(arn));
  if (!table || table.record.loading)
    throw resourceNotFound(`Requested resource not found: ResourcArn: ${arn} not found`);
  return table;
}
