/** The `url` of a function: an HTTP address of its own. */
import type { FunctionUrlTrigger } from '../../model/project.ts';
import { isMap } from '../cloudformation/template.ts';
import { makeFields } from '../fields.ts';
import type { Path } from '../yaml.ts';
import { functionUrlCors } from './cors.ts';
import type { EventContext } from './event-context.ts';

/** `true`, or `{ cors, authorizer, invokeMode }`. */
export function lowerUrl(url: unknown, path: Path, context: EventContext): FunctionUrlTrigger[] {
  if (url === undefined || url === null || url === false) return [];
  const { functionId } = context;
  const section = makeFields(isMap(url) ? url : {}, path, context.fields);
  if (section.has('authorizer'))
    section.warn({
      code: 'not-emulated',
      key: 'authorizer',
      message:
        'the authorizer of a function URL is not emulated: requests reach the function without being checked',
    });
  if (section.text('invokeMode') === 'RESPONSE_STREAM')
    section.warn({
      code: 'not-emulated',
      key: 'invokeMode',
      message: 'response streaming is not emulated: the answer is sent when it is complete',
    });
  const cors = functionUrlCors(section);
  return [{ kind: 'function-url', functionId, ...(cors ? { cors } : {}), place: section.place }];
}
