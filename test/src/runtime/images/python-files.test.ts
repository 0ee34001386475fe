/** What of a Python goes into an image, asked of a program that answers for it. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFileTree } from '../../../../src/runtime/images/file-tree.ts';
import { addPythonFiles } from '../../../../src/runtime/images/python-files.ts';

const WRITTEN_AT = 1_700_000_000;

/** A stand-in for an interpreter that prints its layout. */
function pythonWith(layout: (root: string) => object): { root: string; python: string } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sls-local-test-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const path of [
    'lib/json/__init__.py',
    'lib/json/__pycache__/__init__.cpython-312.pyc',
    'lib/test/big.py',
    'venv/boto3/__init__.py',
    'venv/botocore/data/sqs/service-2.json',
    'venv/six.py',
    'venv/requests/__init__.py',
  ]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), 'x');
    utimesSync(join(root, path), WRITTEN_AT, WRITTEN_AT);
  }
  const python = join(root, 'python');
  writeFileSync(python, `#!/bin/sh\ncat <<'END'\n${JSON.stringify(layout(root))}\nEND\n`, { mode: 0o755 });
  return { root, python };
}

const layoutOf = (root: string, sdk: readonly string[]) => ({
  executable: join(root, 'python'),
  folders: [join(root, 'lib')],
  packages: join(root, 'lib/site-packages'),
  sdk: sdk.map((path) => join(root, path)),
});

async function filesOf(python: string, root: string) {
  const tree = makeFileTree();
  await addPythonFiles(tree, python);
  const files = tree.entries().filter(({ kind }) => kind === 'copy' || kind === 'file');
  return { entries: files, paths: files.map(({ path }) => path.slice(root.length + 1)) };
}

test('the SDK is part of the image where the interpreter has it, and the interpreter is told where it lies', async () => {
  const { root, python } = pythonWith((at) => layoutOf(at, ['venv/boto3', 'venv/botocore', 'venv/six.py']));
  const { entries, paths } = await filesOf(python, root);
  expect(paths).toEqual([
    'lib/json/__init__.py',
    'lib/json/__pycache__/__init__.cpython-312.pyc',
    'lib/site-packages/sls-local.pth',
    'python',
    'venv/boto3/__init__.py',
    'venv/botocore/data/sqs/service-2.json',
    'venv/six.py',
  ]);
  const told = entries.find(({ path }) => path.endsWith('.pth'));
  expect(told).toMatchObject({ content: Buffer.from(`${join(root, 'venv')}\n`) });
});

test('an interpreter without the SDK goes without it; copies keep their times', async () => {
  const { root, python } = pythonWith((at) => layoutOf(at, []));
  const { entries, paths } = await filesOf(python, root);
  expect(paths).toEqual(['lib/json/__init__.py', 'lib/json/__pycache__/__init__.cpython-312.pyc', 'python']);
  expect(entries[0]).toMatchObject({ modifiedAt: WRITTEN_AT });
});
