/** A web server behind an adapter, in a session: the same with each backend. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSessionIn } from '../src/app/open-session.ts';
import { makeWebProject, serverOf } from '../src/app/web-adapter.ts';

export function webAdapterSuite(backend: 'docker' | 'process'): void {
  test('a web server that the wrapper starts answers by its adapter, is recorded whole, and is edited', async () => {
    const root = makeWebProject();
    const { session } = await openSessionIn(root, backend);
    const first = await session.invoke('site', '{"rawPath":"/a"}');
    expect(first.record).toMatchObject({ outcome: { status: 'ok' }, coldStart: expect.anything() });
    const { outcome, logs } = first.record;
    expect(outcome?.status === 'ok' && JSON.parse(outcome.payload)).toEqual({
      statusCode: 200,
      body: 'page /a',
    });
    expect(logs.map(({ text }) => text)).toContain('asked for /a');
    expect((await session.replay(first.record.id, {})).identical).toBe(true);

    writeFileSync(join(root, 'src/server.js'), serverOf('edited'));
    await expect
      .poll(async () => (await session.invoke('site', '{"rawPath":"/b"}')).record.outcome, {
        timeout: 10_000,
      })
      .toMatchObject({ payload: '{"statusCode":200,"body":"edited /b"}' });
  });
}
