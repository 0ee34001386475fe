/** Resource policies: checked for being JSON, kept, shown. Not emulated: no call is refused because of one. */
import { invalidParameter, resourceNotFound, tableNotFound, validationError } from '../errors.ts';
import type { Service } from '../service.ts';
import { tableArn } from '../tables/describe-table.ts';
import type { Table } from '../tables/table.ts';
import type { ResourcePolicy } from '../tables/table-record.ts';

/** Bytes, white space included. */
const MAX_POLICY_BYTES = 20_480;

const arnPattern = /^arn:([^:]*):([^:]*):([^:]*):([^:]*):table\/([^/]+)(?:\/(.*))?$/;

/** A document as it is kept; its revision is the time of the change. */
export function newPolicy(text: string, now: number): ResourcePolicy {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES)
    throw invalidParameter(`Resource-based policy exceeds the maximum size of ${MAX_POLICY_BYTES} bytes`);
  const parsed = parse(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw invalidParameter('Invalid policy document: Syntax errors in policy.');
  return { text: JSON.stringify(parsed), revision: String(Math.floor(now)) };
}

export function policyNotice({ notice }: Pick<Service, 'notice'>, tableName: string): void {
  notice(`the resource policy of table ${tableName} is kept and shown; it is not enforced`);
}

/** The table a policy's ResourceArn names; the ARN may be that of one of its streams. Throws as the service does. */
export function resourceOf(service: Service, arn: string): Table {
  if (!arn.startsWith('arn:')) throw invalidParameter(`ARNs must start with 'arn:': ${arn}`);
  const [, partition, aws, region, account, tableName, rest] = arnPattern.exec(arn) ?? [];
  if (tableName === undefined || aws !== 'dynamodb')
    throw invalidParameter(`Provided Arn is not a DynamoDB resource arn: ${arn}`);
  if (account !== service.accountId)
    throw validationError(
      'This action is only supported by accounts that match the resource owner’s account.',
    );
  if (partition !== 'aws' || region !== service.region)
    throw invalidParameter(`Invalid resource Arn: ${arn}`);
  if (rest !== undefined && !rest.startsWith('stream/'))
    throw invalidParameter(
      `Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${arn}`,
    );
  const table = service.tables.find(tableName);
  if (!table || table.record.loading) throw tableNotFound(tableName);
  if (rest !== undefined) checkStream(service, table, rest.slice('stream/'.length));
  return table;
}

export function policyOf(table: Table, arn: string): ResourcePolicy | undefined {
  const { policies } = table.record;
  return policies && Object.hasOwn(policies, arn) ? policies[arn] : undefined;
}

export function withPolicy(table: Table, arn: string, policy: ResourcePolicy | undefined) {
  const { policies, ...others } = table.record;
  const { [arn]: _, ...rest } = policies ?? {};
  return { ...others, policies: { ...rest, ...(policy && { [arn]: policy }) } };
}

function checkStream(service: Service, { name, record }: Table, label: string): void {
  if (label === (record.stream?.label ?? record.latestStreamLabel)) return;
  if (service.streams.find(`${tableArn(service, name)}/stream/${label}`)) return;
  throw resourceNotFound(`Requested resource not found: Stream: ${label} not found for Table: ${name}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
