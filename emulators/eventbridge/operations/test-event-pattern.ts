/** TestEventPattern. */
import type { Operation } from '../../../src/model/service-api.ts';
import { accepts } from '../../../src/std/patterns/matcher.ts';
import { parsePattern } from '../../../src/std/patterns/parse-pattern.ts';
import { checkPattern } from '../buses.ts';
import { validation } from '../errors.ts';
import { parseMap, requiredText } from '../input.ts';

/** Source: API reference, TestEventPattern: "the following fields are mandatory", but for `resources`, which the service takes none of. */
const MANDATORY = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

export function makeTestEventPattern(): Operation {
  return (input) => {
    const pattern = requiredText(input, 'EventPattern');
    const text = requiredText(input, 'Event');
    checkPattern(pattern);
    const event = parseMap(text);
    if (!event) throw validation('Parameter Event is not valid. Reason: it is not a JSON object.');
    const missing = MANDATORY.filter((name) => event[name] === undefined);
    if (missing.length > 0)
      throw validation(`Parameter Event is not valid. Reason: it has no ${missing.join(', ')}.`);
    return { Result: accepts(parsePattern(pattern), event) };
  };
}
