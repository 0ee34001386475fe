import { mkdirSync, readdirSync, readlinkSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Artifact, InstanceSpec } from '../../../../../src/model/runtime.ts';
import { makePreparedCode } from '../../../../../src/runtime/backends/docker/prepared-code.ts';
import { makeProject } from './docker-under-test.ts';

function build(home: string, id: string, more: Partial<Artifact> = {}): Artifact {
  const dir = join(home, id);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'index.cjs'), '');
  return { id, functionId: 'hello', dir, handler: 'index.handler', inputs: [], ...more };
}

function specOf(artifact: Artifact): InstanceSpec {
  const fn = { layers: [] } as unknown as InstanceSpec['fn'];
  return { instanceId: 'i1', fn, artifact, env: {}, mounts: [] };
}

test('the folder of all builds is mounted, and /var/task is links into the one that is provided', () => {
  const [home, scratch] = [makeProject({}), makeProject({})];
  const code = makePreparedCode(specOf(build(home, 'b1')), [], scratch);
  expect(code.seen).toEqual([home]);
  expect(readdirSync(code.task)).toEqual([]);
  const built = build(home, 'b2');
  expect(code.fits(built)).toBe(true);
  code.provide(built);
  expect(readlinkSync(join(code.task, 'index.cjs'))).toBe(join(home, 'b2', 'index.cjs'));
  code.remove();
  expect(readdirSync(scratch)).toEqual([]);
});

test('a build elsewhere, or one that reads a folder that was not mounted, or that is gone, does not fit', () => {
  const home = makeProject({});
  const code = makePreparedCode(specOf(build(home, 'b1')), ['/workspace'], makeProject({}));
  expect(code.fits(build(makeProject({}), 'b2'))).toBe(false);
  expect(code.fits(build(home, 'b2', { reads: ['/other'] }))).toBe(false);
  expect(code.fits(build(home, 'b2', { reads: ['/workspace-2'] }))).toBe(false);
  expect(code.fits(build(home, 'b2', { reads: ['/workspace/node_modules'] }))).toBe(true);
  expect(code.fits({ ...build(home, 'b2'), dir: join(home, 'b3') })).toBe(false);
});

test('a mounted folder that was made anew is not the one the instance sees', () => {
  const home = join(makeProject({}), 'hello');
  const code = makePreparedCode(specOf(build(home, 'b1')), [], makeProject({}));
  // Renamed, not removed: what a container has mounted keeps its number, too.
  renameSync(home, `${home}.old`);
  expect(code.fits(build(home, 'b2'))).toBe(false);
});

test('code that runs as it was written is /var/task itself', () => {
  const dir = makeProject();
  const written = { id: 'hash', functionId: 'py', dir, handler: 'app.handler', inputs: [] };
  const code = makePreparedCode(specOf(written), [], makeProject({}));
  expect(code).toMatchObject({ seen: [dir], task: dir });
  const other = { ...written, id: 'other' };
  expect(code.fits(other)).toBe(true);
  code.provide(other);
  code.remove();
  expect(readdirSync(dir)).toEqual(['index.js']);
});
