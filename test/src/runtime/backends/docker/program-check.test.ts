/** What is said of a program that cannot be run, of a container that is played. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ContainerPlan, Engine } from '../../../../../src/runtime/backends/docker/engine.ts';
import { makeProgramCheck } from '../../../../../src/runtime/backends/docker/program-check.ts';

function open(firstLine: string, inImage: readonly string[]) {
  const layer = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  onTestFinished(() => rmSync(layer, { recursive: true }));
  writeFileSync(join(layer, 'wrapper'), `${firstLine}\n`);
  const asked: string[] = [];
  const engine = {
    searchPath: async () => ['/usr/bin', '/bin'],
    hasFile: async (_id: string, path: string) => {
      asked.push(path);
      return path === '/opt/wrapper' || inImage.includes(path);
    },
  } as unknown as Engine;
  const plan = {
    image: 'shop:1',
    command: ['/opt/wrapper', 'node'],
    mounts: [
      { source: '/', target: '/nowhere', readOnly: true },
      { source: layer, target: '/opt', readOnly: true },
    ],
  } as unknown as ContainerPlan;
  const programs = makeProgramCheck();
  return { asked, check: () => programs.check(engine, 'c1', plan) };
}

test('a script whose interpreter is not in the image names both', async () => {
  await expect(open('#!/usr/bin/perl -w', ['/bin/sh']).check()).rejects.toMatchObject({
    code: 'interpreter-missing',
    message:
      'the program "/opt/wrapper" cannot be run: its interpreter /usr/bin/perl is not in the image shop:1',
  });
});

test.each(['#!/usr/bin/env perl', '#!/usr/bin/env -S A=b perl -w'])(
  '%s looks for the one behind it',
  async (line) => {
    await expect(open(line, ['/usr/bin/env']).check()).rejects.toThrow('its interpreter perl is not');
    await expect(open(line, ['/usr/bin/env', '/bin/perl']).check()).resolves.toBeUndefined();
  },
);

test('a first line that ends with a carriage return is told as such', async () => {
  await expect(open('#!/bin/bash\r', ['/bin/bash']).check()).rejects.toMatchObject({
    message: expect.stringContaining('its interpreter /bin/bash\\r is not'),
    hint: expect.stringContaining('carriage return'),
  });
});

test('an interpreter of the image is looked for once, one of a layer each time', async () => {
  const own = open('#!/bin/bash', ['/bin/bash']);
  await own.check();
  await own.check();
  expect(own.asked).toEqual(['/opt/wrapper', '/bin/bash']);
  const layers = open('#!/opt/bin/python', ['/opt/bin/python']);
  await layers.check();
  await layers.check();
  expect(layers.asked).toEqual(['/opt/wrapper', '/opt/bin/python', '/opt/bin/python']);
});
