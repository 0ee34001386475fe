/** Stops the processes of a container between events and lets them go on, without the engine where that can be. */
import type { Clock, Timer } from '../../../model/platform.ts';
import { ownMemoryBytes } from '../../../std/process-memory.ts';
import type { Engine } from './engine.ts';

export interface Freeze {
  freeze(): void;
  thaw(): void;
  /** Undefined where the processes cannot be seen. */
  memoryBytes(): number | undefined;
}

/** Pausing through the engine takes 10 ms each way: only a container that is left alone for longer is paused so. */
const PAUSE_AFTER_MS = 1000;

/**
 * A signal to each process takes 0.05 ms; it needs the same kernel and processes of our own user. Elsewhere the engine
 * pauses the container. `processes`: undefined where they cannot be seen.
 */
export function makeFreeze(
  engine: Engine,
  id: string,
  clock: Pick<Clock, 'after'>,
  processes: Promise<(() => readonly number[]) | undefined>,
): Freeze {
  let list: (() => readonly number[]) | undefined;
  let stopped: readonly number[] = [];
  let wanted = false;
  let paused = false;
  let timer: Timer | undefined;
  let engineCalls = Promise.resolve();
  const known = processes.then(
    (found) => {
      list = found;
    },
    () => {},
  );

  const stop = () => {
    if (!wanted) return;
    const found = list && stopAll(list);
    if (found) stopped = found;
    else timer ??= clock.after(PAUSE_AFTER_MS, () => pause(true));
  };

  const pause = (value: boolean) => {
    timer = undefined;
    paused = value;
    engineCalls = engineCalls.then(() => engine.pause(id, value)).catch(() => {});
  };

  return {
    freeze() {
      wanted = true;
      if (list) stop();
      else void known.then(stop);
    },
    thaw() {
      wanted = false;
      timer?.cancel();
      timer = undefined;
      for (const pid of stopped) signal(pid, 'SIGCONT');
      stopped = [];
      if (paused) pause(false);
    },
    memoryBytes: () => list?.().reduce((sum, pid) => sum + ownMemoryBytes(pid), 0),
  };
}

/** What is born while the others are being stopped is found by looking again. Undefined where they are not ours to stop. */
function stopAll(list: () => readonly number[]): readonly number[] | undefined {
  const stopped = new Set<number>();
  for (let before = -1; before < stopped.size; ) {
    before = stopped.size;
    for (const pid of list()) {
      if (stopped.has(pid)) continue;
      if (!signal(pid, 'SIGSTOP')) {
        for (const other of stopped) signal(other, 'SIGCONT');
        return undefined;
      }
      stopped.add(pid);
    }
  }
  return [...stopped];
}

/** False when it is not allowed; a process that is gone is as good as stopped. */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (failure) {
    return (failure as NodeJS.ErrnoException).code !== 'EPERM';
  }
}
