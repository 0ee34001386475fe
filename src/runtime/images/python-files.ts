/** The files of an image for Python functions: this machine's interpreter, its standard library and what that loads. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { FileTree } from './file-tree.ts';
import type { TarEntry } from './tar.ts';

interface Layout {
  readonly executable: string;
  /** Folders of the standard library. */
  readonly folders: readonly string[];
}

const ASK = `
import json, os, sys, sysconfig
paths = sysconfig.get_paths()
print(json.dumps({
  "executable": os.path.realpath(sys.executable),
  "folders": sorted({os.path.realpath(paths["stdlib"]), os.path.realpath(paths["platstdlib"])}),
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
  return [
    layout.executable,
    ...tree
      .entries()
      .filter(isExtensionModule)
      .map(({ path }) => path),
  ];
}

function isExtensionModule(entry: TarEntry): boolean {
  return entry.kind === 'copy' && entry.path.endsWith('.so');
}
