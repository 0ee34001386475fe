/** Which `dotnet` is taken, and which compiler, with stand-ins that list what they have. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  findCsharpCompiler,
  findDotnet,
  runtimesOf,
} from '../../../../../src/runtime/backends/process/find-dotnet.ts';

interface Installation {
  readonly runtimes?: readonly string[];
  readonly sdks?: readonly string[];
}

function makeMachine(installations: Readonly<Record<string, Installation>>) {
  const root = mkdtempSync(join(tmpdir(), 'sls-local-dotnet-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const path = (...parts: string[]) => join(root, ...parts);
  for (const [name, { runtimes = [], sdks = [] }] of Object.entries(installations)) {
    const listed = [
      `Microsoft.AspNetCore.App 9.9.9 [${path(name)}/shared/Microsoft.AspNetCore.App]`,
      ...runtimes.map(
        (version) => `Microsoft.NETCore.App ${version} [${path(name)}/shared/Microsoft.NETCore.App]`,
      ),
    ];
    mkdirSync(path(name), { recursive: true });
    writeFileSync(path(name, 'runtimes'), listed.join('\n'));
    writeFileSync(path(name, 'sdks'), sdks.map((version) => `${version} [${path(name)}/sdk]`).join('\n'));
    writeFileSync(path(name, 'dotnet'), `#!/bin/sh\nexec /bin/cat "${path(name)}/\${1#--list-}"\n`);
    chmodSync(path(name, 'dotnet'), 0o755);
    for (const version of sdks) {
      const compiler = path(name, 'sdk', version, 'Roslyn/bincore/csc.dll');
      mkdirSync(dirname(compiler), { recursive: true });
      writeFileSync(compiler, '');
    }
  }
  const env = {
    PATH: Object.keys(installations)
      .map((name) => path(name))
      .join(':'),
  };
  return { path, env };
}

test('takes the `dotnet` that has the function’s version, wherever it is in PATH', async () => {
  const { env, path } = makeMachine({ new: { runtimes: ['10.0.1'] }, old: { runtimes: ['8.0.11'] } });
  expect(await findDotnet('dotnet8', env, () => {}, [])).toBe(path('old', 'dotnet'));
});

test('takes the next newer one with a notice, and never an older one', async () => {
  const { env, path } = makeMachine({
    core: { runtimes: ['3.1.2'] },
    new: { runtimes: ['10.0.1', '9.0.4'] },
  });
  const notices: string[] = [];
  expect(await findDotnet('dotnet8', env, (notice) => notices.push(notice), [])).toBe(path('new', 'dotnet'));
  expect(notices).toEqual([expect.stringContaining('dotnet8 functions run on .NET 9')]);
});

test.each([
  ['dotnet6', 'https://dotnet.microsoft.com/download/dotnet/6.0)'],
  ['dotnet8', 'https://dotnet.microsoft.com/download/dotnet/8.0)'],
  ['dotnet10', 'https://dotnet.microsoft.com/download/dotnet/10.0)'],
])('only .NET Core 3.1 is as good as none for %s', async (runtime, page) => {
  const { env } = makeMachine({ core: { runtimes: ['3.1.2'], sdks: ['3.1.102'] } });
  await expect(findDotnet(runtime, env, () => {}, [])).rejects.toMatchObject({
    code: 'runtime-missing',
    hint: expect.stringContaining(page),
  });
});

test('lists runtimes with the folder of their assemblies, the oldest first, previews before what they lead to', async () => {
  const { env, path } = makeMachine({ all: { runtimes: ['10.0.0', '10.0.0-rc.2', '8.0.11', '8.0.9'] } });
  const runtimes = await runtimesOf(path('all', 'dotnet'), env);
  expect(runtimes.map(({ version }) => version)).toEqual(['8.0.9', '8.0.11', '10.0.0-rc.2', '10.0.0']);
  expect(runtimes[1]).toMatchObject({ major: 8, folder: path('all', 'shared/Microsoft.NETCore.App/8.0.11') });
});

test('the compiler is that of the newest SDK beside the `dotnet`, else of another one', async () => {
  const { env, path } = makeMachine({
    runtime: { runtimes: ['8.0.11'] },
    first: { sdks: ['8.0.404', '10.0.100'] },
    second: { sdks: ['11.0.100'] },
  });
  const compilerOf = (name: string) => findCsharpCompiler(path(name, 'dotnet'), env, []);
  expect((await compilerOf('second'))?.file).toBe(path('second', 'sdk/11.0.100/Roslyn/bincore/csc.dll'));
  expect(await compilerOf('runtime')).toEqual({
    program: path('first', 'dotnet'),
    file: path('first', 'sdk/10.0.100/Roslyn/bincore/csc.dll'),
  });
});

test('without an SDK there is no compiler', async () => {
  const { env, path } = makeMachine({ runtime: { runtimes: ['8.0.11'] } });
  expect(await findCsharpCompiler(path('runtime', 'dotnet'), env, [])).toBeUndefined();
});
