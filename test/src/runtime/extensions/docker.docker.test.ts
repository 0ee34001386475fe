import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFramesContract } from '../../../../src/runtime/contracts/frames/frames.ts';
import { type ImageChooser, makeImageChooser } from '../../../../src/runtime/images/choose-image.ts';
import { makeSystemClock } from '../../../../src/std/clock.ts';
import { randomIds } from '../../../../src/std/ids.ts';
import { describeCustomRuntime } from '../../../suites/custom-runtime.suite.ts';
import { describeExtensions } from '../../../suites/extensions.suite.ts';
import { describeWithTool } from '../../../suites/require-tool.ts';
import { fixtures, startSample } from '../../../suites/running-instance.ts';
import { openDockerParts } from '../backends/docker/docker-parts.ts';

await describeWithTool('docker', 'extensions in containers', () => {
  describeExtensions('extensions in the function’s container', {
    open: async () => {
      const parts = openDockerParts();
      const contract = makeFramesContract({ folder: parts.folder, clock: makeSystemClock(), ids: randomIds });
      return { ...parts, contract };
    },
    runtime: 'nodejs22.x',
  });

  /** Programs of custom runtimes are written in JavaScript here. */
  const chooser = makeImageChooser({ env: process.env, root: fixtures, notice: () => {}, offline: true });
  const withNode: ImageChooser = {
    ...chooser,
    imageFor: (engine, fn, id) => chooser.imageFor(engine, { ...fn, runtime: 'nodejs22.x' }, id),
  };

  describeCustomRuntime('extensions beside a custom runtime in a container', () =>
    openDockerParts({ images: withNode }),
  );

  test('a runtime that is killed for its memory beside an extension is told so', async () => {
    const parts = openDockerParts();
    onTestFinished(parts.close);
    const contract = makeFramesContract({ folder: parts.folder, clock: makeSystemClock(), ids: randomIds });
    const sample = await startSample(
      { ...parts, contract },
      {
        runtime: 'nodejs22.x',
        handler: 'outcomes.fillsBuffers',
        layers: [join(fixtures, '../extensions/agent')],
        timeoutMs: 20_000,
      },
    );
    expect(await sample.started).toMatchObject({ status: 'ready' });
    expect((await sample.invoke({})).outcome).toMatchObject({ status: 'out-of-memory' });
    await sample.instance.kill();
  });
});
