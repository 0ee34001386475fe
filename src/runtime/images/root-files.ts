/** Everything in the root file system of an image made from this machine's own runtime. */
import { basename } from 'node:path';
import { addBaseFiles } from './base-files.ts';
import { addDotnetFiles } from './dotnet-files.ts';
import { makeFileTree } from './file-tree.ts';
import type { Interpreter } from './interpreter.ts';
import { addJavaFiles } from './java-files.ts';
import { addNodeFiles } from './node-files.ts';
import { addPythonFiles } from './python-files.ts';
import { addRubyFiles } from './ruby-files.ts';
import { sharedLibrariesOf } from './shared-libraries.ts';
import type { TarEntry } from './tar.ts';
import { addToolFiles } from './tool-files.ts';

export interface ImageUser {
  readonly uid: number;
  readonly gid: number;
}

/** Sorted entries. Throws `SlsError` `image-not-made`. */
export async function collectRootFiles(
  interpreter: Interpreter,
  { uid, gid }: ImageUser,
): Promise<readonly TarEntry[]> {
  const tree = makeFileTree();
  const base = addBaseFiles(tree, uid, gid);
  const own = await addInterpreter(tree, interpreter);
  const carried = new Set(own.map((file) => basename(file)));
  const [libraries] = await Promise.all([sharedLibrariesOf([...base, ...own], carried), addToolFiles(tree)]);
  for (const library of libraries) tree.copy(library);
  return tree.entries();
}

async function addInterpreter(
  tree: ReturnType<typeof makeFileTree>,
  interpreter: Interpreter,
): Promise<readonly string[]> {
  switch (interpreter.kind) {
    case 'node':
      return addNodeFiles(tree, interpreter.file);
    case 'python':
      return addPythonFiles(tree, interpreter.file);
    case 'ruby':
      return addRubyFiles(tree, interpreter.file);
    case 'java':
      return addJavaFiles(tree, interpreter.file);
    case 'dotnet':
      return addDotnetFiles(tree, interpreter.file, interpreter.runtime);
    case 'none':
      return [];
  }
}
