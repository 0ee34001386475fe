import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { describeWithTool } from '../../suites/require-tool.ts';
import { ask, copyProject, type Dev, startDev } from './session-under-test.ts';

const order = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"item":"book"}' };

/** Names of the containers of a session. */
function containers(of: Dev): string[] {
  const listed = execFileSync(
    'docker',
    ['ps', '-a', '--filter', `label=sls-local.owner.pid=${of.child.pid}`, '--format', '{{.Names}}'],
    { encoding: 'utf8' },
  );
  return listed.split('\n').filter((name) => name !== '');
}

await describeWithTool('docker', 'the shop in containers', () => {
  test('an order goes all the way in one trace, with memory and init measured, and Ctrl-C leaves no container', async () => {
    const copy = copyProject('shop-serverless');
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
      expect(containers(dev).length).toBeGreaterThan(0);
    } finally {
      expect(await dev.stop('SIGINT')).toBe(0);
      copy.remove();
    }
    expect(containers(dev)).toEqual([]);
  });

  test('a session that starts and ends beside another leaves its containers alone', async () => {
    const copies = [copyProject('hello'), copyProject('hello')] as const;
    const left = await startDev(copies[0].root, ['--backend', 'docker']);
    try {
      expect((await ask(`${left.ready.http}/hello`)).status).toBe(200);
      const own = containers(left);
      const right = await startDev(copies[1].root, ['--backend', 'docker']);
      expect((await ask(`${right.ready.http}/hello`)).status).toBe(200);
      expect(await right.stop('SIGINT')).toBe(0);
      expect(containers(right)).toEqual([]);
      expect(containers(left)).toEqual(expect.arrayContaining(own));
      expect((await ask(`${left.ready.http}/hello`)).status).toBe(200);
    } finally {
      await left.stop('SIGINT');
      for (const copy of copies) copy.remove();
    }
  });

  test('after kill -9 the next session removes the containers of the dead one', async () => {
    const copy = copyProject('hello');
    const first = await startDev(copy.root, ['--backend', 'docker']);
    expect((await ask(`${first.ready.http}/hello`)).status).toBe(200);
    const left = containers(first);
    expect(left.length).toBeGreaterThan(0);
    await first.stop('SIGKILL');
    const second = await startDev(copy.root, ['--backend', 'docker']);
    try {
      expect((await ask(`${second.ready.http}/hello`)).status).toBe(200);
      await expect.poll(() => containers(first), { timeout: 10_000 }).toEqual([]);
    } finally {
      await second.stop('SIGINT');
      copy.remove();
    }
  });
});
