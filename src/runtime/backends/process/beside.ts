/** The extensions of a function that is a child process: child processes too, each in a group of its own. */
import { dirname } from 'node:path';
import type { Clock } from '../../../model/platform.ts';
import type { Beside } from '../../../model/runtime.ts';
import { messageOf, SlsError } from '../../../std/errors.ts';
import { isForeignProgram } from './foreign-program.ts';
import { type ProcessHandle, spawnInstance } from './spawn-instance.ts';

export interface BesideOptions {
  readonly runtime: ProcessHandle;
  readonly clock: Clock;
  /** Of every child: PATH, HOME, TMPDIR. */
  readonly env: Readonly<Record<string, string>>;
  /** Beginning of the files that say which processes these are; see `SpawnOptions.note`. */
  readonly note: string;
  /** Told of each process that is started. */
  readonly onStart: (handle: ProcessHandle) => void;
  /** Told once, when the instance begins to end, of what still runs beside the runtime. */
  readonly onEnding: (beside: readonly ProcessHandle[]) => void;
}

/** The handle of the runtime, which now ends with everything beside it. */
export function withBeside(options: BesideOptions): ProcessHandle {
  const { runtime, clock, env, note, onStart } = options;
  const running = new Set<ProcessHandle>();
  let killed = false;
  let ending = false;

  const beginEnd = () => {
    if (ending) return;
    ending = true;
    options.onEnding([...running]);
  };
  void runtime.exited.then(beginEnd);

  const beside: Beside = {
    endsWithRuntime: false,
    address: async () => '127.0.0.1',
    async terminateRuntime() {
      beginEnd();
      runtime.terminate();
    },
    async start(program, onLog) {
      // It cannot be expected to run here; anything else is what the platform would tell too.
      if (isForeignProgram(program.file))
        throw new SlsError('extension-not-here', `${program.file} is made for another system or processor`, {
          hint: 'run with --backend docker',
        });
      const handle = await spawnInstance({
        program: program.file,
        args: [],
        // Of its layer, which stands for /opt.
        cwd: dirname(dirname(program.file)),
        env: { ...env, ...program.env },
        note: `${note}-${program.name}`,
        onLine: (stream, text) => onLog({ at: clock.now(), stream, text }),
      }).catch((failure: unknown) => {
        throw launchFailure(program.file, failure);
      });
      running.add(handle);
      onStart(handle);
      void handle.exited.then(() => running.delete(handle));
      if (killed) await handle.kill();
      return handle;
    },
  };

  return {
    ...runtime,
    beside,
    async kill() {
      killed = true;
      beginEnd();
      await Promise.all([runtime.kill(), ...[...running].map((handle) => handle.kill())]);
    },
  };
}

function launchFailure(file: string, failure: unknown): SlsError {
  const cause = failure instanceof SlsError ? failure.cause : failure;
  return new SlsError('extension-launch', `${file} could not be started: ${messageOf(cause)}`, {
    cause: failure,
  });
}
