/** Lowers SAM's Api and HttpApi events to routes. */
import type { HttpApiTrigger, RestApiTrigger } from '../../model/project.ts';
import { httpApiTimeoutMs, methodOf, pathOf, restApiTimeoutMs } from './http.ts';
import { asText } from './plain-functions.ts';
import type { SamApi, SamApis } from './sam-apis.ts';
import { mapOf, numberOf, textOf } from './template.ts';
import { fail, type SamEvent, type TriggerContext, warn } from './trigger-context.ts';

export function lowerRestApiEvent(event: SamEvent, apis: SamApis, context: TriggerContext): RestApiTrigger[] {
  const { properties } = event;
  const method = methodOf(properties.Method);
  if (!method || properties.Path === undefined) return refuse(event, context);
  const api = apis.rest(properties.RestApiId);
  warnOfAuthorizer(event, api, context);
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
  warnOfAuthorizer(event, api, context);
  const path = isDefault ? '$default' : pathOf(properties.Path);
  const cors = api.corsOf(path);
  return [
    {
      kind: 'http-api',
      functionId: event.functionId,
      method,
      path,
      payloadFormat: asText(properties.PayloadFormatVersion ?? '2.0').startsWith('1') ? '1.0' : '2.0',
      timeoutMs: numberOf(properties.TimeoutInMillis) ?? httpApiTimeoutMs,
      ...(cors ? { cors } : {}),
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

function warnOfAuthorizer(event: SamEvent, api: SamApi, context: TriggerContext): void {
  const own = textOf(mapOf(event.properties.Auth).Authorizer);
  const authorizer = own ?? api.authorizer;
  if (authorizer === undefined || authorizer === 'NONE') return;
  warn(
    context,
    'not-emulated',
    own === undefined ? event.path : [...event.path, 'Auth', 'Authorizer'],
    `authorizer "${authorizer}" of event "${event.name}" of function "${event.owner}" is not emulated: every request is let through`,
  );
}
