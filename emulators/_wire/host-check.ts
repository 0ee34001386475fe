/** Keeps web pages away from the endpoint: only names that cannot be a stranger's may be asked for. */
import { isIP } from 'node:net';

/** Names no stranger's web page can have: those the public DNS never serves, and two whose owners are known. */
const RESERVED = ['.localhost', '.internal', '.local', '.test', '.localstack.cloud', '.amazonaws.com'];

/**
 * Whether a `Host` or `Origin` authority (`name[:port]`) can only mean this machine: an address, a name without
 * a dot, or a reserved name. A page that rebinds its own DNS name to 127.0.0.1 is refused by this.
 */
export function isOwnHost(authority: string): boolean {
  const host = hostOf(authority);
  if (!host.includes('.') || isIP(host) !== 0) return true;
  return RESERVED.some((suffix) => host.endsWith(suffix));
}

/** Whether a browser's `Origin` is a page of this machine or its network. `null` (a sandboxed frame, a file) is not. */
export function isOwnOrigin(origin: string): boolean {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/]+)$/i.exec(origin)?.[1];
  if (authority === undefined) return false;
  const host = hostOf(authority);
  return host === 'localhost' || host.endsWith('.localhost') || isPrivateAddress(host);
}

function isPrivateAddress(host: string): boolean {
  if (isIP(host) === 6) return host === '::1' || /^f[cd]/.test(host);
  return isIP(host) === 4 && /^(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(host);
}

function hostOf(authority: string): string {
  const lower = authority.toLowerCase();
  if (lower.startsWith('[')) return lower.slice(1, lower.indexOf(']'));
  const colon = lower.lastIndexOf(':');
  return colon < 0 ? lower : lower.slice(0, colon);
}
