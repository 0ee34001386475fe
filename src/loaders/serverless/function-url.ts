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
  const isSigned = section.text('authorizer')?.toUpperCase() === 'AWS_IAM';
  const streams = section.text('invokeMode') === 'RESPONSE_STREAM';
  const cors = functionUrlCors(section);
  return [
    {
      kind: 'function-url',
      functionId,
      ...(streams ? { streams } : {}),
      ...(cors ? { cors } : {}),
      ...(isSigned ? { authorizer: { kind: 'iam' } } : {}),
      place: section.place,
    },
  ];
}
