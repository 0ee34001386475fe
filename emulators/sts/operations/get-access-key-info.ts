/** GetAccessKeyInfo and DecodeAuthorizationMessage. */
import type { Operation } from '../../../src/model/service-api.ts';
import { invalidAuthorizationMessage, invalidMember } from '../errors.ts';
import { requiredText } from '../input.ts';
import type { StsService } from '../service.ts';

export function makeGetAccessKeyInfo({ sessions, accountId }: StsService): Operation {
  return (input) => {
    const key = requiredText(input, 'AccessKeyId');
    if (key.length < 16)
      throw invalidMember('AccessKeyId', key, 'Member must have length greater than or equal to 16');
    return { Account: sessions.identityOf(key)?.accountId ?? accountId };
  };
}

/** No call is ever refused for want of permission here, so that there is no message to decode. */
export function makeDecodeAuthorizationMessage(): Operation {
  return (input) => {
    requiredText(input, 'EncodedMessage');
    throw invalidAuthorizationMessage();
  };
}
