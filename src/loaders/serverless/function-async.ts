/** A function's settings for asynchronous events: retries, age, destinations, dead-letter target. */
import type { AsyncEventSettings } from '../../model/project.ts';
import { asyncEventsOf, asyncLimits, deadLetterFlaw, destinationFlaw } from '../async-events.ts';
import { isMap, textOf } from '../cloudformation/template.ts';
import type { Fields } from '../fields.ts';
import { isUnresolved } from '../unresolved.ts';
import type { Service } from './service.ts';

export const asyncKeys = ['maximumRetryAttempts', 'maximumEventAge', 'destinations', 'onError'];

/** Undefined without any. */
export function asyncEvents(section: Fields, service: Service): AsyncEventSettings | undefined {
  const ageSeconds = section.number('maximumEventAge', asyncLimits.eventAgeSeconds);
  const destinations = section.map('destinations');
  destinations?.unknownKeys(new Set(['onSuccess', 'onFailure']));
  return asyncEventsOf({
    maximumRetryAttempts: section.number('maximumRetryAttempts', asyncLimits.retryAttempts),
    maximumEventAgeMs: ageSeconds === undefined ? undefined : ageSeconds * 1000,
    onSuccessArn: destinations && destinationOf(destinations, 'onSuccess', service),
    onFailureArn: destinations && destinationOf(destinations, 'onFailure', service),
    deadLetterArn: deadLetterOf(section, service),
  });
}

/** Key of another function, an ARN, or `{ type, arn }`. */
function destinationOf(section: Fields, key: string, service: Service): string | undefined {
  const resolved = service.intrinsics.resolve(section.values[key], [...section.path, key]);
  const written = isMap(resolved) ? resolved.arn : resolved;
  const text = textOf(written);
  if (text === undefined || isUnresolved(written)) return undefined;
  const arn = text.startsWith('arn:') ? text : service.functionArn(text);
  if (arn === undefined) {
    section.error({
      code: 'unknown-function',
      message: `${section.subject}.${key}: "${text}" is neither a function of this service nor an ARN`,
      key,
    });
    return undefined;
  }
  return accepted(section, key, arn, destinationFlaw(arn, key === 'onSuccess' ? 'success' : 'failure'));
}

function deadLetterOf(section: Fields, service: Service): string | undefined {
  const written = service.intrinsics.resolve(section.values.onError, [...section.path, 'onError']);
  const arn = textOf(written);
  if (arn === undefined || isUnresolved(written)) return undefined;
  return accepted(section, 'onError', arn, deadLetterFlaw(arn));
}

function accepted(section: Fields, key: string, arn: string, flaw: string | undefined): string | undefined {
  if (flaw === undefined) return arn;
  section.warn({ code: 'not-emulated', key, message: `${arn}: ${flaw}` });
  return undefined;
}
