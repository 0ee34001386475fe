/** The pages by which debuggers find what they can attach to: `/json/version`, `/json/list`. */

export const ROOT_PATH = '/sls-local';
/** Not answered before a debugger is attached and set up. */
export const ATTACHED_PATH = '/sls-local/attached';

export interface TargetPage {
  readonly status: 200 | 404;
  readonly body: string;
}

export const NOT_FOUND: TargetPage = { status: 404, body: 'not found\n' };

/** `host` as the client wrote it, so that it can use the addresses as they are. */
export function targetPage(path: string, host: string, functionIds: readonly string[]): TargetPage {
  if (path === '/json/version')
    return page({
      Browser: `node.js/${process.version}`,
      'Protocol-Version': '1.1',
      webSocketDebuggerUrl: `ws://${host}${ROOT_PATH}`,
    });
  if (path !== '/json' && path !== '/json/list') return NOT_FOUND;
  return page([
    target(host, ROOT_PATH, 'sls-local: all functions'),
    ...functionIds.map((id) => target(host, functionPath(id), `sls-local: ${id}`)),
  ]);
}

export function functionPath(functionId: string): string {
  return `/fn/${encodeURIComponent(functionId)}`;
}

/** The function a socket path is for; undefined for none. */
export function functionOfPath(path: string): string | undefined {
  const name = /^\/fn\/([^/?]+)$/.exec(path)?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
}

function page(value: unknown): TargetPage {
  return { status: 200, body: `${JSON.stringify(value, null, 2)}\n` };
}

function target(host: string, path: string, title: string) {
  const frontend = (page: string) =>
    `devtools://devtools/bundled/${page}.html?experiments=true&v8only=true&ws=${host}${path}`;
  return {
    description: 'sls-local instance',
    devtoolsFrontendUrl: frontend('js_app'),
    devtoolsFrontendUrlCompat: frontend('inspector'),
    id: path.slice(1),
    title,
    type: 'node',
    url: 'file://',
    webSocketDebuggerUrl: `ws://${host}${path}`,
  };
}
