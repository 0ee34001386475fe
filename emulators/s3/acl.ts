/** Access control lists: kept and answered; nothing here is refused because of them. */
import { invalidArgument, s3Error } from './errors.ts';
import { OWNER_NAME, ownerId } from './owner.ts';
import type { S3Service } from './service.ts';
import { child, childrenOf, textOf, type XmlElement } from './xml/parse.ts';
import { document, group, tag, written } from './xml/write.ts';

type Headers = Readonly<Record<string, string | undefined>>;

const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers';
const AUTHENTICATED = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';
const LOG_DELIVERY = 'http://acs.amazonaws.com/groups/s3/LogDelivery';

/** What a canned list grants besides the owner's full control. Source: "Canned ACL" of the S3 user guide. */
const CANNED: Readonly<Record<string, readonly (readonly [group: string, permission: string])[]>> = {
  private: [],
  'public-read': [[ALL_USERS, 'READ']],
  'public-read-write': [
    [ALL_USERS, 'READ'],
    [ALL_USERS, 'WRITE'],
  ],
  'authenticated-read': [[AUTHENTICATED, 'READ']],
  'aws-exec-read': [],
  'bucket-owner-read': [],
  'bucket-owner-full-control': [],
  'log-delivery-write': [
    [LOG_DELIVERY, 'WRITE'],
    [LOG_DELIVERY, 'READ_ACP'],
  ],
};

const GRANT_HEADERS: Readonly<Record<string, string>> = {
  'x-amz-grant-full-control': 'FULL_CONTROL',
  'x-amz-grant-read': 'READ',
  'x-amz-grant-read-acp': 'READ_ACP',
  'x-amz-grant-write': 'WRITE',
  'x-amz-grant-write-acp': 'WRITE_ACP',
};
const PERMISSIONS = new Set(Object.values(GRANT_HEADERS));

/** The list a canned name stands for; undefined where none is named, or the default one. */
export function cannedAcl(name: string | undefined, service: S3Service): string | undefined {
  if (name === undefined) return undefined;
  const grants = Object.hasOwn(CANNED, name) ? CANNED[name] : undefined;
  if (!grants) throw invalidArgument('', 'x-amz-acl', name);
  if (grants.length === 0) return undefined;
  return policyOf(service, [
    ...grants.map(([uri, permission]) => grantTo('Group', tag('URI', uri), permission)),
    ownersGrant(service),
  ]);
}

export function grantedAcl(headers: Headers, service: S3Service): string | undefined {
  const grants = Object.entries(GRANT_HEADERS).flatMap(([header, permission]) =>
    (headers[header]?.split(',') ?? []).map((one) => grantOf(header, one.trim(), permission)),
  );
  return grants.length === 0 ? undefined : policyOf(service, grants);
}

function grantOf(header: string, grantee: string, permission: string): string {
  const [, kind, value] = /^(id|uri|emailAddress)\s*=\s*"?([^"]*)"?$/.exec(grantee) ?? [];
  if (kind === 'uri') return grantTo('Group', tag('URI', value), permission);
  if (kind === 'id') return grantTo('CanonicalUser', tag('ID', value), permission);
  if (kind === 'emailAddress')
    return grantTo('AmazonCustomerByEmail', tag('EmailAddress', value), permission);
  throw invalidArgument('Argument format not recognized', header, grantee);
}

function grantTo(type: string, grantee: string, permission: string): string {
  return group(
    'Grant',
    `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${type}">${grantee}</Grantee>`,
    tag('Permission', permission),
  );
}

const ownersGrant = ({ accountId }: S3Service) =>
  grantTo('CanonicalUser', tag('ID', ownerId(accountId)) + tag('DisplayName', OWNER_NAME), 'FULL_CONTROL');

function policyOf({ accountId }: S3Service, grants: readonly string[]): string {
  return document(
    'AccessControlPolicy',
    group('Owner', tag('ID', ownerId(accountId)), tag('DisplayName', OWNER_NAME)),
    group('AccessControlList', ...grants),
  );
}

/** What is answered where none was set. */
export function privateAcl(service: S3Service): string {
  return policyOf(service, [ownersGrant(service)]);
}

/** The list a client sends as a document. Throws `MalformedACLError`. */
export function parseAcl(root: XmlElement | undefined): string {
  const list = root?.name === 'AccessControlPolicy' ? child(root, 'AccessControlList') : undefined;
  const owner = root && child(root, 'Owner');
  const grants = list ? childrenOf(list, 'Grant') : [];
  const isSound = grants.every(
    (grant) => child(grant, 'Grantee') && PERMISSIONS.has(textOf(grant, 'Permission') ?? ''),
  );
  if (!list || !owner || !isSound) throw s3Error('MalformedACLError');
  return document('AccessControlPolicy', written(owner), written(list));
}
