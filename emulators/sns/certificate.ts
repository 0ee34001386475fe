/** A self-signed X.509 certificate, which Node can read but not make: what verifiers of signatures fetch. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';

/** PEM of a certificate of this key, for a hundred years. `serial` is hex. */
export function selfSigned(privateKeyPem: string, commonName: string, serial: string): string {
  const key = createPrivateKey(privateKeyPem);
  const algorithm = sequence(oid(SHA256_WITH_RSA), der(0x05, Buffer.alloc(0)));
  const name = sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from(commonName)))));
  const validity = sequence(time('250101000000Z'), der(0x18, Buffer.from('21250101000000Z')));
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  // The first byte keeps the number positive, and as short as it may be.
  const number = der(0x02, Buffer.from(`01${serial}`, 'hex'));
  const body = sequence(version, number, algorithm, name, validity, name, publicKey);
  const signature = sign('sha256', body, key);
  const whole = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const SHA256_WITH_RSA = '2a864886f70d01010b';
const COMMON_NAME = '550403';

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function time(text: string): Buffer {
  return der(0x17, Buffer.from(text));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

/** Tag, length, content. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
