/** The event of a REST route that is not proxied: what the template for its body's media type makes of the request. */
import { messageOf } from '../../../src/std/errors.ts';
import { type Answer, jsonAnswer, type Malformed } from '../answer.ts';
import { mediaTypeOf } from '../media-types.ts';
import type { CompiledMapping } from './compile.ts';
import { makeFrameworkEvent } from './framework-event.ts';
import { type MappedRequest, render, type Variables } from './variables.ts';

/** What was made of a request; `isJson` = there is no need to look whether it is JSON. */
export interface MadeEvent {
  readonly event: string;
  readonly isJson: boolean;
}

/** What the client gets instead where no event comes of the request. */
export function makeMappedEvent(
  { requests, passThrough }: CompiledMapping,
  request: MappedRequest,
  variables: Variables,
): MadeEvent | Answer | Malformed {
  const { body, headers } = request.incoming;
  const type = mediaTypeOf(headers['content-type']) || 'application/json';
  const text = body?.toString('utf8') ?? '';
  const template = requests.get(type);
  if (template === 'framework') {
    const made = makeFrameworkEvent(request, variables, type);
    return typeof made === 'string' ? { event: made, isJson: true } : made;
  }
  if (!template) {
    const passes =
      passThrough === 'WHEN_NO_MATCH' || (passThrough === 'WHEN_NO_TEMPLATES' && requests.size === 0);
    return passes ? { event: text || '{}', isJson: false } : unsupportedType();
  }
  let broken: string | undefined;
  const event = render(template, variables, text, () => {
    if (text === '') return {};
    try {
      return JSON.parse(text);
    } catch (failure) {
      // A form is a text to its template.
      if (!type.includes('json')) return text;
      broken = messageOf(failure);
      throw failure;
    }
  });
  if (broken !== undefined) return unreadable(broken);
  return typeof event === 'string' ? { event, isJson: false } : event;
}

function unsupportedType(): Answer {
  return jsonAnswer(415, { message: 'Unsupported Media Type' });
}

function unreadable(why: string): Answer {
  return jsonAnswer(400, { message: `Could not parse request body into json: ${why}` });
}
