/** Drives the built command line: starts `dev`, follows its JSON events, runs other commands beside it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { DevEvent, ReadyEvent } from '../../../src/model/events.ts';
import type { InvocationRecord } from '../../../src/model/invocation.ts';

export const repository = resolve(import.meta.dirname, '../../..');
export const cli = join(repository, 'bin/sls-local.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command to its end. */
export async function runCli(
  args: readonly string[],
  options: { cwd?: string; input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: options.cwd ?? repository,
    env: { ...process.env, NO_COLOR: '1', ...options.env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.end(options.input ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

export interface Dev {
  readonly child: ChildProcess;
  readonly ready: ReadyEvent;
  readonly project: string;
  readonly events: readonly DevEvent[];
  /** The first event, past or to come, that matches. */
  until<E extends DevEvent>(matches: (event: DevEvent) => event is E): Promise<E>;
  until(matches: (event: DevEvent) => boolean): Promise<DevEvent>;
  /** The first ended invocation, past or to come, that matches. */
  ended(matches: (record: InvocationRecord) => boolean): Promise<InvocationRecord>;
  /** Drops the events so far; for long runs. */
  forget(): void;
  /** Sends the signal and resolves with the exit code (null when the signal killed it). */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** `sls-local dev --json` on free ports. */
export async function startDev(
  project: string,
  flags: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Dev> {
  const child = spawn(
    process.execPath,
    [cli, 'dev', '-C', project, '--json', '--http-port', '0', '--aws-port', '0', ...flags],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    },
  );
  const events: DevEvent[] = [];
  const looking = new Set<() => void>();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line) as DevEvent);
    for (const look of looking) look();
  });
  const gone = once(child, 'close').then(([code]) => code as number | null);

  const until = (matches: (event: DevEvent) => boolean) =>
    new Promise<DevEvent>((yes, no) => {
      const look = () => {
        const found = events.find(matches);
        if (!found) return;
        looking.delete(look);
        yes(found);
      };
      looking.add(look);
      void gone.then((code) => no(new Error(`dev ended with status ${code}: ${stderr}`)));
      look();
    });
  const ready = (await until((event) => event.type === 'ready')) as ReadyEvent;
  return {
    child,
    ready,
    project,
    events,
    until: until as Dev['until'],
    ended: async (matches) => {
      const event = await until((e) => e.type === 'invocation' && e.status === 'ended' && matches(e.record));
      return (event as Extract<DevEvent, { type: 'invocation' }>).record;
    },
    forget: () => {
      events.length = 0;
    },
    stop: (signal = 'SIGINT') => {
      child.kill(signal);
      return gone;
    },
  };
}

/** A copy of a sample project in a temporary folder, with the repository's packages in reach. */
export function copyProject(name: string): { readonly root: string; remove(): void } {
  const scratch = mkdtempSync(join(tmpdir(), 'sls-local-e2e-'));
  cpSync(join(repository, 'fixtures/projects'), join(scratch, 'projects'), {
    recursive: true,
    filter: (path) => !path.includes('.sls-local'),
  });
  symlinkSync(join(repository, 'node_modules'), join(scratch, 'node_modules'));
  return {
    root: join(scratch, 'projects', name),
    remove: () => rmSync(scratch, { recursive: true, force: true }),
  };
}

/** One HTTP request; the body as JSON where it is. */
export async function ask(
  url: string,
  init: RequestInit = {},
): Promise<{ status: number; headers: Headers; body: unknown }> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
