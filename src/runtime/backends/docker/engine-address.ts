/** Where a container engine's API is, as the docker tools write it: `unix:///path`, `tcp://host:port`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../std/errors.ts';

export interface TlsMaterial {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

export type EngineAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: TlsMaterial };

/** An address, or why the text cannot be one. */
export type ParsedAddress = { readonly address: EngineAddress } | { readonly reason: string };

/** `tlsFolder` holds ca.pem, cert.pem and key.pem where the connection must use TLS. */
export function parseEngineAddress(text: string, tlsFolder?: string): ParsedAddress {
  if (text.startsWith('unix://')) return { address: { kind: 'socket', path: text.slice('unix://'.length) } };
  if (text.startsWith('/')) return { address: { kind: 'socket', path: text } };
  if (text.startsWith('ssh://'))
    return { reason: 'an engine behind ssh cannot see the folders of this machine' };
  const url = parseUrl(/^(tcp|https?):\/\//.test(text) ? text : `tcp://${text}`);
  if (!url) return { reason: 'expected unix:///path or tcp://host:port' };
  const port = Number(url.port || (tlsFolder ? 2376 : 2375));
  try {
    return {
      address: {
        kind: 'tcp',
        host: url.hostname,
        port,
        ...(tlsFolder !== undefined && { tls: readTls(tlsFolder) }),
      },
    };
  } catch (failure) {
    return { reason: `the certificates cannot be read: ${messageOf(failure)}` };
  }
}

export function describeAddress(address: EngineAddress): string {
  return address.kind === 'socket' ? address.path : `tcp://${address.host}:${address.port}`;
}

function parseUrl(text: string): URL | undefined {
  // Node's URL knows no host in a `tcp:` URL's parts worth relying on; `http:` has the same shape.
  const url = text.replace(/^(tcp|https?):/, 'http:');
  return URL.canParse(url) ? new URL(url) : undefined;
}

function readTls(folder: string): TlsMaterial {
  return {
    ca: readFileSync(join(folder, 'ca.pem')),
    cert: readFileSync(join(folder, 'cert.pem')),
    key: readFileSync(join(folder, 'key.pem')),
  };
}
