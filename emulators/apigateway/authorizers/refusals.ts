/** What each kind of API answers a request it does not let through. */
import { unreachable } from '../../../src/std/errors.ts';
import { type Answer, headerText, jsonAnswer } from '../answer.ts';
import type { HttpApiKind } from '../targets.ts';

export type Refusal =
  /** No identity, or none the authorizer knows. */
  | 'unauthorized'
  /** A user pool's token that was good once. */
  | 'expired'
  | 'explicit-deny'
  | 'implicit-deny'
  /** A token without the scopes of the route. */
  | 'scope'
  | 'unsigned'
  | 'no-api-key'
  /** The authorizer failed, or what it answered cannot be used. */
  | 'authorizer-failed';

export interface RefusalWords {
  /** For the developer: what was wrong with this request. */
  readonly why: string;
  /** `www-authenticate`. */
  readonly challenge?: string;
}

/**
 * | | HTTP API | REST API | function URL |
 * |---|---|---|---|
 * | unauthorized | 401 Unauthorized | 401 Unauthorized | |
 * | expired | 401 Unauthorized | 401 The incoming token has expired | |
 * | deny | 403 Forbidden | 403 User is not authorized … | |
 * | scope | 403 Forbidden | 401 Unauthorized | |
 * | unsigned | 403 Forbidden | 403 Missing Authentication Token | 403 Forbidden |
 * | no API key | | 403 Forbidden | |
 * | authorizer failed | 500 Internal Server Error | 500 null | |
 *
 * Sources: API Gateway developer guide (gateway responses, Lambda and JWT authorizers); REST's `Message` with a capital
 * and `{"message":null}` as measured by marcogrcr ("API Gateway + Lambda authorizer … failure modes").
 */
export function refusalAnswer(api: HttpApiKind, refusal: Refusal, words: RefusalWords): Answer {
  const local = ['x-sls-local-error', refusal, 'x-sls-local-hint', headerText(words.why)];
  if (api === 'rest-api') return ofRestApi(refusal, local);
  if (api === 'function-url')
    return jsonAnswer(403, { Message: 'Forbidden' }, ['x-amzn-errortype', 'AccessDeniedException', ...local]);
  const headers = words.challenge === undefined ? local : ['www-authenticate', words.challenge, ...local];
  return ofHttpApi(refusal, headers);
}

function ofHttpApi(refusal: Refusal, headers: readonly string[]): Answer {
  switch (refusal) {
    case 'unauthorized':
    case 'expired':
      return jsonAnswer(401, { message: 'Unauthorized' }, headers);
    case 'explicit-deny':
    case 'implicit-deny':
    case 'scope':
    case 'unsigned':
    case 'no-api-key':
      return jsonAnswer(403, { message: 'Forbidden' }, headers);
    case 'authorizer-failed':
      return jsonAnswer(500, { message: 'Internal Server Error' }, headers);
    default:
      return unreachable(refusal);
  }
}

function ofRestApi(refusal: Refusal, local: readonly string[]): Answer {
  const answer = (status: number, body: unknown, type: string) =>
    jsonAnswer(status, body, ['x-amzn-errortype', type, ...local]);
  switch (refusal) {
    case 'unauthorized':
    case 'scope':
      return answer(401, { message: 'Unauthorized' }, 'UnauthorizedException');
    case 'expired':
      return answer(401, { message: 'The incoming token has expired' }, 'UnauthorizedException');
    case 'explicit-deny':
      return answer(403, { Message: `${DENIED} with an explicit deny` }, 'AccessDeniedException');
    case 'implicit-deny':
      return answer(403, { Message: DENIED }, 'AccessDeniedException');
    case 'unsigned':
      return answer(403, { message: 'Missing Authentication Token' }, 'MissingAuthenticationTokenException');
    case 'no-api-key':
      return answer(403, { message: 'Forbidden' }, 'ForbiddenException');
    case 'authorizer-failed':
      return answer(500, { message: null }, 'AuthorizerConfigurationException');
    default:
      return unreachable(refusal);
  }
}

const DENIED = 'User is not authorized to access this resource';
