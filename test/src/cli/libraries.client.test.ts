/** Powertools, Middy and serverless-express run unmodified in a session of the built command line. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithTool, tool } from '../../suites/require-tool.ts';
import { ask, type Dev, startDev } from './session-under-test.ts';

const { available: hasEngine } = await tool('docker');

await describeWithTool('libraries', 'libraries people build functions with', (folder) => {
  describe.each(hasEngine ? ['process', 'docker'] : ['process'])('in the %s backend', (backend) => {
    const state = mkdtempSync(join(tmpdir(), 'sls-local-e2e-'));
    let dev: Dev;
    beforeAll(async () => {
      dev = await startDev(folder, ['--backend', backend, '--state-folder', state]);
    });
    afterAll(async () => {
      await dev.stop();
      rmSync(state, { recursive: true, force: true });
    });

    const send = (method: string, path: string, body: string) =>
      ask(dev.ready.http + path, { method, body, headers: { 'content-type': 'application/json' } });

    test('Powertools for AWS Lambda: idempotency in a table, metrics, the trace of the event', async () => {
      const first = await send('POST', '/powertools', '{"id":7}');
      const trace = expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
      expect(first.body).toEqual({ paid: 7, run: 1, trace });
      expect((await send('POST', '/powertools', '{"id":7}')).body).toEqual({ paid: 7, run: 1, trace });
      expect((await send('POST', '/powertools', '{"id":8}')).body).toEqual({ paid: 8, run: 2, trace });
      const { logs } = await dev.ended(({ functionId }) => functionId === 'powertools');
      const texts = logs.map(({ text }) => text);
      expect(texts).toContainEqual(expect.stringContaining('"message":"paying"'));
      expect(texts).toContainEqual(expect.stringContaining('"_aws"'));
    });

    test('Middy: its middlewares parse the body, and answer for one that cannot be parsed', async () => {
      expect((await send('POST', '/middy', '{"n":5}')).body).toEqual({ got: 5 });
      expect((await send('POST', '/middy', '{bad')).status).toBe(415);
    });

    test('serverless-express: an Express application answers, with its status and headers', async () => {
      const { status, headers, body } = await send('PUT', '/things/9?z=1', '{"t":1}');
      expect([status, headers.get('x-a')]).toEqual([201, 'b']);
      expect(body).toEqual({ id: '9', q: { z: '1' }, body: { t: 1 } });
    });
  });
});
