/** The table a tag operation names by its ARN, with the service's checks of that ARN. */
import { accessDenied, invalidParameter, resourceNotFound, validationError } from '../errors.ts';
import type { Service } from '../service.ts';
import type { Table } from './table.ts';

const tableArnPattern = /^arn:([^:]*):dynamodb:([^:]*):([^:]*):table\/([^/]+)(\/.*)?$/;

const namePattern = /^[a-zA-Z0-9_.-]{3,255}$/;

/** Before all else, whatever else is wrong with the request. */
export function checkResourceArn(arn: string | undefined): void {
  if (arn === undefined) throw validationError('Invalid TableArn');
  if (!arn.startsWith('arn:')) throw invalidParameter(`ARNs must start with 'arn:': ${arn}`);
  if (!tableArnPattern.test(arn))
    throw invalidParameter(`Provided Arn is not a DynamoDB resource arn: ${arn}`);
}

/** Throws for the ARN of anything but a table of this account and region. `operation` is who asks. */
export function tableNameOfArn(service: Service, arn: string, operation: string): string {
  const [, partition, region, account, name, rest] = tableArnPattern.exec(arn) ?? [];
  if (name === undefined || rest !== undefined)
    throw invalidParameter(
      `Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${arn}`,
    );
  if (partition !== 'aws' || region !== service.region || !namePattern.test(name))
    throw validationError(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  if (account !== service.accountId)
    throw accessDenied(
      `User: arn:aws:iam::${service.accountId}:root is not authorized to perform: dynamodb:${operation} on resource: ${arn}`,
    );
  return name;
}

/** The misspelling is the service's. */
export function tableOfArn(service: Service, arn: string, operation: string): Table {
  const table = service.tables.find(tableNameOfArn(service, arn, operation));
  if (!table || table.record.loading)
    throw resourceNotFound(`Requested resource not found: ResourcArn: ${arn} not found`);
  return table;
}
