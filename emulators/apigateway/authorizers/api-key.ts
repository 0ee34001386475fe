/** API keys of REST APIs: the ones of the project file, or any where it has none. */
import type { ApiKey } from '../../../src/model/authorizers.ts';
import type { Found } from '../front-door.ts';
import type { Incoming } from '../incoming.ts';
import type { Access, Caller } from './access.ts';
import { refuse } from './access.ts';
import { refusalAnswer } from './refusals.ts';

export function checkApiKey(
  keys: readonly ApiKey[],
  incoming: Incoming,
  { target }: Found,
  caller: Caller,
  tell: (message: string) => void,
): Access {
  const sent = incoming.headers['x-api-key'];
  const value = Array.isArray(sent) ? sent[0] : sent;
  if (value === undefined || value === '')
    return refuse(refusalAnswer(target.api, 'no-api-key', { why: 'the header x-api-key is missing' }));
  if (keys.length === 0) tell('no API key of the project has a value here: every x-api-key is taken as one');
  const key = keys.find((one) => one.value === value);
  if (!key && keys.length > 0) {
    const names = keys.map(({ name }) => name).join(', ');
    return refuse(
      refusalAnswer(target.api, 'no-api-key', { why: `x-api-key is none of the project's keys: ${names}` }),
    );
  }
  const identity = { ...caller.identity, apiKey: value, apiKeyId: key?.id ?? 'anykey0000' };
  return { allowed: true, caller: { ...caller, identity } };
}
