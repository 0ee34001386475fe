/** The processes of a container as this machine sees them, where its kernel is this machine's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from './engine.ts';

/** Resolves with a way to list their ids, or undefined when they cannot be seen from here. */
export async function findProcesses(
  engine: Engine,
  id: string,
): Promise<(() => readonly number[]) | undefined> {
  const [facts, state] = await Promise.all([engine.facts(), engine.inspect(id)]);
  if (!facts.sameKernel || state.pid === 0) return undefined;
  const group = groupOf(readText(`/proc/${state.pid}/cgroup`), id);
  if (group === undefined) return undefined;
  const file = join('/sys/fs/cgroup', group, 'cgroup.procs');
  const list = () => readText(file).split('\n').filter(Boolean).map(Number);
  return list().length === 0 ? undefined : list;
}

/** Lines are `id:controllers:path`; version 2 has the single line `0::path`, version 1 mounts each controller apart. */
function groupOf(text: string, id: string): string | undefined {
  const lines = text.split('\n').map((line) => line.split(':'));
  const own = (path: string | undefined) => (path?.includes(id) ? path : undefined);
  const legacy = own(lines.find(([, controllers]) => controllers === 'memory')?.[2]);
  return legacy === undefined
    ? own(lines.find(([, controllers]) => controllers === '')?.[2])
    : join('memory', legacy);
}

/** These files are the kernel's: reading them waits for no disk. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
