/** Projects of C# published by a real SDK, and what was published run in a process. */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeCompiledBuilder } from '../../../src/build/compiled-builder.ts';
import { bootstrapFolder } from '../../../src/runtime/bootstrap-folder.ts';
import { makeRuntimeApiContract } from '../../../src/runtime/contracts/runtime-api/contract.ts';
import { makeDotnetHost } from '../../../src/runtime/dotnet-host.ts';
import { makeHolds } from '../../../src/std/holds.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { dotnetEnv } from '../../suites/dotnet-fixtures.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { startSample } from '../../suites/running-instance.ts';
import { openProcessParts } from '../runtime/process-parts.ts';
import { makeFunction, makeProjectFolder } from './project-folder.ts';

const signal = new AbortController().signal;
const runtime = 'dotnetcore3.1';

/** `further` goes into the project. */
function projectFile(type: 'Library' | 'Exe', further = ''): string {
  const target = 'netcoreapp$(BundledNETCoreAppTargetFrameworkVersion)';
  return `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>${type}</OutputType><TargetFramework>${target}</TargetFramework></PropertyGroup>
  ${further}
</Project>
`;
}

const ORDERS = `namespace Shop
{
    public class Orders
    {
        public System.IO.Stream Echo(System.IO.Stream input) => input;
    }
}
`;

/** A program that brings its own runtime client, which here is a part of our loader. */
const PROGRAM = `static class Program
{
    static void Main()
    {
        var api = new SlsLocal.RuntimeApi(System.Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API"));
        while (true) api.Respond(api.Next(), System.Text.Encoding.UTF8.GetBytes("\\"from the program\\""));
    }
}
`;

await describeWithTool('dotnet', 'the .NET SDK', (dotnet) => {
  const makeProject = (files: Readonly<Record<string, string>>, handler: string) => {
    const folder = makeProjectFolder(files);
    onTestFinished(folder.remove);
    const fn = makeFunction(folder.path('project'), { runtime, handler });
    const env = dotnetEnv(dotnet);
    const builder = makeCompiledBuilder({ inUse: makeHolds(), outDir: folder.path('out'), env });
    const run = async (dir: string, event: unknown) => {
      const parts = openProcessParts({ env });
      onTestFinished(() => parts.close());
      const contract = makeRuntimeApiContract({
        clock: parts.clock,
        ids: randomIds,
        dotnetHost: makeDotnetHost({ env }),
      });
      const sample = { runtime, handler, dir, timeoutMs: 20_000 };
      const { started, invoke } = await startSample({ ...parts, contract }, sample);
      expect(await started).toMatchObject({ status: 'ready' });
      return (await invoke(event)).outcome;
    };
    return { folder, builder, fn, run };
  };

  test('a class library is published and run; what the compiler says is told with file and line', async () => {
    const { folder, builder, fn, run } = makeProject(
      { 'project/Shop.csproj': projectFile('Library'), 'project/Orders.cs': ORDERS },
      'Shop::Shop.Orders::Echo',
    );
    const { dir } = await builder.build(fn, signal);
    expect(await run(dir, { a: 1 })).toEqual({ status: 'ok', payload: '{"a":1}' });

    const source = folder.write('project/Orders.cs', ORDERS.replace('=> input', '=> order'));
    await expect(builder.build(fn, signal)).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringContaining(`${source}(5,65): error CS0103`),
    });
  }, 60_000);

  test('a program is published and run', async () => {
    const parts = ['RuntimeApi.cs', 'Invocation.cs'].map(
      (name) => `<Compile Include="${join(bootstrapFolder, 'dotnet', name)}" />`,
    );
    const { builder, fn, run } = makeProject(
      {
        'project/Shop.csproj': projectFile('Exe', `<ItemGroup>${parts.join('')}</ItemGroup>`),
        'project/Program.cs': PROGRAM,
      },
      'Shop',
    );
    const { dir } = await builder.build(fn, signal);
    expect(await run(dir, {})).toEqual({ status: 'ok', payload: '"from the program"' });
  }, 60_000);

  test('a package that cannot be had is a hint', async () => {
    const reference =
      '<ItemGroup><PackageReference Include="Amazon.Lambda.Core" Version="2.2.0" /></ItemGroup>';
    const { builder, fn } = makeProject(
      {
        'project/Shop.csproj': projectFile('Library', reference),
        'project/Orders.cs': ORDERS,
        'project/nuget.config': '<configuration><packageSources><clear /></packageSources></configuration>',
      },
      'Shop::Shop.Orders::Echo',
    );
    await expect(builder.build(fn, signal)).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringContaining('Amazon.Lambda.Core'),
      hint: expect.stringContaining('dotnet restore'),
    });
  }, 60_000);
});
