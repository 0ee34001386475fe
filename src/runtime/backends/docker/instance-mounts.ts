/** Which folders of this machine an instance sees, and where. */
import { sep } from 'node:path';
import type { InstanceSpec } from '../../../model/runtime.ts';
import type { BindMount } from './engine.ts';

/**
 * `folders` (the project) and the artifact appear read-only at the path they have here, so that source maps and
 * breakpoints need no translation; the artifact is /var/task besides, and `optDir` is /opt.
 */
export function mountsOfInstance(
  spec: InstanceSpec,
  folders: readonly string[],
  optDir: string | undefined,
): readonly BindMount[] {
  // An image of the function's own has its code at /var/task already.
  const code = spec.fn.image === undefined ? [spec.artifact.dir] : [];
  const samePath = outermost([...folders, ...code, ...spec.fn.layers].filter((path) => path !== sep));
  const wanted: BindMount[] = [
    ...spec.mounts,
    ...code.map((dir) => ({ source: dir, target: '/var/task', readOnly: true })),
    ...(optDir === undefined ? [] : [{ source: optDir, target: '/opt', readOnly: true }]),
    ...samePath.map((path) => ({ source: path, target: path, readOnly: true })),
  ];
  const targets = new Set<string>();
  return wanted.filter(({ target }) => !targets.has(target) && targets.add(target));
}

/** Drops the folders that lie inside another one of the list. */
function outermost(paths: readonly string[]): readonly string[] {
  const unique = [...new Set(paths)];
  return unique.filter((path) => !unique.some((other) => path.startsWith(other + sep)));
}
