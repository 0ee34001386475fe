/** Runs one thing in the project: in the session that runs there, or else in a short one of its own. */
import type { Ran, ReplayChanges, Replayed } from '../app/session-seam.ts';
import type { DevEvent } from '../model/events.ts';
import type { ProjectChoice } from './project-options.ts';
import { findRunning } from './running.ts';
import { type SessionArguments, sessionOptions } from './session-options.ts';

export interface OneShot {
  /** True when a session was already running. */
  readonly attached: boolean;
  readonly inspect?: string;
  invoke(functionRef: string, event: string): Promise<Ran>;
  replay(id: string, changes: ReplayChanges): Promise<Replayed>;
  /** Settles when a debugger is attached (at once in a running session). */
  debuggerAttached(): Promise<void>;
  close(): Promise<void>;
}

export interface OneShotOptions {
  readonly choice: ProjectChoice;
  readonly session: SessionArguments;
  readonly inspectPort?: number;
  readonly emit: (event: DevEvent) => void;
}

export async function openOneShot(options: OneShotOptions): Promise<OneShot> {
  const running = findRunning(options.choice);
  // A running session that has no debugger's front cannot be stepped through: use one of our own beside it.
  if (running && (options.inspectPort === undefined || running.note.inspect !== undefined)) {
    return {
      attached: true,
      ...(running.note.inspect === undefined ? {} : { inspect: running.note.inspect }),
      invoke: (functionRef, event) => running.post('invoke', { function: functionRef, event }),
      replay: (id, { event, functionId }) => running.post('replay', { id, event, function: functionId }),
      debuggerAttached: async () => {},
      close: async () => {},
    };
  }
  return openOwn(options);
}

async function openOwn({ choice, session, inspectPort, emit }: OneShotOptions): Promise<OneShot> {
  const { openSession } = await import('../app/session.ts');
  let attached: () => void = () => {};
  const whenAttached = new Promise<void>((resolve) => {
    attached = resolve;
  });
  const own = await openSession({
    ...sessionOptions(choice, session),
    httpPort: 0,
    awsPort: 0,
    ...(inspectPort === undefined ? {} : { inspectPort }),
    watch: false,
    eventSources: false,
    emit: (event) => {
      if (event.type === 'debugger' && event.status === 'attached') attached();
      emit(event);
    },
  });
  return {
    attached: false,
    ...(own.status().ready.inspect === undefined ? {} : { inspect: own.status().ready.inspect ?? '' }),
    invoke: own.invoke,
    replay: own.replay,
    debuggerAttached: () => whenAttached,
    close: () => own.close(),
  };
}
