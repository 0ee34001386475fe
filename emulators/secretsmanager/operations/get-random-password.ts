/** GetRandomPassword. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { optionalInteger, optionalText } from '../input.ts';
import { makePassword } from '../password.ts';
import type { Secrets } from '../secrets.ts';

const MOST_LENGTH = 4096;

export function makeGetRandomPassword({ ids }: Secrets): Operation {
  return (input) => {
    const is = (name: keyof JsonObject) => input[name] === true;
    const length = optionalInteger(input, 'PasswordLength', 1, MOST_LENGTH);
    const excludeCharacters = optionalText(input, 'ExcludeCharacters');
    const rules = {
      ...(length !== undefined && { length }),
      ...(excludeCharacters !== undefined && { excludeCharacters }),
      excludeNumbers: is('ExcludeNumbers'),
      excludePunctuation: is('ExcludePunctuation'),
      excludeUppercase: is('ExcludeUppercase'),
      excludeLowercase: is('ExcludeLowercase'),
      includeSpace: is('IncludeSpace'),
      requireEachIncludedType: input.RequireEachIncludedType !== false,
    };
    return { RandomPassword: makePassword(rules, ids) };
  };
}
