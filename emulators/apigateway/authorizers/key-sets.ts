/** Keys of token issuers: from a file of the project, or from an issuer on this machine. Nothing else is asked. */
import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { messageOf } from '../../../src/std/errors.ts';
import { bare } from './claims.ts';
import { isRecord, parseJson } from './json-record.ts';
import { isSignedBy, isSupported, type Jwt, type PublicKey, readKeySet } from './jwt.ts';

/** Where the keys are to be had; undefined: nowhere here, and signatures are not checked. */
export function keySourceOf(keySet: string | undefined, issuer: string | undefined): string | undefined {
  if (keySet !== undefined) return keySet;
  return issuer !== undefined && isLoopback(issuer) ? bare(issuer) : undefined;
}

export interface KeySets {
  /** Undefined when one of the source's keys signed it; else what is wrong, in the service's words where it has any. */
  flawOf(jwt: Jwt, source: string): Promise<string | undefined>;
  clear(): void;
}

/** `tell` hears once what is wrong with a source. */
export function makeKeySets(tell: (message: string) => void): KeySets {
  const known = new Map<string, readonly PublicKey[]>();

  const load = async (source: string) => {
    try {
      const keys = readKeySet(await textOf(source));
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
  };
}

function candidates({ keyId }: Jwt, keys: readonly PublicKey[]): readonly PublicKey[] {
  return keyId === undefined ? keys : keys.filter((key) => key.keyId === keyId || key.keyId === undefined);
}

function textOf(source: string): Promise<string> {
  return /^https?:/.test(source) ? fromIssuer(source) : readFile(source, 'utf8');
}

async function fromIssuer(issuer: string): Promise<string> {
  const discovered = parseJson(await get(`${issuer}/.well-known/openid-configuration`));
  const at = isRecord(discovered) ? discovered.jwks_uri : undefined;
  if (typeof at !== 'string') throw new Error('its openid-configuration has no jwks_uri');
  if (!isLoopback(at)) throw new Error(`its jwks_uri ${at} is not on this machine`);
  return get(at);
}

/** As long as the service waits for it. */
const PATIENCE_MS = 1500;
/** As much as it reads. */
const MOST_BYTES = 150_000;

function get(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(url, { timeout: PATIENCE_MS, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        chunks.push(chunk);
        if (sizeBytes > MOST_BYTES)
          request.destroy(new Error(`${url} answered more than ${MOST_BYTES} bytes`));
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString());
        else reject(new Error(`${url} answered status ${response.statusCode}`));
      });
    });
    request.on('timeout', () => request.destroy(new Error(`${url} did not answer within ${PATIENCE_MS} ms`)));
    request.on('error', reject);
    request.end();
  });
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
