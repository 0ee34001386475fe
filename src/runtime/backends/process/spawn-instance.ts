/** Starts one child process in its own group and follows it to its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { InstanceExit, InstanceHandle } from '../../../model/runtime.ts';
import { messageOf, SlsError } from '../../../std/errors.ts';
import { cpuMsOf } from '../../../std/process-cpu.ts';
import { identityOf } from '../../../std/process-identity.ts';
import { ownMemoryBytes } from '../../../std/process-memory.ts';

export interface SpawnOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Complete: nothing of the host's is added. */
  readonly env: Readonly<Record<string, string>>;
  /** File that says which process this is, for a later session's sweep; removed at its end. */
  readonly note: string;
  /** The program is started by `begin`, in the process that waits for it. */
  readonly heldBack?: boolean;
  /** The program has been started like this already. */
  readonly started?: ChildProcess;
  readonly onLine: (stream: 'stdout' | 'stderr', text: string) => void;
}

export interface ProcessHandle extends InstanceHandle {
  readonly pid: number;
  /** Kills it for the memory it takes. */
  endOutOfMemory(): void;
  /** SIGTERM to the program alone. */
  terminate(): void;
}

/** A process that left the group may hold our pipes; we do not wait for it longer than this. */
const PIPES_GRACE_MS = 200;
/** Of a shell: becomes the program when a line comes in, and ends when none will. */
const WAITING = 'read -r _ || exit 0; exec "$@" </dev/null';

export async function spawnInstance(options: SpawnOptions): Promise<ProcessHandle> {
  const child = options.started ?? startProgram(options);
  // It may have ended before it was begun.
  child.stdin?.on('error', () => {});
  const pid = await pidOf(child, options);
  writeFileSync(options.note, JSON.stringify(identityOf(pid)));

  let outOfMemory = false;
  const follow = (stream: Readable, name: 'stdout' | 'stderr') =>
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (text) => {
      if (text.includes('heap out of memory')) outOfMemory = true;
      options.onLine(name, text);
    });
  if (child.stdout) follow(child.stdout, 'stdout');
  if (child.stderr) follow(child.stderr, 'stderr');

  const exited = new Promise<InstanceExit>((resolve) => {
    let grace: NodeJS.Timeout | undefined;
    let exit: { exitCode: number | null; signal: string | null } = { exitCode: null, signal: null };
    const finish = () => {
      clearTimeout(grace);
      rmSync(options.note, { force: true });
      resolve({ ...exit, outOfMemory });
    };
    child.once('exit', (exitCode, signal) => {
      exit = { exitCode, signal };
      // What it left running ends with it, as it would in the cloud.
      killGroup(pid);
      grace = setTimeout(finish, PIPES_GRACE_MS);
    });
    // After `exit`, when the pipes are drained: the last words have been heard.
    child.once('close', finish);
  });

  return {
    pid,
    exited,
    ...(options.heldBack && { begin: () => void child.stdin?.end('\n') }),
    async kill() {
      killGroup(pid);
      await exited;
    },
    endOutOfMemory() {
      outOfMemory = true;
      killGroup(pid);
    },
    terminate: () => void child.kill('SIGTERM'),
    memoryPeakBytes: async () => memoryPeakOf(pid),
    cpuMs: () => cpuMsOf(pid),
    freeze: () => signalGroup(pid, 'SIGSTOP'),
    thaw: () => signalGroup(pid, 'SIGCONT'),
    memoryBytes: () => ownMemoryBytes(pid),
  };
}

function startProgram({ program, args, cwd, env, heldBack = false }: SpawnOptions): ChildProcess {
  const command = heldBack ? ['/bin/sh', '-c', WAITING, '/bin/sh', program, ...args] : [program, ...args];
  const [file = program, ...rest] = command;
  return spawn(file, rest, {
    cwd,
    env,
    // Its own session and group: the whole tree can be killed, and Ctrl-C in the terminal is for us alone.
    detached: true,
    stdio: [heldBack ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
}

function pidOf(child: ChildProcess, { program }: SpawnOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    if (child.pid !== undefined) return resolve(child.pid);
    child.once('error', (failure) =>
      reject(
        new SlsError('instance-start', `${program} could not be started: ${messageOf(failure)}`, {
          hint: 'check that the program is installed and the folder it starts in exists',
          cause: failure,
        }),
      ),
    );
  });
}

function killGroup(pid: number): void {
  signalGroup(pid, 'SIGKILL');
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in it.
  }
}

/** The kernel's high-water mark of the program; undefined where there is no /proc. */
function memoryPeakOf(pid: number): number | undefined {
  try {
    const kb = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kb === undefined ? undefined : Number(kb) * 1024;
  } catch {
    return undefined;
  }
}
