/** The encryption settings of a table: kept and shown. Not emulated: the local file is not encrypted. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { invalidParameter } from '../errors.ts';
import type { Service } from '../service.ts';
import type { TableRecord } from './table-record.ts';
import type { SseSpecificationInput } from './table-shapes.ts';

type Encryption = TableRecord['encryption'];

/** The account's own key for DynamoDB stands for all that name none. */
const MANAGED_KEY = 'key/00000000-0000-4000-8000-000000000000';
const MANAGED_ALIAS = 'alias/aws/dynamodb';

/** Undefined: the service's own key, which it does not speak of. */
export function encryptionOf(
  service: Pick<Service, 'region' | 'accountId' | 'notice'>,
  tableName: string,
  specification: SseSpecificationInput | undefined,
): Encryption {
  if (!specification) return undefined;
  const { Enabled: enabled, SSEType: type, KMSMasterKeyId: keyId } = specification;
  if (type === 'AES256') throw invalidParameter('SSEType AES256 is not supported');
  if (enabled === false && (type !== undefined || keyId !== undefined))
    throw invalidParameter(
      `${type === undefined ? 'KMSMasterKeyId' : 'SSEType'} cannot be specified when SSESpecification is disabled`,
    );
  if (keyId !== undefined && type !== 'KMS')
    throw invalidParameter('KMSMasterKeyId can only be specified when SSEType is KMS');
  if (!enabled && type === undefined) return undefined;
  service.notice(
    `table ${tableName} asks for encryption with a key of its own; this is shown in its description, the local data is not encrypted`,
  );
  return { keyArn: keyArnOf(service, keyId) };
}

/** What UpdateTable makes of it. Throws when nothing would change. */
export function updatedEncryption(
  service: Pick<Service, 'region' | 'accountId' | 'notice'>,
  { name, encryption: present }: TableRecord,
  specification: SseSpecificationInput | undefined,
): Encryption {
  if (!specification) return present;
  const wished = encryptionOf(service, name, specification);
  if (!wished && !present) throw invalidParameter('Table is already encrypted by default');
  if (present && specification.KMSMasterKeyId === present.keyArn)
    throw invalidParameter(
      'Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to change Master Key',
    );
  return wished;
}

export function describeEncryption(encryption: Encryption): JsonObject {
  if (!encryption) return {};
  return { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: encryption.keyArn } };
}

function keyArnOf(
  { region, accountId }: Pick<Service, 'region' | 'accountId'>,
  keyId: string | undefined,
): string {
  if (keyId?.startsWith('arn:')) return keyId;
  const relative =
    keyId === undefined || keyId === MANAGED_ALIAS
      ? MANAGED_KEY
      : keyId.startsWith('alias/')
        ? keyId
        : `key/${keyId}`;
  return `arn:aws:kms:${region}:${accountId}:${relative}`;
}
