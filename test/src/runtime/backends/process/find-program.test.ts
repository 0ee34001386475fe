import { expect, test } from 'vitest';
import { makeProgramFinder } from '../../../../../src/runtime/backends/process/find-program.ts';
import { sampleArtifact, sampleFunction } from '../../../../suites/running-instance.ts';

const find = makeProgramFinder({
  env: { PATH: '/nowhere' },
  root: '/',
  notice: () => {},
  systemFolders: [],
});

function specFor(runtime: string, command?: readonly string[], image?: string) {
  const place = { file: '/p/serverless.yml', line: 7 };
  const fn = { ...sampleFunction({ runtime, handler: 'a.b', dir: '/' }), place, ...(image && { image }) };
  return {
    instanceId: '1',
    fn,
    artifact: sampleArtifact(fn),
    env: {},
    mounts: [],
    ...(command && { command }),
  };
}

test('a container image needs an engine, which is said', async () => {
  await expect(find(specFor('provided.al2023', undefined, 'shop:1'))).rejects.toMatchObject({
    code: 'engine-needed',
    hint: expect.stringContaining('--backend docker'),
  });
});

test.each([
  ['ruby3.3', ['ruby', 'x.rb'], 'install Ruby 3.3'],
  ['python3.13', ['python3', 'x.py'], 'install Python 3.13'],
  ['java21', ['java', 'x'], 'install a JDK 21'],
  ['java21', ['/lambda-entrypoint.sh', 'x'], 'install a JDK 21'],
  ['dotnet8', ['dotnet', 'x'], 'install .NET 8'],
  ['dotnet8', ['/lambda-entrypoint.sh', 'x'], 'install the .NET SDK'],
])('without a program for %s, what to install is named', async (runtime, command, hint) => {
  await expect(find(specFor(runtime, command))).rejects.toMatchObject({
    code: 'runtime-missing',
    hint: expect.stringContaining(hint),
  });
});

test('what a class library needs is said at the function’s place', async () => {
  await expect(find(specFor('dotnet8', ['/lambda-entrypoint.sh', 'x']))).rejects.toMatchObject({
    message: expect.stringContaining('no .NET 8 or newer was found on this machine'),
    file: '/p/serverless.yml',
    line: 7,
  });
});
