/** The id S3 shows for an account in its documents and events. */

/** 64 hex, made of the account's 12 digits. */
export function ownerId(accountId: string): string {
  return accountId.padStart(64, '0');
}

export const OWNER_NAME = 'sls-local';
