/** What a Python function's log says about a package that is not there, on a real child process. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSample } from '../../../suites/running-instance.ts';
import { openProcessParts } from '../process-parts.ts';

async function logOf(files: Readonly<Record<string, string>>): Promise<string> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'sls-local-test-')));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const parts = openProcessParts();
  const sample = await startSample(parts, { runtime: 'python3.12', handler: 'app.handler', dir });
  onTestFinished(async () => {
    await sample.instance.kill();
    await parts.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const { coldStart } = await sample.started;
  return coldStart.logs.map(({ text }) => text.replaceAll(dir, 'CODE')).join('\n');
}

test('a package that requirements.txt lists is to be installed into the code, and how is said', async () => {
  const log = await logOf({
    'app.py': 'import nowhere_at_all.deep\n',
    'requirements.txt': 'nowhere-at-all\n',
  });
  expect(log).toMatch(
    /^sls-local: nowhere_at_all is neither in the code nor in a layer: \S+ -m pip install -t CODE -r CODE\/requirements.txt$/m,
  );
});

test('a name that is missing from a module of the project is no package', async () => {
  const log = await logOf({ 'app.py': 'import part.missing\n', 'part.py': '' });
  expect(log).not.toContain('sls-local:');
});
