/** Lowers SAM's Api and HttpApi events to routes. */
import type { HttpApiTrigger, RestApiTrigger } from '../../model/project.ts';
import { httpApiTimeoutMs, methodOf, pathOf, restApiTimeoutMs } from './http.ts';
import { asText } from './plain-functions.ts';
import type { SamApis } from './sam-apis.ts';
import { numberOf } from './template.ts';
import { fail, type SamEvent, type TriggerContext } from './trigger-context.ts';

export function lowerRestApiEvent(event: SamEvent, apis: SamApis, context: TriggerContext): RestApiTrigger[] {
  const { properties } = event;
  const method = methodOf(properties.Method);
  if (!method || properties.Path === undefined) return refuse(event, context);
  const api = apis.rest(properties.RestApiId);
  const path = pathOf(properties.Path);
  const cors = api.corsOf(path);
  return [
    {
      kind: 'rest-api',
      functionId: event.functionId,
      method,
      path,
      stage: api.stage,
      timeoutMs: numberOf(properties.TimeoutInMillis) ?? restApiTimeoutMs,
      binaryMediaTypes: api.binaryMediaTypes,
      ...(cors ? { cors } : {}),
      ...api.auth.guardOf(event),
      ...(cors && api.auth.preflight ? { preflightGuard: api.auth.preflight } : {}),
      ...(api.stageVariables ? { stageVariables: api.stageVariables } : {}),
      place: context.intrinsics.place(event.path.slice(0, -1)),
    },
  ];
}

/** Without path and method the event is the API's `$default` route (SAM specification, HttpApi). */
export function lowerHttpApiEvent(event: SamEvent, apis: SamApis, context: TriggerContext): HttpApiTrigger[] {
  const { properties } = event;
  const isDefault = properties.Path === undefined && properties.Method === undefined;
  const method = isDefault ? 'ANY' : methodOf(properties.Method);
  if (!method || (!isDefault && properties.Path === undefined)) return refuse(event, context);
  const api = apis.http(properties.ApiId);
  const path = isDefault ? '$default' : pathOf(properties.Path);
  const cors = api.corsOf(path);
  const { authorizer } = api.auth.guardOf(event);
  return [
    {
      kind: 'http-api',
      functionId: event.functionId,
      method,
      path,
      payloadFormat: asText(properties.PayloadFormatVersion ?? '2.0').startsWith('1') ? '1.0' : '2.0',
      timeoutMs: numberOf(properties.TimeoutInMillis) ?? httpApiTimeoutMs,
      ...(cors ? { cors } : {}),
      ...(authorizer ? { authorizer } : {}),
      ...(api.stageVariables ? { stageVariables: api.stageVariables } : {}),
      place: context.intrinsics.place(event.path.slice(0, -1)),
    },
  ];
}

function refuse(event: SamEvent, context: TriggerContext): [] {
  const { Method, Path } = event.properties;
  fail(
    context,
    'invalid-event',
    event.path,
    `event "${event.name}" of function "${event.owner}" has the method "${asText(Method)}" and the path "${asText(Path)}"`,
    'write both: a method (get, post, …, any) and a path (/orders/{id})',
  );
  return [];
}
