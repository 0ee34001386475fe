/** .NET over the Runtime API: our loader in containers of an image made here. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { makeRuntimeApiContract } from '../../../../../src/runtime/contracts/runtime-api/contract.ts';
import { makeImageChooser } from '../../../../../src/runtime/images/choose-image.ts';
import { makeSystemClock } from '../../../../../src/std/clock.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { describeContract } from '../../../../suites/contract.suite.ts';
import { compileDotnetFixtures, type DotnetFixtures, dotnetEnv } from '../../../../suites/dotnet-fixtures.ts';
import { describeWithTool, tool } from '../../../../suites/require-tool.ts';
import { linesWith, fixtures as sources, startSample } from '../../../../suites/running-instance.ts';
import { openDockerParts } from '../../backends/docker/docker-parts.ts';

const docker = await tool('docker');

if (docker.available)
  await describeWithTool('dotnet', 'conformance', (dotnet) => {
    let fixtures: DotnetFixtures;
    beforeAll(async () => {
      fixtures = await compileDotnetFixtures(dotnet);
    }, 60_000);
    afterAll(() => fixtures.close());

    const open = () => ({
      ...openDockerParts({
        env: { HOME: homedir(), ...dotnetEnv(dotnet) },
        images: makeImageChooser({
          env: dotnetEnv(dotnet),
          root: sources,
          notice: () => {},
          offline: true,
        }),
      }),
      contract: makeRuntimeApiContract({
        clock: makeSystemClock(),
        ids: randomIds,
        dotnetHost: fixtures.host,
      }),
    });

    describeContract('the Runtime API with .NET in containers', {
      open: async () => open(),
      runtime: 'dotnetcore3.1',
      shortMs: 1000,
      essential: true,
      dir: () => fixtures.shop,
    });

    /** Of a class library with this script in a layer. */
    const startWrapped = (path: string) => {
      const layer = mkdtempSync(join(tmpdir(), 'sls-local-layer-'));
      writeFileSync(join(layer, 'wrapper'), '#!/bin/sh\necho "wrapped $1"\nexec "$@"\n', { mode: 0o755 });
      const parts = open();
      onTestFinished(async () => {
        await parts.close();
        rmSync(layer, { recursive: true });
      });
      const env = { AWS_LAMBDA_EXEC_WRAPPER: path };
      return startSample(parts, {
        runtime: 'dotnetcore3.1',
        handler: 'Shop::Shop.Orders::Total',
        dir: fixtures.shop,
        layers: [layer],
        env,
      });
    };

    test('a layer’s wrapper script starts our loader', async () => {
      const sample = await startWrapped('/opt/wrapper');
      expect(await sample.started).toMatchObject({ status: 'ready' });
      await linesWith(sample, ({ text }) => text === 'wrapped dotnet');
      await sample.instance.kill();
    });

    test('a wrapper script that is not there is told before anything starts', async () => {
      const sample = await startWrapped('/opt/none');
      await expect(sample.started).rejects.toThrow('there is no file /opt/none');
    });
  });
else await describeWithTool('docker', 'the Runtime API with .NET in containers', () => {});
