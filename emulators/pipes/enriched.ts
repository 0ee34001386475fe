/** What an enrichment's answer makes of a batch. Source: EventBridge guide, "Event enrichment in Amazon EventBridge Pipes". */
import type { JsonValue } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { ServiceError } from '../_wire/service-error.ts';

const MOST_BYTES = 6 * 1024 * 1024;

/** Empty where the target is not to be invoked: for `""`, `{}` and `[]`; `[{}]` is an event that is empty. */
export function enrichedEvents(answer: string, arn: string): readonly JsonValue[] {
  const bytes = Buffer.byteLength(answer);
  if (bytes > MOST_BYTES) throw invalid(arn, `${bytes} bytes, which is more than ${MOST_BYTES}`);
  if (answer.trim() === '') return [];
  let parsed: JsonValue;
  try {
    parsed = JSON.parse(answer) as JsonValue;
  } catch {
    throw invalid(arn, `what is no JSON: ${JSON.stringify(answer.slice(0, 80))}`);
  }
  if (Array.isArray(parsed)) return parsed;
  const isEmpty = parsed === '' || parsed === null || (isObject(parsed) && Object.keys(parsed).length === 0);
  return isEmpty ? [] : [parsed];
}

function invalid(arn: string, what: string): ServiceError {
  return new ServiceError('InvalidEnrichment', `the enrichment ${arn} answered ${what}`);
}
