/** The AWS SDK that the cloud's Node.js brings along, for packages that run as they are: the project's own, where it has one. */
import { mkdirSync, readlinkSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FunctionSpec } from '../model/project.ts';

/** What code may name of version 3; what these need themselves they find where they lie. */
const SCOPES = ['@aws-sdk', '@smithy'];
/** The first that brings version 3. */
const FIRST_MAJOR = 18;

/**
 * Lets code in folders of `above` find the SDK that is installed for the project in `root`, or above it. Answers the folders
 * the code then reads besides its own.
 */
export function provideSdk({ runtime }: FunctionSpec, above: string, root: string): readonly string[] {
  if (!(Number(/^nodejs(\d+)/.exec(runtime)?.[1]) >= FIRST_MAJOR)) return [];
  const installed = installedAt(root);
  if (installed === undefined) return [];
  const links = join(above, 'node_modules');
  mkdirSync(links, { recursive: true });
  for (const scope of SCOPES) link(join(installed, scope), join(links, scope));
  return [links, realpathSync(installed)];
}

function installedAt(root: string): string | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (isFolder(join(modules, '@aws-sdk'))) return modules;
    if (dirname(folder) === folder) return undefined;
  }
}

function link(target: string, path: string): void {
  if (!isFolder(target) || targetOf(path) === target) return;
  rmSync(path, { force: true });
  symlinkSync(target, path, 'junction');
}

function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
