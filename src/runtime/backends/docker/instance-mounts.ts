/** Which folders of this machine an instance sees, and where. */
import { sep } from 'node:path';
import type { InstanceSpec } from '../../../model/runtime.ts';
import type { BindMount } from './engine.ts';

/** The folders of the code itself. */
export interface CodeFolders {
  /** Visible at the path they have here. */
  readonly seen: readonly string[];
  /** What is /var/task. */
  readonly task: string;
}

/**
 * `folders` (the project), the artifact and what it reads besides appear read-only at the path they have here, so that source maps and
 * breakpoints need no translation; the artifact is /var/task besides, and `optDir` is /opt.
 */
export function mountsOfInstance(
  spec: InstanceSpec,
  folders: readonly string[],
  optDir: string | undefined,
  code: CodeFolders = codeFoldersOf(spec),
): readonly BindMount[] {
  // An image of the function's own has its code at /var/task already.
  const task = spec.fn.image === undefined ? [code.task] : [];
  const wanted: BindMount[] = [
    ...spec.mounts,
    ...task.map((dir) => ({ source: dir, target: '/var/task', readOnly: true })),
    ...(optDir === undefined ? [] : [{ source: optDir, target: '/opt', readOnly: true }]),
    ...samePathFolders(spec, folders, code).map((path) => ({ source: path, target: path, readOnly: true })),
  ];
  const targets = new Set<string>();
  return wanted.filter(({ target }) => !targets.has(target) && targets.add(target));
}

/** The folders that appear at the path they have here. */
export function samePathFolders(
  { fn }: InstanceSpec,
  folders: readonly string[],
  code: CodeFolders,
): readonly string[] {
  const seen = fn.image === undefined ? code.seen : [];
  return outermost([...folders, ...seen, ...fn.layers].filter((path) => path !== sep));
}

function codeFoldersOf({ artifact }: InstanceSpec): CodeFolders {
  return { seen: [artifact.dir, ...(artifact.reads ?? [])], task: artifact.dir };
}

/** Drops the folders that lie inside another one of the list. */
function outermost(paths: readonly string[]): readonly string[] {
  const unique = [...new Set(paths)];
  return unique.filter((path) => !unique.some((other) => path.startsWith(other + sep)));
}
