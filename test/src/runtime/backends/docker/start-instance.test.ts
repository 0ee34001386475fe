import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import {
  type ContainerPlan,
  type Engine,
  EngineError,
} from '../../../../../src/runtime/backends/docker/engine.ts';
import { makeProgramCheck } from '../../../../../src/runtime/backends/docker/program-check.ts';
import { startContainer } from '../../../../../src/runtime/backends/docker/start-instance.ts';
import { makeSystemClock } from '../../../../../src/std/clock.ts';

test('a container that goes before it runs leaves neither itself nor an open connection', async () => {
  const output = new PassThrough();
  const removed: string[] = [];
  const engine = {
    create: async () => 'c1',
    attach: async () => output,
    start: () => Promise.reject(new EngineError('no such container: c1', 404, undefined)),
    remove: async (id: string) => void removed.push(id),
  } as unknown as Engine;
  const how = { clock: makeSystemClock(), onLog: () => {}, programs: makeProgramCheck() };
  await expect(startContainer(engine, {} as ContainerPlan, how)).rejects.toThrow('no such container');
  expect(output.destroyed).toBe(true);
  expect(removed).toEqual(['c1']);
});
