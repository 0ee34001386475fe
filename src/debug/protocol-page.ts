/** The description of the protocol that some clients ask for before anything else: Node's own, asked of a Node process. */
import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { createInterface } from 'node:readline';

export const PROTOCOL_PATH = '/json/protocol';

/** JSON text; undefined where Node does not tell. Takes as long as a Node process takes to start. */
export async function readProtocol(): Promise<string | undefined> {
  // Without the variables of this process: they may say to wait for a debugger of its own.
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', '-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: {},
  });
  try {
    const port = await new Promise<string | undefined>((found) => {
      child.once('error', () => found(undefined));
      createInterface({ input: child.stderr })
        .on('line', (line) => {
          const listens = /ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
          if (listens !== undefined) found(listens);
        })
        .once('close', () => found(undefined));
    });
    return port === undefined ? undefined : await textOf(`http://127.0.0.1:${port}${PROTOCOL_PATH}`);
  } finally {
    child.kill('SIGKILL');
  }
}

function textOf(url: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get(url, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.once('end', () => resolve(response.statusCode === 200 ? text : undefined));
      response.once('error', () => resolve(undefined));
    });
    request.once('error', () => resolve(undefined));
  });
}
