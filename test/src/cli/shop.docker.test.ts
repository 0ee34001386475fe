import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { describeWithTool } from '../../suites/require-tool.ts';
import { ask, copyProject, startDev } from './session-under-test.ts';

const order = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"item":"book"}' };

/** Names of this machine's containers that an instance of ours runs in. */
function containers(): string[] {
  const listed = execFileSync(
    'docker',
    ['ps', '-a', '--filter', 'label=sls-local.session', '--format', '{{.Names}}'],
    { encoding: 'utf8' },
  );
  return listed.split('\n').filter((name) => name !== '');
}

await describeWithTool('docker', 'the shop in containers', () => {
  test('an order goes all the way in one trace, with memory and init measured, and Ctrl-C leaves no container', async () => {
    const copy = copyProject('shop-serverless');
    const before = containers();
    const dev = await startDev(copy.root, ['--backend', 'docker']);
    try {
      expect(dev.ready.backend).toBe('docker');
      const answer = await ask(`${dev.ready.http}/orders`, order);
      expect(answer.status).toBe(201);
      const { id } = answer.body as { id: string };
      const created = await dev.ended((row) => row.functionId === 'CreateOrder');
      const worked = await dev.ended((row) => row.functionId === 'Worker');
      expect(worked.traceId).toBe(created.traceId);
      expect(created.phases).toMatchObject({ startMs: expect.any(Number), initMs: expect.any(Number) });
      expect(created.memoryPeakBytes).toBeGreaterThan(20 * 1024 * 1024);
      expect((await ask(`${dev.ready.http}/orders/${id}`)).body).toMatchObject({ status: 'processed' });
      expect(containers().length).toBeGreaterThan(before.length);
    } finally {
      expect(await dev.stop('SIGINT')).toBe(0);
      copy.remove();
    }
    expect(containers()).toEqual(before);
  });

  test('after kill -9 the next session removes the containers of the dead one', async () => {
    const copy = copyProject('hello');
    const before = containers();
    const first = await startDev(copy.root, ['--backend', 'docker']);
    expect((await ask(`${first.ready.http}/hello`)).status).toBe(200);
    const left = containers().filter((name) => !before.includes(name));
    expect(left.length).toBeGreaterThan(0);
    await first.stop('SIGKILL');
    const second = await startDev(copy.root, ['--backend', 'docker']);
    try {
      expect((await ask(`${second.ready.http}/hello`)).status).toBe(200);
      await expect
        .poll(() => containers().filter((name) => left.includes(name)), { timeout: 10_000 })
        .toEqual([]);
    } finally {
      await second.stop('SIGINT');
      copy.remove();
    }
  });
});
