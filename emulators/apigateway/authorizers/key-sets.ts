/** Keys of token issuers: from a file of the project, or from an issuer on this machine. Nothing else is asked. */
import { readFile } from 'node:fs/promises';
import { bareIssuer } from '../../../src/model/authorizers.ts';
import { isRecord } from '../../../src/model/json.ts';
import type { CallOutside } from '../../../src/model/outward.ts';
import { messageOf } from '../../../src/std/errors.ts';
import { parseJson } from './json-record.ts';
import { isSignedBy, isSupported, type Jwt, type PublicKey, readKeySet } from './jwt.ts';

/** Where the keys are to be had; undefined: nowhere here, and signatures are not checked. */
export function keySourceOf(keySet: string | undefined, issuer: string | undefined): string | undefined {
  if (keySet !== undefined) return keySet;
  return issuer !== undefined && isLoopback(issuer) ? bareIssuer(issuer) : undefined;
}

export interface KeySets {
  /** Undefined when one of the source's keys signed it; else what is wrong, in the service's words where it has any. */
  flawOf(jwt: Jwt, source: string): Promise<string | undefined>;
  clear(): void;
  close(): void;
}

/** `tell` hears once what is wrong with a source. */
export function makeKeySets(callOutside: CallOutside, tell: (message: string) => void): KeySets {
  const closing = new AbortController();
  const read = makeReadSource(callOutside, closing.signal);
  const known = new Map<string, readonly PublicKey[]>();

  const load = async (source: string) => {
    try {
      const keys = readKeySet(await read(source));
      if (!keys) throw new Error('it is no JSON Web Key Set ({"keys":[…]})');
      known.set(source, keys);
      return keys;
    } catch (failure) {
      tell(`the keys of ${source} cannot be read, and no token is taken: ${messageOf(failure)}`);
      return undefined;
    }
  };

  return {
    async flawOf(jwt, source) {
      if (!isSupported(jwt)) return `signing method ${jwt.algorithm} is invalid`;
      const isOne = (keys: readonly PublicKey[]) => candidates(jwt, keys).some((key) => isSignedBy(jwt, key));
      if (isOne(known.get(source) ?? [])) return undefined;
      // The issuer may have other keys by now.
      const keys = await load(source);
      if (!keys) return 'OIDC discovery endpoint communication error';
      return isOne(keys) ? undefined : 'the token signature is invalid';
    },
    clear: () => known.clear(),
    close: () => closing.abort(),
  };
}

function candidates({ keyId }: Jwt, keys: readonly PublicKey[]): readonly PublicKey[] {
  return keyId === undefined ? keys : keys.filter((key) => key.keyId === keyId || key.keyId === undefined);
}

/** As long as the service waits for it. */
const PATIENCE_MS = 1500;
/** As much as it reads. */
const MOST_BYTES = 150_000;

function makeReadSource(callOutside: CallOutside, signal: AbortSignal): (source: string) => Promise<string> {
  const get = async (url: string): Promise<string> => {
    const call = { method: 'GET', url, headers: {}, body: '', timeoutMs: PATIENCE_MS };
    const answer = await callOutside(call, signal);
    if ('reason' in answer) throw new Error(`${url}: ${answer.reason}`);
    if (answer.status !== 200) throw new Error(`${url} answered status ${answer.status}`);
    if (Buffer.byteLength(answer.body) > MOST_BYTES)
      throw new Error(`${url} answered more than ${MOST_BYTES} bytes`);
    return answer.body;
  };

  const fromIssuer = async (issuer: string): Promise<string> => {
    const discovered = parseJson(await get(`${issuer}/.well-known/openid-configuration`));
    const at = isRecord(discovered) ? discovered.jwks_uri : undefined;
    if (typeof at !== 'string') throw new Error('its openid-configuration has no jwks_uri');
    if (!isLoopback(at)) throw new Error(`its jwks_uri ${at} is not on this machine`);
    return get(at);
  };

  return (source) => (/^https?:/.test(source) ? fromIssuer(source) : readFile(source, 'utf8'));
}

function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d+){3}$/.test(hostname)
  );
}
