/** Lowers SAM's Api and HttpApi events to routes. */
import type { RouteGuard } from '../../model/authorizers.ts';
import type { HttpApiTrigger, RestApiTrigger } from '../../model/project.ts';
import { isUnresolved } from '../unresolved.ts';
import { apiKeysOf } from './api-authorizers.ts';
import type { Operation } from './definitions.ts';
import { httpApiTimeoutMs, methodOf, pathOf, restApiTimeoutMs } from './http.ts';
import { functionOf } from './openapi.ts';
import type { Security } from './openapi-security.ts';
import { asText } from './plain-functions.ts';
import type { SamApi, SamApis } from './sam-apis.ts';
import { requestCheckOfEvent } from './sam-models.ts';
import { flagOf, listOf, mapOf, numberOf, type Values } from './template.ts';
import { fail, type SamEvent, type TriggerContext, warn } from './trigger-context.ts';

export function lowerRestApiEvent(event: SamEvent, apis: SamApis, context: TriggerContext): RestApiTrigger[] {
  const { properties } = event;
  const method = methodOf(properties.Method);
  if (!method || properties.Path === undefined) return refuse(event, context);
  const api = apis.rest(properties.RestApiId);
  const path = pathOf(properties.Path);
  reportUnknownApi(event, 'RestApiId', api, context);
  if (isLeftToDefinition(event, { method, path }, api, context)) return [];
  const place = context.intrinsics.place(event.path.slice(0, -1));
  context.tellPath?.({ api: api.id, path, place });
  const cors = api.corsOf(path);
  const written = api.operation(method, path);
  const own = written ? guardOf(api.securityOf(written), context) : {};
  const preflightGuard = cors && api.preflightOf(path);
  const requestCheck = requestCheckOfEvent(event, api, context);
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
      ...(api.isClosed ? {} : own),
      ...api.auth.guardOf(event, method),
      ...(preflightGuard ? { preflightGuard } : {}),
      ...(api.stageVariables ? { stageVariables: api.stageVariables } : {}),
      ...(requestCheck ? { requestCheck } : {}),
      place,
    },
  ];
}

/**
 * SAM adds nothing of an event to a definition the API is given, unless it is told to (MergeDefinitions), and takes its
 * Auth only with OverrideApiAuth.
 */
function isLeftToDefinition(
  event: SamEvent,
  { method, path }: Pick<RestApiTrigger, 'method' | 'path'>,
  api: SamApi,
  context: TriggerContext,
): boolean {
  if (!api.isClosed) return false;
  const operation = api.operation(method, path) ?? api.operation('ANY', path);
  if (operation)
    return operation.integration !== undefined && !flagOf(mapOf(event.properties.Auth).OverrideApiAuth);
  warn(
    context,
    'route-not-defined',
    event.path,
    `event "${event.name}" of function "${event.owner}" is for ${method} ${path}, which the definition of its API does not list: there is no such route`,
    'add it to the definition, or write MergeDefinitions: true in the API',
  );
  return true;
}

function guardOf({ authorizer, needsKey }: Security, context: TriggerContext): RouteGuard {
  return { ...(authorizer && { authorizer }), ...(needsKey && { apiKeys: apiKeysOf(context) }) };
}

/** Without path and method the event is the API's `$default` route (SAM specification, HttpApi). */
export function lowerHttpApiEvent(event: SamEvent, apis: SamApis, context: TriggerContext): HttpApiTrigger[] {
  const { properties } = event;
  const isDefault = properties.Path === undefined && properties.Method === undefined;
  const method = isDefault ? 'ANY' : methodOf(properties.Method);
  if (!method || (!isDefault && properties.Path === undefined)) return refuse(event, context);
  const api = apis.http(properties.ApiId);
  reportUnknownApi(event, 'ApiId', api, context);
  const path = isDefault ? '$default' : pathOf(properties.Path);
  const cors = api.corsOf(path);
  // Where the definition has a function for the route SAM leaves it; what it says of callers comes before the event's.
  const written = api.operation(method, path);
  if (written?.integration && functionOf(written, context) !== event.functionId) return [];
  const settings = { ...properties, ...settingsOf(written) };
  const own = listOf(written?.values.security).length > 0 && written ? api.securityOf(written) : undefined;
  const { authorizer } = own ?? api.auth.guardOf(event, method);
  return [
    {
      kind: 'http-api',
      functionId: event.functionId,
      method,
      path,
      payloadFormat: asText(settings.PayloadFormatVersion ?? '2.0').startsWith('1') ? '1.0' : '2.0',
      ...(api.stage === '$default' ? {} : { stage: api.stage }),
      timeoutMs: numberOf(settings.TimeoutInMillis) ?? httpApiTimeoutMs,
      ...(cors ? { cors } : {}),
      ...(authorizer ? { authorizer } : {}),
      ...(api.stageVariables ? { stageVariables: api.stageVariables } : {}),
      place: context.intrinsics.place(event.path.slice(0, -1)),
    },
  ];
}

/** Of the integration a definition has for the route, by the names events have for them. */
function settingsOf(operation: Operation | undefined): Values {
  if (!operation?.integration) return {};
  const { payloadFormatVersion, timeoutInMillis } = operation.integration;
  return { PayloadFormatVersion: payloadFormatVersion ?? '1.0', TimeoutInMillis: timeoutInMillis };
}

function reportUnknownApi(event: SamEvent, key: string, api: SamApi, context: TriggerContext): void {
  const named = event.properties[key];
  if (api.isKnown || named === undefined || isUnresolved(named)) return;
  warn(
    context,
    'unknown-api',
    [...event.path, key],
    `${key} of event "${event.name}" of function "${event.owner}" is "${asText(named)}", which is no API of this template: its stage, CORS and authorizers are not known`,
    'write `!Ref TheApi`',
  );
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
