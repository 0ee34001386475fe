/** The faults there are, how often each strikes, and what it is for people. */
import { SlsError } from '../std/errors.ts';

/** How often a fault strikes where it can: from 0 to 1. */
const RATES = {
  duplicate: 0.08,
  delay: 0.08,
  reorder: 0.12,
  throttle: 0.05,
  fail: 0.08,
  crash: 0.05,
  expire: 0.06,
  'service-throttle': 0.03,
  'service-fail': 0.03,
  'service-lose': 0.02,
} as const;

export type FaultKind = keyof typeof RATES;

export const FAULT_KINDS = Object.keys(RATES) as readonly FaultKind[];

export const rateOf = (kind: FaultKind): number => RATES[kind];

const MEANINGS: Readonly<Record<FaultKind, string>> = {
  duplicate: 'delivered twice',
  delay: 'delivered late',
  reorder: 'overtaken by later messages',
  throttle: 'the function was throttled',
  fail: 'the function failed before it did anything',
  crash: 'the instance died while it handled the batch',
  expire: 'the visibility timeout ran out early',
  'service-throttle': 'the call was throttled',
  'service-fail': 'the call failed with a server error',
  'service-lose': 'the call was carried out, but answered with a server error',
};

export const meaningOf = (kind: FaultKind): string => MEANINGS[kind];

/** From `duplicate,delay`. Throws `SlsError` `unknown-fault`. */
export function readFaultKinds(text: string): readonly FaultKind[] {
  return text.split(',').map((word) => {
    const kind = FAULT_KINDS.find((one) => one === word.trim());
    if (kind) return kind;
    throw new SlsError('unknown-fault', `there is no fault "${word.trim()}"`, {
      hint: `there are ${FAULT_KINDS.join(', ')}`,
    });
  });
}
