/** Access tokens of connections with OAuth client credentials, kept until they are over. */
import { isObject } from '../../../src/model/json.ts';
import type { CallOutside } from '../../../src/model/outward.ts';
import type { Clock } from '../../../src/model/platform.ts';
import { parseMap } from '../input.ts';
import type { ConnectionRecord } from './destination-store.ts';
import { listed } from './request.ts';

export interface Tokens {
  /** Undefined for connections that need none. Rejects with an Error that says why there is none. */
  tokenFor(connection: ConnectionRecord, signal: AbortSignal): Promise<string | undefined>;
  /** The next call asks anew. */
  forget(connection: ConnectionRecord): void;
}

interface Known {
  readonly token: string;
  readonly changedAt: number;
  /** Epoch ms. */
  readonly until: number;
}

const USUAL_SECONDS = 3600;
const TIMEOUT_MS = 5000;

export function makeTokens(clock: Pick<Clock, 'now'>, callOutside: CallOutside): Tokens {
  const known = new Map<string, Known>();
  return {
    async tokenFor(connection, signal) {
      if (connection.authorizationType !== 'OAUTH_CLIENT_CREDENTIALS') return undefined;
      const { arn, changedAt } = connection;
      const found = known.get(arn);
      if (found && found.changedAt === changedAt && found.until > clock.now()) return found.token;
      const { token, seconds } = await ask(connection, callOutside, signal);
      known.set(arn, { token, changedAt, until: clock.now() + seconds * 1000 });
      return token;
    },
    forget: ({ arn }) => void known.delete(arn),
  };
}

async function ask(
  { name, authParameters }: ConnectionRecord,
  callOutside: CallOutside,
  signal: AbortSignal,
) {
  const oauth = isObject(authParameters.OAuthParameters) ? authParameters.OAuthParameters : {};
  const client = isObject(oauth.ClientParameters) ? oauth.ClientParameters : {};
  const further = isObject(oauth.OAuthHttpParameters) ? oauth.OAuthHttpParameters : {};
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: String(client.ClientID),
    client_secret: String(client.ClientSecret),
  });
  for (const { key, value } of listed(further.BodyParameters)) form.set(key, value);
  const url = new URL(String(oauth.AuthorizationEndpoint));
  for (const { key, value } of listed(further.QueryStringParameters)) url.searchParams.set(key, value);
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    ...Object.fromEntries(
      listed(further.HeaderParameters).map(({ key, value }) => [key.toLowerCase(), value]),
    ),
  };
  const method = String(oauth.HttpMethod);
  if (method === 'GET') for (const [key, value] of form) url.searchParams.set(key, value);
  const result = await callOutside(
    { method, url: url.href, headers, body: form.toString(), timeoutMs: TIMEOUT_MS },
    signal,
  );
  const answer = typeof result.status === 'number' && 'body' in result ? parseMap(result.body) : undefined;
  if (typeof answer?.access_token !== 'string') {
    const why = 'reason' in result ? result.reason : `it answered ${result.status} without access_token`;
    throw new Error(`the connection ${name} got no token of ${url.origin}: ${why}`);
  }
  const seconds = typeof answer.expires_in === 'number' ? answer.expires_in : USUAL_SECONDS;
  return { token: answer.access_token, seconds };
}
