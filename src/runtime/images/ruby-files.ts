/** The files of an image for Ruby functions: this machine's interpreter, its library, its own gems and what they load. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { FileTree } from './file-tree.ts';

interface Layout {
  readonly executable: string;
  /** Folders of the library and of gems that come with it. */
  readonly folders: readonly string[];
}

/** Gems a user installed for themselves are none of the runtime's. */
const ASK = `
require 'json'
folders = $LOAD_PATH + Gem.path.reject { |path| path.start_with?(Dir.home, '/usr/local', '/var') }
folders << Gem.default_dir
folders = folders.select { |path| File.directory?(path) }.map { |path| File.realpath(path) }.uniq
puts JSON.generate(executable: File.realpath(RbConfig.ruby), folders: folders)`;

/** Not needed to run functions. */
const LEFT_OUT = /\/(doc|ri|cache|test|spec|rbs-[^/]+|debug-[^/]+|typeprof-[^/]+)$|\.a$/;

/** Adds the interpreter; returns the programs whose libraries are still to be added. */
export async function addRubyFiles(tree: FileTree, ruby: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(ruby, ['-e', ASK]);
  const layout = JSON.parse(stdout) as Layout;
  tree.copy(layout.executable);
  for (const path of ['/var/lang/bin/ruby', '/usr/local/bin/ruby']) tree.symlink(path, layout.executable);
  for (const folder of layout.folders.filter(existsSync))
    tree.copyFolder(folder, (path) => LEFT_OUT.test(path));
  const native = tree.entries().filter(({ kind, path }) => kind === 'copy' && path.endsWith('.so'));
  return [layout.executable, ...native.map(({ path }) => path)];
}
