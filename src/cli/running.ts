/** Talks to a session that runs in the project folder, through its control API. */
import { request } from 'node:http';
import { runningSession, type SessionNote, stateFolderOf } from '../app/state-folder.ts';
import type { DevEvent } from '../model/events.ts';
import { SlsError } from '../std/errors.ts';
import { chooseProject, type ProjectArguments, type ProjectChoice } from './project-options.ts';

export interface RunningSession {
  readonly note: SessionNote;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** Calls back for each event until the session ends (then resolves) or `signal` aborts. */
  follow(onEvent: (event: DevEvent) => void, signal?: AbortSignal): Promise<void>;
}

/** The session that runs for this project, or undefined. */
export function findRunning(choice: ProjectChoice): RunningSession | undefined {
  const note = runningSession(stateFolderOf(choice.root, choice.stateFolder));
  if (!note || note.aws === '') return undefined;
  return {
    note,
    get: (path) => call(note, 'GET', path),
    post: (path, body) => call(note, 'POST', path, body),
    follow: (onEvent, signal) => follow(note, onEvent, signal),
  };
}

/** The session that runs for this project. Throws `SlsError` code `no-session`. */
export function needRunning(args: ProjectArguments): RunningSession {
  const choice = chooseProject(args);
  const running = findRunning(choice);
  if (running) return running;
  throw new SlsError('no-session', `no session is running in ${choice.root}`, {
    hint: 'start one with: sls-local dev',
  });
}

function call<T>(note: SessionNote, method: string, path: string, body?: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${note.aws}/_sls-local/${path}`,
      { method, headers: { 'content-type': 'application/json', 'x-sls-local': 'cli' } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answered = JSON.parse(Buffer.concat(chunks).toString() || '{}') as T & {
            error?: { code: string; message: string; hint?: string };
          };
          if (response.statusCode === 200) return resolve(answered);
          const { code = 'control', message = `status ${response.statusCode}`, hint } = answered.error ?? {};
          reject(new SlsError(code, message, hint ? { hint } : {}));
        });
      },
    );
    sent.on('error', (cause) =>
      reject(
        new SlsError('session-unreachable', `the session at ${note.aws} does not answer`, {
          hint: 'stop it and start it again',
          cause,
        }),
      ),
    );
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function follow(note: SessionNote, onEvent: (event: DevEvent) => void, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(`${note.aws}/_sls-local/events`, signal ? { signal } : {}, (response) => {
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        const messages = (rest + text).split('\n\n');
        rest = messages.pop() ?? '';
        for (const message of messages)
          if (message.startsWith('data: ')) onEvent(JSON.parse(message.slice(6)) as DevEvent);
      });
      response.on('close', resolve);
    });
    sent.on('error', (failure) => (signal?.aborted ? resolve() : reject(failure)));
    sent.end();
  });
}
