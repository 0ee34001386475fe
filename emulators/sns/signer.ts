/** Signs notifications with a key of this project's own; whoever wants to verify them fetches the certificate here. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Ids, Store } from '../../src/model/platform.ts';
import { selfSigned } from './certificate.ts';

export interface Signer {
  /** Base64. Version 1 is SHA1 with RSA, version 2 SHA256 with RSA. */
  sign(text: string, version: string): string;
  /** Path of the certificate at the AWS endpoint. */
  path(): string;
  /** PEM; undefined for an id that is not ours. */
  certificate(id: string): string | undefined;
  /** The store holds another state. */
  reload(): void;
}

interface SigningKey {
  readonly id: string;
  /** PEM. */
  readonly privateKey: string;
  readonly certificate: string;
}

export function openSigner(store: Store, ids: Ids): Signer {
  const keys = store.map<SigningKey>('sns:keys');
  let known: SigningKey | undefined;
  /** Reading the PEM takes as long as signing. */
  let parsed: KeyObject | undefined;

  /** Made when first needed: it takes a while, and most projects have no topic. */
  const key = (): SigningKey => {
    known ??= keys.get('signing');
    if (known) return known;
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const id = ids.hex(16);
    known = { id, privateKey, certificate: selfSigned(privateKey, 'sns.amazonaws.com', id) };
    keys.put('signing', known);
    return known;
  };

  return {
    sign(text, version) {
      parsed ??= createPrivateKey(key().privateKey);
      return sign(version === '2' ? 'sha256' : 'sha1', Buffer.from(text), parsed).toString('base64');
    },
    path: () => `/SimpleNotificationService-${key().id}.pem`,
    certificate: (id) => (id === key().id ? key().certificate : undefined),
    reload() {
      known = undefined;
      parsed = undefined;
    },
  };
}
