/** Decides whether a request may come in at all, and answers browsers' cross-origin questions. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOwnHost, isOwnOrigin } from './host-check.ts';

/** How many distinct good Host headers are remembered. */
const REMEMBERED = 64;

export interface BrowserGuard {
  /** True when the request was answered here: refused. */
  refuses(req: IncomingMessage, res: ServerResponse): boolean;
  /** Lets pages of this machine read the answer. True when the request was answered here: a preflight. */
  admits(req: IncomingMessage, res: ServerResponse): boolean;
}

/**
 * Refuses names that may be a stranger's (DNS rebinding) and pages that are not of this machine; pages of this
 * machine get the CORS headers an SDK in the browser needs.
 */
export function makeBrowserGuard(): BrowserGuard {
  const good = new Set<string>();

  const hostIsGood = (host: string) => {
    if (good.has(host)) return true;
    if (!isOwnHost(host)) return false;
    if (good.size < REMEMBERED) good.add(host);
    return true;
  };

  return {
    refuses(req, res) {
      const { host, origin } = req.headers;
      if (host !== undefined && !hostIsGood(host)) {
        refuse(res, `the host name '${host}' is not one of this machine; use localhost or an address`);
        return true;
      }
      if (origin === undefined) {
        // Images and links send no Origin, but browsers say where they come from.
        if (req.headers['sec-fetch-site'] !== 'cross-site') return false;
        refuse(res, 'other pages may not call the local AWS endpoint');
        return true;
      }
      if (isOwnOrigin(origin)) return false;
      refuse(res, `pages of '${origin}' may not call the local AWS endpoint`);
      return true;
    },

    admits(req, res) {
      const { origin } = req.headers;
      if (origin === undefined) return false;
      res.setHeader('access-control-allow-origin', origin);
      res.setHeader('vary', 'origin');
      res.setHeader('access-control-expose-headers', '*');
      if (req.method !== 'OPTIONS' || !req.headers['access-control-request-method']) return false;
      preflight(req, res);
      return true;
    },
  };
}

function preflight(req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(200, {
    'access-control-allow-methods': req.headers['access-control-request-method'] ?? '*',
    'access-control-allow-headers': req.headers['access-control-request-headers'] ?? '*',
    'access-control-max-age': '172800',
    'content-length': 0,
  });
  res.end();
}

function refuse(res: ServerResponse, reason: string): void {
  const text = `${JSON.stringify({ message: `sls-local: ${reason}` })}\n`;
  res.writeHead(403, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  res.end(text);
}
