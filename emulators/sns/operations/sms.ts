/** The settings of text messages: kept, and of no effect here but for opting in. */
import type { Operation } from '../../../src/model/service-api.ts';
import { invalid, invalidParameter } from '../errors.ts';
import { requiredText, textList, textMap } from '../input.ts';
import type { SnsService } from '../service.ts';

const NAMES = [
  ...['MonthlySpendLimit', 'DeliveryStatusIAMRole', 'DeliveryStatusSuccessSamplingRate'],
  ...['DefaultSenderID', 'DefaultSMSType', 'UsageReportS3Bucket'],
];

export function makeSetSmsAttributes({ topics }: SnsService): Operation {
  return (input) => {
    const change = textMap(input, 'attributes');
    const unknown = Object.keys(change).find((name) => !NAMES.includes(name));
    if (unknown !== undefined) throw invalid(`${unknown} is not a valid attribute`);
    const { DefaultSMSType: type } = change;
    if (type !== undefined && type !== 'Promotional' && type !== 'Transactional')
      throw invalid('DefaultSMSType is invalid');
    topics.store.saveSetting('sms', { ...topics.store.setting('sms'), ...change });
    return {};
  };
}

export function makeGetSmsAttributes({ topics }: SnsService): Operation {
  return (input) => {
    const wanted = textList(input, 'attributes');
    const all = Object.entries({ MonthlySpendLimit: '1', ...topics.store.setting('sms') });
    const found = all.filter(([name]) => wanted.length === 0 || wanted.includes(name));
    return { attributes: Object.fromEntries(found) };
  };
}

/** Nobody opts out of a file: the numbers here all want messages. */
export function makeCheckIfPhoneNumberIsOptedOut(): Operation {
  return (input) => {
    requiredText(input, 'phoneNumber');
    return { isOptedOut: false };
  };
}

export function makeListPhoneNumbersOptedOut(): Operation {
  return () => ({ phoneNumbers: [] });
}

export function makeOptInPhoneNumber(): Operation {
  return (input) => {
    if (!/^\+\d+$/.test(requiredText(input, 'phoneNumber')))
      throw invalidParameter('PhoneNumber Reason: input incorrectly formatted');
    return {};
  };
}
