import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findJava, findJavac } from '../../../../../src/runtime/backends/process/find-java.ts';

function makeMachine(versions: Readonly<Record<string, string>>) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sls-local-find-java-')));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, version] of Object.entries(versions)) {
    mkdirSync(join(root, 'jvm', name, 'bin'), { recursive: true });
    writeFileSync(join(root, 'jvm', name, 'release'), `IMPLEMENTOR="A"\nJAVA_VERSION="${version}"\n`);
    addProgram(join(root, 'jvm', name, 'bin/java'));
  }
  const notices: string[] = [];
  const find = (runtime: string, env: Record<string, string> = {}) =>
    findJava(runtime, { HOME: root, PATH: '/nowhere', ...env }, (message) => notices.push(message), [
      join(root, 'jvm'),
    ]);
  return { root, notices, find, home: (name: string) => join(root, 'jvm', name) };
}

function addProgram(file: string) {
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
}

test('the function’s own version is found beside others, Java 8 by its old name', async () => {
  const { find, home, notices } = makeMachine({ eight: '1.8.0_402', a17: '17.0.1', b21: '21.0.2' });
  expect(await find('java17')).toBe(join(home('a17'), 'bin/java'));
  expect(await find('java8.al2')).toBe(join(home('eight'), 'bin/java'));
  expect(notices).toEqual([]);
});

test('without it the next newer one runs the function, with a notice', async () => {
  const { find, home, notices } = makeMachine({ a17: '17.0.1', b25: '25', c21: '21.0.2' });
  expect(await find('java11')).toBe(join(home('a17'), 'bin/java'));
  expect(notices).toEqual([expect.stringContaining('java11 functions run on Java 17')]);
});

test('an older one is the last resort, and the notice says what it cannot do', async () => {
  const { find, home, notices } = makeMachine({ a11: '11.0.1', b17: '17.0.1' });
  expect(await find('java21')).toBe(join(home('b17'), 'bin/java'));
  expect(notices).toEqual([expect.stringContaining('classes compiled for a newer Java do not load')]);
});

test('JAVA_HOME and PATH come before what is installed of the same version', async () => {
  const { find, home, root } = makeMachine({ a: '21.0.1', b: '21.0.2', c: '21.0.3' });
  expect(await find('java21', { JAVA_HOME: home('c') })).toBe(join(home('c'), 'bin/java'));
  mkdirSync(join(root, 'bin'));
  symlinkSync(join(home('b'), 'bin/java'), join(root, 'bin/java'));
  expect(await find('java21', { PATH: join(root, 'bin') })).toBe(join(home('b'), 'bin/java'));
});

test('a machine without Java is told what to install', async () => {
  await expect(makeMachine({}).find('java21')).rejects.toMatchObject({
    code: 'runtime-missing',
    hint: expect.stringContaining('openjdk-21-jdk-headless'),
  });
});

test('a runtime without a compiler beside it does not count as a JDK', () => {
  const { root, home } = makeMachine({ a: '21.0.1', b: '17.0.1' });
  const env = { HOME: root, PATH: '/nowhere' };
  expect(findJavac(env, [join(root, 'jvm')])).toBeUndefined();
  addProgram(join(home('b'), 'bin/javac'));
  expect(findJavac(env, [join(root, 'jvm')])).toEqual({ file: join(home('b'), 'bin/javac'), major: 17 });
});
