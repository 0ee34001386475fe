/** Containers between events: their processes stand still without the engine's help. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFramesContract } from '../../../src/runtime/contracts/frames/frames.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { openDockerParts } from './backends/docker/docker-parts.ts';
import { makeProject } from './backends/docker/docker-under-test.ts';
import { answerOf, functionNamed, openPreparingPool } from './preparing-pool.ts';

const ticking = `
  let ticks = 0;
  setInterval(() => { ticks++; }, 2);
  exports.handler = async ({ ms }) => {
    const before = ticks;
    await new Promise((done) => setTimeout(done, ms));
    return { before, after: ticks };
  };`;

await describeWithTool('docker', 'a container between events', () => {
  test('does not go on with its timers, and answers the next event', async () => {
    const project = makeProject();
    const parts = openDockerParts({ folders: [project] });
    const contract = makeFramesContract({ folder: parts.folder, clock: makeSystemClock(), ids: randomIds });
    const frozen: boolean[] = [];
    const backend: typeof parts.backend = {
      ...parts.backend,
      async start(spec, onLog) {
        const handle = await parts.backend.start(spec, onLog);
        return {
          ...handle,
          freeze: () => {
            frozen.push(true);
            handle.freeze?.();
          },
        };
      },
    };
    const { build, lease, clock } = openPreparingPool(
      { backend, contract, close: parts.close, builds: join(project, 'builds') },
      { freeze: true },
    );
    const fn = functionNamed('ticking');
    build(fn, 'b1', ticking);
    const first = await lease(fn);
    const { after } = (await answerOf(first, { ms: 30 })) as { after: number };
    first.release();
    await clock.advance(20);
    expect(frozen).toEqual([true]);
    // The kernel's clock is the only one the container has.
    await new Promise((done) => setTimeout(done, 300));
    const second = await lease(fn);
    const { before, after: later } = (await answerOf(second, { ms: 30 })) as {
      before: number;
      after: number;
    };
    expect(second.instanceId).toBe(first.instanceId);
    expect(before - after).toBeLessThan(20);
    expect(later).toBeGreaterThan(before);
  });
});
