import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFramesContract } from '../../../src/runtime/contracts/frames/frames.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { payloadOf, startSample } from '../../suites/running-instance.ts';
import { openDockerParts } from './backends/docker/docker-parts.ts';

await describeWithTool('docker', 'wrapper scripts in containers', () => {
  test.each([
    ['nodejs22.x', 'outcomes.describesProcess'],
    ['python3.13', 'outcomes.describes_process'],
  ])('in a container a layer’s wrapper script starts the runtime of %s', async (runtime, handler) => {
    const layer = mkdtempSync(join(tmpdir(), 'sls-local-layer-'));
    writeFileSync(join(layer, 'wrapper'), '#!/bin/sh\nexport WRAPPED="$#"\nexec "$@"\n', { mode: 0o755 });
    const parts = openDockerParts();
    const contract = makeFramesContract({ folder: parts.folder, clock: makeSystemClock(), ids: randomIds });
    const sample = await startSample(
      { ...parts, contract },
      { runtime, handler, layers: [layer], env: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrapper' } },
    );
    onTestFinished(async () => {
      await sample.instance.kill();
      await parts.close();
      rmSync(layer, { recursive: true });
    });
    expect(await sample.started).toMatchObject({ status: 'ready' });
    const { env } = payloadOf((await sample.invoke({})).outcome) as { env: Record<string, string> };
    expect(env.WRAPPED).toBe('2');
    expect(env.AWS_LAMBDA_RUNTIME_API).toMatch(/^[\d.]+:\d+$/);
  });
});
