/** What the endpoint says about itself to people and to tools that look for a local AWS. */
import type { ServerResponse } from 'node:http';

/** Answers `GET /` and the health path other tools ask; false when the request is for something else. */
export function serveHealth(
  method: string | undefined,
  path: string,
  services: readonly string[],
  res: ServerResponse,
): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (path !== '/' && path !== '/_localstack/health') return false;
  const body =
    path === '/'
      ? { name: 'sls-local', services }
      : { services: Object.fromEntries(services.map((name) => [name, 'running'])), edition: 'sls-local' };
  const text = `${JSON.stringify(body)}\n`;
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  res.end(method === 'HEAD' ? '' : text);
  return true;
}
