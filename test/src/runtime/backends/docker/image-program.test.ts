import { expect, test } from 'vitest';
import type { ImageSettings } from '../../../../../src/model/project.ts';
import type { InstanceSpec } from '../../../../../src/model/runtime.ts';
import type { InspectedImage } from '../../../../../src/runtime/backends/docker/engine.ts';
import {
  environmentOfImage,
  programOfImage,
} from '../../../../../src/runtime/backends/docker/image-program.ts';
import { sampleArtifact, sampleFunction } from '../../../../suites/running-instance.ts';

const image: InspectedImage = {
  id: 'sha256:1',
  digests: [],
  sizeBytes: 1,
  command: ['app.handler', 'more'],
  variables: ['PATH'],
};

function specOf(imageSettings: ImageSettings, env: Readonly<Record<string, string>> = {}): InstanceSpec {
  const fn = {
    ...sampleFunction({ runtime: 'provided.al2023', handler: 'image', env }),
    image: 'shop:1',
    imageSettings,
  };
  const given = { LAMBDA_TASK_ROOT: '/srv/shop', LD_LIBRARY_PATH: '/lib', TZ: ':UTC', ...env };
  return { instanceId: 'i1', fn, artifact: sampleArtifact(fn), env: given, mounts: [] };
}

test.each([
  [{}, { args: ['app.handler', 'more'] }, 'app.handler'],
  [{ command: [] }, { args: ['app.handler', 'more'] }, 'app.handler'],
  [{ command: ['b.main'] }, { args: ['b.main'] }, 'b.main'],
  [{ entryPoint: ['/start'] }, { command: ['/start', 'app.handler', 'more'] }, 'app.handler'],
  [{ entryPoint: ['/start'], command: ['b.main'] }, { command: ['/start', 'b.main'] }, 'b.main'],
  [{ workingDirectory: '/w' }, { workingDir: '/w', args: ['app.handler', 'more'] }, 'app.handler'],
])('an image runs with %j as %j, and the handler is %s', (settings, program, handler) => {
  expect(programOfImage(specOf(settings), image)).toEqual(program);
  expect(environmentOfImage(specOf(settings), image)._HANDLER).toBe(handler);
});

test('an image without a command has no handler, and its code is at /var/task', () => {
  const env = environmentOfImage(specOf({}), { ...image, command: [] });
  expect(env).not.toHaveProperty('_HANDLER');
  expect(env.LAMBDA_TASK_ROOT).toBe('/var/task');
});

test('what the image sets of the language, time zone and library path stays, but for what the function sets', () => {
  const own = { ...image, variables: ['LD_LIBRARY_PATH', 'TZ', 'LAMBDA_TASK_ROOT'] };
  const env = environmentOfImage(specOf({}, { TZ: 'Europe/Berlin' }), own);
  expect(env).toMatchObject({ TZ: 'Europe/Berlin', LAMBDA_TASK_ROOT: '/var/task' });
  expect(env).not.toHaveProperty('LD_LIBRARY_PATH');
  expect(environmentOfImage(specOf({}), image)).toMatchObject({ TZ: ':UTC', LD_LIBRARY_PATH: '/lib' });
});
