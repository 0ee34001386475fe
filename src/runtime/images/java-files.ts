/** The files of an image for Java functions: the runtime of this machine's JDK, and what its settings link to. */
import { existsSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { FileTree } from './file-tree.ts';

/** For developers, or for screens. */
const LEFT_OUT =
  /\/(jmods|include|man|docs|demo|sample|legal|src\.zip|ct\.sym|classlist|lib(awt_xawt|splashscreen|jsound|atk-wrapper|saproc|fontmanager|freetype|mlib_image|lcms|javajpeg|awt_headless)\.so|jexec|jfr)$|\.(diz|debuginfo)$/;

/** By which a JVM reads the names of files; see `JAVA_LOCALE`. */
const LOCALE = '/usr/lib/locale/C.utf8';

/** Adds the runtime; returns the programs whose libraries are still to be added. */
export function addJavaFiles(tree: FileTree, java: string): readonly string[] {
  const program = realpathSync(java);
  const home = dirname(dirname(program));
  const isLeftOut = (path: string) =>
    LEFT_OUT.test(path) || (path.startsWith(`${home}/bin/`) && path !== program);
  tree.copyFolder(home, isLeftOut);
  for (const target of linksOutOf(home, isLeftOut)) copyAll(tree, target);
  if (existsSync(LOCALE)) tree.copyFolder(LOCALE, () => false);
  for (const path of ['/var/lang/bin/java', '/usr/local/bin/java']) tree.symlink(path, program);
  const native = tree.entries().filter(({ kind, path }) => kind === 'copy' && path.endsWith('.so'));
  return [program, ...native.map(({ path }) => path)];
}

/** Systems keep settings and certificates elsewhere, and link to them. */
function linksOutOf(folder: string, skip: (path: string) => boolean): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (skip(path)) return [];
    if (entry.isDirectory()) return linksOutOf(path, skip);
    return entry.isSymbolicLink() ? [resolve(folder, readlinkSync(path))] : [];
  });
}

function copyAll(tree: FileTree, target: string): void {
  const found = statSync(target, { throwIfNoEntry: false });
  if (found?.isDirectory()) tree.copyFolder(target, () => false);
  else tree.copy(target);
}
