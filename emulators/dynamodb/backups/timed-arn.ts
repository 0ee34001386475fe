/** The ARNs of backups, exports and imports in requests, with the service's checks of them. */
import { accessDenied, validationError } from '../errors.ts';
import type { Service } from '../service.ts';

const noun = { backup: 'Backup', export: 'Export', import: 'Import' } as const;

/** Throws for an ARN of something else, or of another account. */
export function checkTimedArn(
  { accountId }: Pick<Service, 'accountId'>,
  arn: string,
  kind: keyof typeof noun,
): void {
  const match = /^arn:aws:dynamodb:[^:]*:([^:]*):table\/[^/]+\/([a-z]+)\/[^/]+$/.exec(arn);
  if (match?.[2] !== kind) throw validationError(`Invalid ${noun[kind]} ARN`);
  if (match[1] !== accountId) throw accessDenied('Access is denied');
}
