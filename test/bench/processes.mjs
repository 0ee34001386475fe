// @ts-check
/** Starts sls-local and its peers as child processes and waits until they answer. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect, createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const cli = resolve(repository, 'bin/sls-local.js');

/** @typedef {{ child: import('node:child_process').ChildProcess, stop(): Promise<void> }} Running */

/**
 * `sls-local dev --json` in `root`; resolves with its ready object.
 * @param {string} root
 * @param {string[]} [flags]
 * @returns {Promise<Running & { ready: { http: string, aws: string, backend: string, inspect?: string }, events: (listener: (event: any) => void) => void }>}
 */
export async function startDev(root, flags = []) {
  const child = spawn(
    process.execPath,
    [cli, 'dev', '--dir', root, '--json', '--http-port', '0', '--aws-port', '0', ...flags],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  /** @type {((event: any) => void)[]} */
  const listeners = [];
  const ready = new Promise((yes, no) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line);
      if (event.type === 'ready') yes(event);
      for (const listener of listeners) listener(event);
    });
    child.once('exit', (code) =>
      no(new Error(`sls-local dev ended with status ${code} before it was ready`)),
    );
  });
  return {
    child,
    ready: await ready,
    events: (listener) => void listeners.push(listener),
    stop: () => stop(child),
  };
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Running}
 */
export function startProgram(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore'], detached: true, ...options });
  return { child, stop: () => stop(child, true) };
}

/** @param {import('node:child_process').ChildProcess} child */
async function stop(child, group = false) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  if (group && child.pid) process.kill(-child.pid, 'SIGTERM');
  else child.kill('SIGTERM');
  const hard = setTimeout(
    () => (group && child.pid ? process.kill(-child.pid, 'SIGKILL') : child.kill('SIGKILL')),
    8000,
  );
  await gone;
  clearTimeout(hard);
}

/**
 * Asks again and again until the answer is a 2xx; milliseconds it took.
 * @param {string} url
 * @param {number} [withinMs]
 */
export async function untilAnswered(url, withinMs = 60_000) {
  const startedAt = performance.now();
  while (performance.now() - startedAt < withinMs) {
    if (await answers(url)) return performance.now() - startedAt;
    await new Promise((again) => setTimeout(again, 5));
  }
  throw new Error(`${url} did not answer within ${withinMs} ms`);
}

/** @param {string} url */
function answers(url) {
  return new Promise((yes) => {
    const sent = get(url, { agent: false }, (response) => {
      response.resume();
      yes((response.statusCode ?? 500) < 300);
    });
    sent.on('error', () => yes(false));
  });
}

/** Resolves when something listens on that port of this machine. @param {number} port */
export async function untilConnected(port, withinMs = 60_000) {
  const startedAt = performance.now();
  while (performance.now() - startedAt < withinMs) {
    const socket = connect({ host: '127.0.0.1', port });
    const connected = await new Promise((yes) => {
      socket.once('connect', () => yes(true));
      socket.once('error', () => yes(false));
    });
    socket.destroy();
    if (connected) return;
    await new Promise((again) => setTimeout(again, 5));
  }
  throw new Error(`nothing listened on port ${port} within ${withinMs} ms`);
}

/** Processor time a process has used, its threads included and its children not; NaN where there is no /proc. @param {number | undefined} pid */
export function processorMicros(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  } catch {
    return Number.NaN;
  }
}

/** @returns {Promise<number>} */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  return port;
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
