/** Tells whoever waits for a debugger when one is there and has set its breakpoints in the instances that run already. */
import { makeSignal } from './debug-session.ts';

export interface Visit {
  /** The debugger sent a command. */
  spoke(): void;
  left(): void;
}

export interface Attendance {
  /** A debugger has connected; `setUp` settles when it has told the instances that they may go on. */
  came(setUp: Promise<unknown>): Visit;
  /** Settles when some debugger is set up: at once when one is already. */
  readonly present: () => Promise<void>;
}

export interface AttendanceOptions {
  /** A debugger that has said nothing for so long has done what it does on attaching. */
  readonly quietMs: number;
  /** At the latest so long after it came. */
  readonly setUpMs: number;
}

/** Debuggers read source maps after they let a running instance go on, and set breakpoints then: hence the wait for quiet. */
export function makeAttendance({ quietMs, setUpMs }: AttendanceOptions): Attendance {
  const here = new Set<object>();
  let arrival = makeSignal();

  return {
    came(setUp) {
      const me = {};
      let quiet: NodeJS.Timeout | undefined;
      let isSetUp = false;
      let gone = false;
      const arrived = () => {
        clearTimeout(latest);
        here.add(me);
        arrival.settle();
      };
      const latest = setTimeout(arrived, setUpMs);
      const listen = () => {
        clearTimeout(quiet);
        if (isSetUp && !gone && !here.has(me)) quiet = setTimeout(arrived, quietMs);
      };
      void setUp.then(() => {
        isSetUp = true;
        listen();
      });
      return {
        spoke: listen,
        left() {
          gone = true;
          clearTimeout(latest);
          clearTimeout(quiet);
          if (here.delete(me) && here.size === 0) arrival = makeSignal();
        },
      };
    },
    present: () => arrival.done,
  };
}
