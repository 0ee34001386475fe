/**
 * The files of an image for Python functions: this machine's interpreter, its standard library and what that loads, and
 * the AWS SDK where the interpreter has it, which is part of the provider's runtimes.
 */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { FileTree } from './file-tree.ts';
import type { TarEntry } from './tar.ts';

interface Layout {
  readonly executable: string;
  /** Folders of the standard library. */
  readonly folders: readonly string[];
  /** Folders and files of the AWS SDK and what it needs, wherever this machine has them. */
  readonly sdk: readonly string[];
  /** The folder for packages in which the interpreter itself looks. */
  readonly packages: string;
}

const ASK = `
import json, os, sys, sysconfig
from importlib.util import find_spec
paths = sysconfig.get_paths()
def places(name):
    spec = find_spec(name)
    if spec is None: return []
    return list(spec.submodule_search_locations or [spec.origin])
names = "boto3 botocore s3transfer jmespath dateutil six urllib3".split()
print(json.dumps({
  "executable": os.path.realpath(sys.executable),
  "folders": sorted({os.path.realpath(paths["stdlib"]), os.path.realpath(paths["platstdlib"])}),
  "packages": sysconfig.get_path("purelib", vars={"base": sys.base_prefix}),
  "sdk": [place for name in names for place in places(name)] if find_spec("boto3") else [],
}))`;

/** Not needed to run functions, and half of the size. */
const LEFT_OUT =
  /\/(test|tests|idlelib|tkinter|turtledemo|ensurepip|lib2to3|site-packages|dist-packages|config-[^/]+)$|\.opt-[12]\.pyc$|\.a$/;

/** Adds the interpreter; returns the programs whose libraries are still to be added. */
export async function addPythonFiles(tree: FileTree, python: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(python, ['-I', '-c', ASK]);
  const layout = JSON.parse(stdout) as Layout;
  tree.copy(layout.executable);
  for (const path of ['/var/lang/bin/python3', '/usr/local/bin/python3'])
    tree.symlink(path, layout.executable);
  for (const folder of layout.folders) tree.copyFolder(folder, (path) => LEFT_OUT.test(path));
  addSdk(tree, layout);
  return [
    layout.executable,
    ...tree
      .entries()
      .filter(isExtensionModule)
      .map(({ path }) => path),
  ];
}

/** In a virtual environment or beside the distribution's own packages, so that the interpreter is told where. */
function addSdk(tree: FileTree, { sdk, packages }: Layout): void {
  for (const path of sdk)
    if (path.endsWith('.py')) tree.copy(path);
    else tree.copyFolder(path, (inside) => LEFT_OUT.test(inside));
  const folders = new Set(sdk.map((path) => dirname(path)));
  if (folders.size > 0) tree.text(join(packages, 'sls-local.pth'), [...folders, ''].join('\n'));
}

function isExtensionModule(entry: TarEntry): boolean {
  return entry.kind === 'copy' && entry.path.endsWith('.so');
}
