/** .NET functions: which program is started, with a stand-in for `dotnet` that speaks the Runtime API. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeRuntimeApiContract } from '../../../../../src/runtime/contracts/runtime-api/contract.ts';
import { makeDotnetHost } from '../../../../../src/runtime/dotnet-host.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { payloadOf, startSample } from '../../../../suites/running-instance.ts';
import { openProcessParts } from '../../process-parts.ts';

/** Answers what it was started with. */
const DOTNET = `#!${process.execPath}
if (process.argv[2] === '--list-runtimes') {
  console.log('Microsoft.AspNetCore.App 8.0.11 [/x]\\nMicrosoft.NETCore.App 8.0.11 [/x]');
  process.exit();
}
const http = require('node:http');
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const call = (method, path, body) => new Promise((resolve) => {
  const request = http.request({ host, port, method, path: '/2018-06-01/runtime' + path }, (reply) => {
    reply.resume().once('end', () => resolve(reply.headers['lambda-runtime-aws-request-id']));
  });
  request.end(body);
});
(async () => {
  for (;;) {
    const id = await call('GET', '/invocation/next');
    await call('POST', '/invocation/' + id + '/response', JSON.stringify(process.argv.slice(2)));
  }
})();
`;

async function makeMachine(files: Readonly<Record<string, string>>) {
  const home = mkdtempSync(join(tmpdir(), 'sls-local-dotnet-'));
  for (const folder of ['bin', 'task']) mkdirSync(join(home, folder));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(home, name), text);
    chmodSync(join(home, name), 0o755);
  }
  const parts = openProcessParts({ env: { PATH: join(home, 'bin'), HOME: home } });
  onTestFinished(async () => {
    await parts.close();
    rmSync(home, { recursive: true });
  });
  const dotnetHost = makeDotnetHost({ env: { PATH: join(home, 'bin') }, cacheFolder: join(home, 'cache') });
  const contract = makeRuntimeApiContract({ clock: parts.clock, ids: randomIds, dotnetHost });
  const dir = join(home, 'task');
  const start = (handler: string, runtime = 'dotnet8') =>
    startSample({ ...parts, contract }, { runtime, handler, dir });
  return { dir, start };
}

const PUBLISHED = { 'task/Shop.dll': '', 'task/Shop.runtimeconfig.json': '{}' };

test('a published program runs in the machine’s dotnet (here a stand-in)', async () => {
  const { dir, start } = await makeMachine({ 'bin/dotnet': DOTNET, ...PUBLISHED });
  const { started, invoke } = await start('Shop');
  expect(await started).toMatchObject({ status: 'ready' });
  expect(payloadOf((await invoke({})).outcome)).toEqual(['--roll-forward', 'Major', join(dir, 'Shop.dll')]);
});

test('a package with a program of its own named bootstrap needs no dotnet', async () => {
  const { start } = await makeMachine({ 'task/bootstrap': DOTNET });
  const { started, invoke } = await start('Shop::Shop.Orders::Create');
  expect(await started).toMatchObject({ status: 'ready' });
  expect(payloadOf((await invoke({})).outcome)).toEqual([]);
});

test.each([
  ['a machine without .NET', {}, 'Shop', 'runtime-missing', 'install .NET 8'],
  [
    'a class library where no SDK is',
    { 'bin/dotnet': DOTNET },
    'Shop::Shop.Orders::Create',
    'runtime-missing',
    'install the .NET SDK',
  ],
  ['an assembly that is not there', { 'bin/dotnet': DOTNET }, 'Shopp', 'code-not-found', 'dotnet publish'],
  [
    'an assembly that is no program',
    { 'bin/dotnet': DOTNET, 'task/Lib.dll': '' },
    'Lib',
    'code-not-found',
    'OutputType',
  ],
])('%s is an error that says what to do', async (_what, programs, handler, code, hint) => {
  const { start } = await makeMachine({ ...PUBLISHED, ...programs });
  const { started } = await start(handler);
  await expect(started).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) });
});

test('only an older .NET than the function’s is as good as none', async () => {
  const { start } = await makeMachine({ 'bin/dotnet': DOTNET, ...PUBLISHED });
  await expect((await start('Shop', 'dotnet10')).started).rejects.toMatchObject({ code: 'runtime-missing' });
});
