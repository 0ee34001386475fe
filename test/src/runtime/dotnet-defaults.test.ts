import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dotnetEnvironment, icuLibraries } from '../../../src/runtime/dotnet-defaults.ts';
import { sampleFunction } from '../../suites/running-instance.ts';

function makeFolder(...names: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-libraries-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of names) writeFileSync(join(folder, name), '');
  return { folder, path: (name: string) => join(folder, name) };
}

test('.NET Core 3.1 knows ICU up to version 70, later ones any', () => {
  const { folder, path } = makeFolder(
    'libicuuc.so',
    'libicuuc.so.72',
    'libicui18n.so.72',
    'libicuuc.so.72.1',
  );
  expect(icuLibraries(3, [folder])).toEqual([]);
  expect(icuLibraries(8, [folder])).toEqual([path('libicui18n.so.72'), path('libicuuc.so.72')]);
  const old = makeFolder('libicuuc.so.67');
  expect(icuLibraries(3, [old.folder])).toEqual([old.path('libicuuc.so.67')]);
});

test('of libraries with a name the first folder’s is taken, and folders that are not there have none', () => {
  const [first, second] = [makeFolder('libicuuc.so.72'), makeFolder('libicuuc.so.72')];
  expect(icuLibraries(8, ['/nowhere', first.folder, second.folder])).toEqual([first.path('libicuuc.so.72')]);
});

test('what the function itself sets is left to it', () => {
  const fn = sampleFunction({ runtime: 'dotnet8', handler: 'Shop', env: { COMPlus_EnableDiagnostics: '1' } });
  expect(dotnetEnvironment(fn)).not.toHaveProperty('COMPlus_EnableDiagnostics');
  expect(dotnetEnvironment(fn)).toMatchObject({ COMPlus_GCHeapHardLimit: '10000000' });
});
