/** What the request templates of the Serverless Framework make of a request, for JSON and for forms. */
import { messageOf } from '../../../src/std/errors.ts';
import { type Answer, jsonAnswer } from '../answer.ts';
import { parseQuery } from '../incoming.ts';
import { type MappedRequest, plainText, type Variables } from './variables.ts';

/** JSON text. Every value of a map is a text, an absent one is empty. */
export function makeFrameworkEvent(
  { incoming, target, caller }: MappedRequest,
  { context, parameters }: Variables,
  type: string,
): string | Answer {
  const body = bodyOf(incoming.body?.toString('utf8') ?? '', type);
  if ('refused' in body) return body.refused;
  const authorizer = texts(caller?.authorizer ?? {});
  const claims = caller?.authorizer?.claims;
  return JSON.stringify({
    body: body.value,
    method: incoming.method,
    principalId: authorizer.principalId ?? '',
    stage: target.stage,
    cognitoPoolClaims: { sub: texts(claims ?? {}).sub ?? '' },
    enhancedAuthContext: authorizer,
    headers: parameters.header,
    query: parameters.querystring,
    path: parameters.path,
    identity: texts(context.identity),
    stageVariables: target.stageVariables ?? {},
    requestPath: target.resource,
  });
}

type Body = { readonly value: unknown } | { readonly refused: Answer };

/** JSON as it is, a form as a map. */
function bodyOf(text: string, type: string): Body {
  if (type === 'application/x-www-form-urlencoded') return { value: Object.fromEntries(parseQuery(text)) };
  if (text.trim() === '') return { value: {} };
  try {
    return { value: JSON.parse(text) };
  } catch (failure) {
    const message = `Could not parse request body into json: ${messageOf(failure)}`;
    return { refused: jsonAnswer(400, { message }) };
  }
}

function texts(map: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [key, plainText(value)]));
}
