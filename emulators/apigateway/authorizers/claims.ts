/** What the claims of a token must say, and how they look in the events of functions. */
import { bareIssuer } from '../../../src/model/authorizers.ts';
import type { JsonRecord } from './json-record.ts';

/** Undefined when the time is right; else what is wrong. `now`: epoch ms. */
export function timeFlaw(claims: JsonRecord, now: number): 'expired' | 'no-expiry' | 'early' | undefined {
  const second = now / 1000;
  const { exp, nbf, iat } = claims;
  if (typeof exp !== 'number') return 'no-expiry';
  if (exp <= second) return 'expired';
  // `iat` "must be before the current time", which clocks of two machines only agree on roughly.
  const begins = Math.max(asTime(nbf), asTime(iat) - 60);
  return begins > second ? 'early' : undefined;
}

function asTime(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** `aud`, and only where there is none, `client_id`. */
export function isFor(claims: JsonRecord, audience: readonly string[]): boolean {
  const { aud, client_id: clientId } = claims;
  const named = listOf(aud ?? clientId);
  return named.some((one) => audience.includes(one));
}

export function isOf(claims: JsonRecord, issuer: string): boolean {
  return typeof claims.iss === 'string' && bareIssuer(claims.iss) === bareIssuer(issuer);
}

/** Those of the route's that `scope` or `scp` has. */
export function grantedOf(claims: JsonRecord, wanted: readonly string[]): readonly string[] {
  const granted = new Set([claims.scope, claims.scp].flatMap(listOf).flatMap((text) => text.split(' ')));
  return wanted.filter((scope) => granted.has(scope));
}

function listOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item) => typeof item === 'string');
}

/** All are texts: `1767323045`, `true`, `[admin editor]`, nested ones as JSON. */
export function claimsOfHttpApi(claims: JsonRecord): Record<string, string> {
  return mapValues(claims, (_, value) =>
    Array.isArray(value) ? `[${value.map(asText).join(' ')}]` : asText(value),
  );
}

const TIMES = new Set(['exp', 'iat']);

/** All are texts; lists are joined by commas, and two times look like `Fri Jan 02 03:04:05 UTC 2026`. */
export function claimsOfRestApi(claims: JsonRecord): Record<string, string> {
  return mapValues(claims, (name, value) => {
    if (TIMES.has(name) && typeof value === 'number') return dateText(value * 1000);
    return Array.isArray(value) ? value.map(asText).join(',') : asText(value);
  });
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function mapValues(
  claims: JsonRecord,
  map: (name: string, value: unknown) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, map(name, value)]));
}

/** `Fri, 02 Jan 2026 03:04:05 GMT` → `Fri Jan 02 03:04:05 UTC 2026`. */
function dateText(epochMs: number): string {
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(epochMs).toUTCString().split(' ');
  return `${day.replace(',', '')} ${month} ${date} ${time} UTC ${year}`;
}
