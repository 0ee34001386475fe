/** NODE_EXTRA_CA_CERTS of the host holds in an instance, without its cost at every start. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { payloadOf, startSample } from '../../../suites/running-instance.ts';
import { openProcessParts } from '../process-parts.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

test.runIf(hasOpenssl)('a server signed by the host’s extra authority is trusted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sls-ca-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject];
  execFileSync('openssl', [...args, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const server = createServer(
    { key: readFileSync(key), cert: readFileSync(certificate) },
    (_request, response) => response.end('hello'),
  );
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const event = { url: `https://localhost:${(server.address() as AddressInfo).port}/` };

  const outcomes = [];
  for (const ca of [certificate, undefined]) {
    const parts = openProcessParts({ env: { ...process.env, NODE_EXTRA_CA_CERTS: ca } });
    const sample = await startSample(parts, { runtime: 'nodejs20.x', handler: 'fetches.handler' });
    await sample.started;
    outcomes.push((await sample.invoke(event)).outcome);
    await sample.instance.kill();
    await parts.close();
  }
  server.close();
  rmSync(folder, { recursive: true });
  expect(outcomes[0] && payloadOf(outcomes[0])).toEqual(['hello', 'hello', certificate]);
  expect(outcomes[1]?.status).toBe('error');
});
