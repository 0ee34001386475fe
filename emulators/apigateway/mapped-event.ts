/** The event of a REST route that is not proxied: what the request templates of the Serverless Framework make of a request. */
import { messageOf } from '../../src/std/errors.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import type { Caller } from './authorizers/access.ts';
import { contextV1, headersV1, queryV1 } from './event-v1.ts';
import { type Incoming, parseQuery } from './incoming.ts';
import { mediaTypeOf } from './media-types.ts';
import type { Target } from './targets.ts';

/** JSON text of the event, or the answer to a body no template takes. Every value of a map is a text, an absent one is empty. */
export function makeMappedEvent(
  incoming: Incoming,
  target: Target,
  path: string,
  parameters: Record<string, string> | undefined,
  accountId: string,
  caller?: Caller,
): string | Answer {
  const body = bodyOf(incoming);
  if ('refused' in body) return body.refused;
  const { identity } = contextV1(incoming, target, path, accountId, caller);
  const authorizer = texts(caller?.authorizer ?? {});
  const claims = caller?.authorizer?.claims;
  return JSON.stringify({
    body: body.value,
    method: incoming.method,
    principalId: authorizer.principalId ?? '',
    stage: target.stage,
    cognitoPoolClaims: { sub: texts(claims ?? {}).sub ?? '' },
    enhancedAuthContext: authorizer,
    headers: headersV1(incoming).last,
    query: queryV1(incoming.rawQuery)?.last ?? {},
    path: parameters ?? {},
    identity: texts(identity),
    stageVariables: target.stageVariables ?? {},
    requestPath: target.resource,
  });
}

type Body = { readonly value: unknown } | { readonly refused: Answer };

/** JSON as it is, a form as a map. Other types have no template. */
function bodyOf({ body, headers }: Incoming): Body {
  const type = mediaTypeOf(headers['content-type']) || 'application/json';
  const text = body?.toString('utf8') ?? '';
  if (type === 'application/x-www-form-urlencoded') return { value: Object.fromEntries(parseQuery(text)) };
  if (type !== 'application/json') return { refused: jsonAnswer(415, { message: 'Unsupported Media Type' }) };
  if (text.trim() === '') return { value: {} };
  try {
    return { value: JSON.parse(text) };
  } catch (failure) {
    const message = `Could not parse request body into json: ${messageOf(failure)}`;
    return { refused: jsonAnswer(400, { message }) };
  }
}

function texts(map: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [key, textOf(value)]));
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
