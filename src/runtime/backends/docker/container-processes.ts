/** The control group of a container as this machine sees it, where its kernel is this machine's. */
import { foldersOf, type KernelCounts, openKernelCounts, processesIn } from './control-group.ts';
import type { Engine } from './engine.ts';
import { readText } from './kernel-file.ts';

export interface SeenContainer {
  /** Ids of its processes. */
  readonly processes: () => readonly number[];
  readonly counts: KernelCounts;
}

/** Undefined when it cannot be seen from here. The caller closes `counts`. */
export async function findContainer(engine: Engine, id: string): Promise<SeenContainer | undefined> {
  const [facts, state] = await Promise.all([engine.facts(), engine.inspect(id)]);
  if (!facts.sameKernel || state.pid === 0) return undefined;
  const folders = foldersOf(readText(`/proc/${state.pid}/cgroup`), id);
  if (!folders || processesIn(folders).length === 0) return undefined;
  return { processes: () => processesIn(folders), counts: openKernelCounts(folders) };
}
