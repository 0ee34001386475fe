/** Functions that are container images: built from a Dockerfile on an image made here, run, changed and broken. */

import { rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { makeImageBuilder } from '../../../../src/build/image-builder.ts';
import type { FunctionSpec } from '../../../../src/model/project.ts';
import { makeRuntimeApiContract } from '../../../../src/runtime/contracts/runtime-api/contract.ts';
import { makeEnvironment } from '../../../../src/runtime/environment.ts';
import { makeImageChooser } from '../../../../src/runtime/images/choose-image.ts';
import { removeImages } from '../../../../src/runtime/images/made-images.ts';
import { makeImage } from '../../../../src/runtime/images/make-image.ts';
import { Instance } from '../../../../src/runtime/instance.ts';
import { makeSystemClock } from '../../../../src/std/clock.ts';
import { randomIds } from '../../../../src/std/ids.ts';
import { describeWithTool } from '../../../suites/require-tool.ts';
import { payloadOf, sampleFunction } from '../../../suites/running-instance.ts';
import { openDockerParts } from '../backends/docker/docker-parts.ts';
import { makeProject, OWN_RUNTIME, openTestEngine } from '../backends/docker/docker-under-test.ts';

const PROGRAM = `
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
const word = require('node:fs').readFileSync('/opt-word', 'utf8').trim();
(async () => {
  for (;;) {
    const next = await fetch(base + 'next');
    const event = await next.json();
    const id = next.headers.get('lambda-runtime-aws-request-id');
    const { TABLE: table, _HANDLER: handler, LAMBDA_TASK_ROOT: root } = process.env;
    const body = { event, word, args: process.argv.slice(2), cwd: process.cwd(), table, handler, root };
    await fetch(base + id + '/response', { method: 'POST', body: JSON.stringify(body) });
  }
})();`;

await describeWithTool('docker', 'functions from container images', async () => {
  const engine = await openTestEngine();
  const { name: base } = await makeImage(engine, OWN_RUNTIME, {
    env: process.env,
    root: homedir(),
    notice: () => {},
  });
  const dockerfile = (more = '') =>
    `FROM ${base}\nARG WORD=none\nRUN echo "$WORD" > /opt-word\n${more}COPY main.js ./\nENTRYPOINT ["node"]\nCMD ["main.js", "its-own"]\n`;
  const id = `test-${randomIds.hex(4)}`;
  afterAll(async () => {
    await removeImages(engine, `function ${id}`);
  });

  const open = (files: Readonly<Record<string, string>>, given: Partial<FunctionSpec> = {}) => {
    const context = makeProject(files);
    const notices: string[] = [];
    const images = makeImageChooser({
      env: process.env,
      root: context,
      notice: (message) => notices.push(message),
      offline: true,
    });
    const parts = openDockerParts({ images });
    onTestFinished(() => parts.close());
    const fn: FunctionSpec = {
      ...sampleFunction({ runtime: 'provided.al2023', handler: 'main', dir: context, timeoutMs: 20_000 }),
      id,
      env: { TABLE: 'orders' },
      image: `sls-local-functions/${id}`,
      imageBuild: { context, dockerfile: 'Dockerfile', args: { WORD: 'hello' } },
      ...given,
    };
    const builder = makeImageBuilder();
    const ask = async () => {
      const artifact = await builder.build(fn, new AbortController().signal);
      const clock = makeSystemClock();
      const placement = await parts.backend.placement();
      const environment = makeEnvironment({ clock, region: 'eu-west-1', endpoint: () => 'http://nowhere' });
      const instance = new Instance({
        instanceId: randomIds.hex(4),
        fn,
        artifact,
        backend: parts.backend,
        contract: makeRuntimeApiContract({ clock, ids: randomIds }),
        placement,
        env: environment.of(fn, artifact, 'one', placement),
        clock,
        onIdleLog: () => {},
        onState: () => {},
      });
      try {
        await instance.started;
        instance.take();
        const delivery = {
          requestId: randomIds.uuid(),
          event: '{"n":1}',
          deadlineAt: clock.now() + 20_000,
          invokedFunctionArn: fn.arn,
          traceHeader: '',
        };
        const { end } = await instance.invoke(delivery, 20_000, { onLog: () => {} });
        return payloadOf(end);
      } finally {
        await instance.kill();
      }
    };
    return { context, notices, ask };
  };

  test('are built with their arguments, told step by step, and run by their own entry point', async () => {
    const { ask, notices, context } = open({ Dockerfile: dockerfile(), 'main.js': PROGRAM });
    const expected = {
      ...{ event: { n: 1 }, word: 'hello', args: ['its-own'], cwd: '/var/task', table: 'orders' },
      ...{ handler: 'main.js', root: '/var/task' },
    };
    expect(await ask()).toEqual(expected);
    expect(notices).toContainEqual(expect.stringMatching(/Step 3\/\d+ : RUN echo/));
    const told = notices.length;
    expect(await ask()).toEqual(expected);
    expect(notices).toHaveLength(told);

    writeFileSync(join(context, 'main.js'), PROGRAM.replace('{ event,', '{ changed: true, event,'));
    expect(await ask()).toEqual({ ...expected, changed: true });
  });

  test('run what the function overrides', async () => {
    const { ask } = open(
      { Dockerfile: dockerfile(), 'main.js': PROGRAM },
      { imageSettings: { command: ['/var/task/main.js', 'overridden'], workingDirectory: '/tmp' } },
    );
    expect(await ask()).toMatchObject({
      ...{ args: ['overridden'], cwd: '/tmp' },
      ...{ handler: '/var/task/main.js', root: '/var/task' },
    });
    const both = open(
      { Dockerfile: dockerfile(), 'main.js': PROGRAM },
      { imageSettings: { entryPoint: ['node', '--no-warnings'], command: ['main.js', 'both'] } },
    );
    expect(await both.ask()).toMatchObject({ args: ['both'] });
    const entry = open(
      { Dockerfile: dockerfile(), 'main.js': PROGRAM },
      { imageSettings: { entryPoint: ['node', '--no-warnings'] } },
    );
    expect(await entry.ask()).toMatchObject({ args: ['its-own'], handler: 'main.js' });
  });

  test('that fail to build name the step and show its last words', async () => {
    const { ask } = open({
      Dockerfile: dockerfile('RUN echo about to break && exit 9\n'),
      'main.js': PROGRAM,
    });
    await expect(ask()).rejects.toMatchObject({
      code: 'image-build-failed',
      message: expect.stringMatching(
        /Step 4\/\d+: RUN echo about to break[\s\S]*about to break[\s\S]*code: 9/,
      ),
    });
  });

  test('without their Dockerfile are an error that names it', async () => {
    const { ask, context } = open({ Dockerfile: dockerfile(), 'main.js': PROGRAM });
    rmSync(join(context, 'Dockerfile'));
    await expect(ask()).rejects.toMatchObject({ message: expect.stringContaining('no Dockerfile') });
  });
});
