/** A project whose function is a web server behind an adapter in a layer, as the Lambda Web Adapter is one. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** `portFile`: where the server says on which port it listens. */
const configOf = (portFile: string) => `name: web
functions:
  site:
    handler: run.sh
    codeRoot: src
    runtime: nodejs20.x
    timeout: 10s
    layers: [layer]
    env:
      AWS_LAMBDA_EXEC_WRAPPER: /opt/bootstrap
      PORT_FILE: ${portFile}
    url: true
`;

const SERVER = `
const { createServer } = require('node:http');
const server = createServer((request, response) => {
  console.log('asked for', request.url);
  response.end('page ' + request.url);
});
server.listen(0, '127.0.0.1', () => require('node:fs').writeFileSync(process.env.PORT_FILE, String(server.address().port)));
`;

/** An extension that takes the events in place of the runtime, and asks the web server. */
const ADAPTER = `#!/usr/bin/env node
const { readFileSync } = require('node:fs');
const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API;
const page = async (path) => {
  for (;;)
    try {
      return await (await fetch('http://127.0.0.1:' + readFileSync(process.env.PORT_FILE, 'utf8') + path)).text();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
};
(async () => {
  const headers = { 'lambda-extension-name': 'adapter' };
  const registered = await fetch(api + '/2020-01-01/extension/register', { method: 'POST', headers, body: '{"events":[]}' });
  const id = registered.headers.get('lambda-extension-identifier');
  void fetch(api + '/2020-01-01/extension/event/next', { headers: { 'lambda-extension-identifier': id } }).catch(() => {});
  await page('/ready');
  for (;;) {
    const next = await fetch(api + '/2018-06-01/runtime/invocation/next');
    const body = await page((await next.json()).rawPath);
    const path = '/2018-06-01/runtime/invocation/' + next.headers.get('lambda-runtime-aws-request-id') + '/response';
    await fetch(api + path, { method: 'POST', body: JSON.stringify({ statusCode: 200, body }) });
  }
})().catch(() => process.exit(1));
`;

const WRAPPER = '#!/bin/sh\nexec "$LAMBDA_TASK_ROOT/$_HANDLER"\n';

export function makeWebProject(): string {
  const root = mkdtempSync(join(tmpdir(), 'sls-local-web-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write = (name: string, text: string) => {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (text.startsWith('#!')) chmodSync(path, 0o755);
  };
  const portFile = join(tmpdir(), `${basename(root)}.port`);
  onTestFinished(() => rmSync(portFile, { force: true }));
  write('sls-local.config.yml', configOf(portFile));
  write('src/run.sh', '#!/bin/sh\nexec node server.js\n');
  write('src/server.js', serverOf('page'));
  write('layer/bootstrap', WRAPPER);
  write('layer/extensions/adapter', ADAPTER);
  return root;
}

/** `word`: what its pages begin with. */
export function serverOf(word: string): string {
  return SERVER.replace('page ', `${word} `);
}
