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
  const start = async (runtime: string, handler: string, shebang: string) => {
    const layer = mkdtempSync(join(tmpdir(), 'sls-local-layer-'));
    const script = `#!${shebang}\nexport WRAPPED="$#"\nexec "$@"\n`;
    writeFileSync(join(layer, 'wrapper'), script, { mode: 0o755 });
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
    return sample;
  };

  test.each([
    ['nodejs22.x', 'outcomes.describesProcess', '/bin/sh'],
    ['nodejs22.x', 'outcomes.describesProcess', '/bin/bash'],
    ['python3.13', 'outcomes.describes_process', '/usr/bin/env sh'],
  ])(
    'in a container a layer’s wrapper script starts the runtime of %s',
    async (runtime, handler, shebang) => {
      const sample = await start(runtime, handler, shebang);
      expect(await sample.started).toMatchObject({ status: 'ready' });
      const { env } = payloadOf((await sample.invoke({})).outcome) as { env: Record<string, string> };
      expect(env.WRAPPED).toBe('2');
      expect(env.AWS_LAMBDA_RUNTIME_API).toMatch(/^[\d.]+:\d+$/);
    },
  );

  test('a wrapper script without its interpreter in the image names that', async () => {
    const { started } = await start('nodejs22.x', 'outcomes.answers', '/usr/bin/perl');
    await expect(started).rejects.toMatchObject({
      code: 'interpreter-missing',
      message: expect.stringContaining('its interpreter /usr/bin/perl is not in the image'),
    });
  });
});
