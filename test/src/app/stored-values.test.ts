import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { secretsmanager } from '../../../emulators/secretsmanager/index.ts';
import { ssm } from '../../../emulators/ssm/index.ts';
import { storedValuesIn } from '../../../src/app/stored-values.ts';
import { openStore } from '../../../src/std/store/store.ts';
import { callOperation, makeWorld } from '../../emulators/world.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test('what a session stored is found beside it and after it, and nothing where there never was one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-stored-'));
  folders.push(folder);
  const data = join(folder, 'data');
  expect(storedValuesIn(folder)('ssm:/a')).toBeUndefined();

  const store = openStore(data);
  expect(storedValuesIn(folder)('ssm:/a')).toBeUndefined();
  const { context } = makeWorld(store);
  const [parameters, secrets] = [await ssm.start(context), await secretsmanager.start(context)];
  if (parameters.api?.protocol !== 'json' || secrets.api?.protocol !== 'json')
    throw new Error('both have JSON APIs');
  await callOperation(parameters.api, 'PutParameter', { Name: '/a', Value: '1', Type: 'String' });
  await callOperation(secrets.api, 'CreateSecret', { Name: 's', SecretString: '{"k":"v"}' });
  expect(storedValuesIn(folder, () => store)('ssm:/a')).toBe('1');
  expect(storedValuesIn(folder)('secretsmanager:s:SecretString:k')).toBe('v');
  await store.close();
  expect(storedValuesIn(folder)('ssm:/a')).toBe('1');
  expect(storedValuesIn(folder)('ssm:/b')).toBeUndefined();
});
