/** JSON Web Tokens: taking them apart, and checking their signature with a key that is here. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { isRecord } from '../../../src/model/json.ts';
import { type JsonRecord, parseJson } from './json-record.ts';

export interface Jwt {
  readonly algorithm: string;
  /** Which key of the issuer signed it. */
  readonly keyId: string | undefined;
  readonly claims: JsonRecord;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** `flawed`: in the words of the service. */
export function decodeJwt(token: string): Jwt | { readonly flawed: string } {
  const parts = token.split('.');
  const [head = '', body = '', signature = ''] = parts;
  if (parts.length !== 3) return { flawed: 'token contains an invalid number of segments' };
  const header = parseJson(Buffer.from(head, 'base64url').toString());
  const claims = parseJson(Buffer.from(body, 'base64url').toString());
  if (!isRecord(header) || !isRecord(claims)) return { flawed: 'the token is malformed' };
  return {
    algorithm: typeof header.alg === 'string' ? header.alg : 'none',
    keyId: typeof header.kid === 'string' ? header.kid : undefined,
    claims,
    signed: Buffer.from(`${head}.${body}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** A key of a JSON Web Key Set. */
export interface PublicKey {
  readonly keyId: string | undefined;
  readonly key: KeyObject;
}

/** The keys of a set that can be used; undefined when it is no set. */
export function readKeySet(text: string): PublicKey[] | undefined {
  const set = parseJson(text);
  if (!isRecord(set) || !Array.isArray(set.keys)) return undefined;
  return set.keys.flatMap((jwk: unknown): PublicKey[] => {
    if (!isRecord(jwk)) return [];
    try {
      const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
      return [{ keyId: typeof jwk.kid === 'string' ? jwk.kid : undefined, key }];
    } catch {
      // A secret, or a curve this Node.js does not know.
      return [];
    }
  });
}

/** The service takes RSA signatures alone. */
const HASHES: Readonly<Record<string, string>> = { RS256: 'sha256', RS384: 'sha384', RS512: 'sha512' };

export function isSupported({ algorithm }: Jwt): boolean {
  return Object.hasOwn(HASHES, algorithm);
}

export function isSignedBy({ algorithm, signed, signature }: Jwt, { key }: PublicKey): boolean {
  const hash = HASHES[algorithm];
  return hash !== undefined && key.asymmetricKeyType === 'rsa' && verify(hash, signed, key, signature);
}
