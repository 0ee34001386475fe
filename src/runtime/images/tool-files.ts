/**
 * The command-line tools of the provider's images, which wrapper scripts and bootstraps written as scripts rely on: those of them
 * this machine has, with what they load.
 */
import { existsSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { scriptInterpreterOf } from '../script-interpreter.ts';
import type { FileTree } from './file-tree.ts';
import { linksOf } from './shared-libraries.ts';

/** Of most systems, and of NixOS. */
const TOOL_FOLDERS = ['/usr/bin', '/bin', '/run/current-system/sw/bin'];

/** Scripts name them by either. */
const PLACES = ['/usr/bin', '/bin'];

/** The last ones are of coreutils; some systems have all of them in the one program of the name. */
const TOOLS = `
  bash curl grep egrep fgrep sed awk gawk find xargs tar gzip gunzip zcat
  coreutils [ base64 basename cat chmod chown cksum comm cp cut date dd df dirname du echo env expand expr false fold
  groups head id install join link ln ls md5sum mkdir mkfifo mktemp mv nice nl nohup nproc numfmt od paste printenv
  printf pwd readlink realpath rm rmdir seq sha1sum sha256sum sha512sum shuf sleep sort split stat sync tac tail tee
  test timeout touch tr true truncate tty uname uniq unlink wc whoami yes
`
  .trim()
  .split(/\s+/);

interface Tool {
  readonly name: string;
  /** What its name leads to on this machine, which may be one program for many. */
  readonly file: string;
  /** The name of the tool a script is run by. */
  readonly runBy?: string;
}

/** Adds each under its name, and what it loads; left out are those that could not run. */
export async function addToolFiles(tree: FileTree, folders: readonly string[] = TOOL_FOLDERS): Promise<void> {
  const tools = TOOLS.flatMap((name) => findTool(name, folders) ?? []);
  const programs = new Set(tools.filter(({ runBy }) => runBy === undefined).map(({ file }) => file));
  const links = await linksOf([...programs]);
  const runs = ({ file, runBy }: Tool): boolean =>
    runBy === undefined
      ? links.get(file)?.missing.length === 0
      : runBy === 'sh' || tools.some((tool) => tool.name === runBy && tool.runBy === undefined && runs(tool));
  for (const tool of tools.filter(runs)) {
    tree.copy(tool.file);
    for (const place of PLACES) tree.symlink(join(place, tool.name), tool.file);
    for (const library of links.get(tool.file)?.found ?? []) tree.copy(library);
  }
}

function findTool(name: string, folders: readonly string[]): Tool | undefined {
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) return undefined;
  const file = realpathSync(found);
  const interpreter = scriptInterpreterOf(file);
  return { name, file, ...(interpreter && { runBy: basename(interpreter.program) }) };
}
