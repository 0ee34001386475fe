/** Runs one thing in the project: in the session that runs there, or else in a short one of its own. */
import { get } from 'node:http';
import type { Ran, ReplayChanges, Replayed } from '../app/session-seam.ts';
import type { ColdStartReport } from '../coldstart/report.ts';
import { ATTACHED_PATH } from '../debug/target-list.ts';
import type { DevEvent } from '../model/events.ts';
import { SlsError } from '../std/errors.ts';
import type { ProjectChoice } from './project-options.ts';
import { findRunning, type RunningSession } from './running.ts';
import { type SessionArguments, sessionOptions } from './session-options.ts';

export interface OneShot {
  /** True when a session was already running. */
  readonly attached: boolean;
  readonly inspect?: string;
  invoke(functionRef: string, event: string): Promise<Ran>;
  replay(id: string, changes: ReplayChanges): Promise<Replayed>;
  coldStart(functionRef: string, runs: number): Promise<ColdStartReport>;
  /** Settles when a debugger is attached and has set its breakpoints: at once when one is already. */
  debuggerAttached(): Promise<void>;
  close(): Promise<void>;
}

export interface OneShotOptions {
  readonly choice: ProjectChoice;
  readonly session: SessionArguments;
  readonly inspectPort?: number;
  readonly emit: (event: DevEvent) => void;
}

/** Throws `SlsError` `session-without-debugger` when a debugger is wanted and the running session offers none. */
export async function openOneShot(options: OneShotOptions): Promise<OneShot> {
  const running = findRunning(options.choice);
  return running ? joinRunning(running, options.inspectPort) : openOwn(options);
}

function joinRunning(running: RunningSession, inspectPort: number | undefined): OneShot {
  const { inspect, pid } = running.note;
  if (inspectPort !== undefined && inspect === undefined)
    throw new SlsError(
      'session-without-debugger',
      `the session that runs here (process ${pid}) was started without --inspect`,
      { hint: 'stop it and start it with: sls-local dev --inspect' },
    );
  return {
    attached: true,
    ...(inspect === undefined ? {} : { inspect }),
    invoke: (functionRef, event) => running.post('invoke', { function: functionRef, event }),
    replay: (id, { event, functionId }) => running.post('replay', { id, event, function: functionId }),
    coldStart: (functionRef, runs) => running.post('coldstart', { function: functionRef, runs }),
    debuggerAttached: () => debuggerAt(inspect),
    close: async () => {},
  };
}

async function openOwn({ choice, session, inspectPort, emit }: OneShotOptions): Promise<OneShot> {
  const { openSession } = await import('../app/session.ts');
  const asked = sessionOptions(choice, session);
  const ports = { httpPort: 0, awsPort: 0 };
  const own = await openSession({
    ...asked,
    flags: { ...asked.flags, ...ports },
    ...ports,
    ...(inspectPort === undefined ? {} : { inspectPort }),
    watch: false,
    eventSources: false,
    emit,
  });
  const { inspect } = own.status().ready;
  return {
    attached: false,
    ...(inspect === undefined ? {} : { inspect }),
    invoke: own.invoke,
    replay: own.replay,
    coldStart: own.coldStart,
    debuggerAttached: () => debuggerAt(inspect),
    close: () => own.close(),
  };
}

/** The debugger's front answers when one is there; nothing to wait for without a front. */
function debuggerAt(inspect: string | undefined): Promise<void> {
  if (inspect === undefined) return Promise.resolve();
  return new Promise((resolve, reject) => {
    get(`http://${inspect}${ATTACHED_PATH}`, { agent: false }, (response) => {
      response.resume();
      resolve();
    }).on('error', (cause) =>
      reject(new SlsError('session-unreachable', `the session at ${inspect} ended`, { cause })),
    );
  });
}
