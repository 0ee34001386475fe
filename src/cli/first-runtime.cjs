// @ts-check
'use strict';
/**
 * Starts a Node.js runtime for the first function before the command line itself is loaded, so that it is up when the project
 * has been read. It waits to be told where its host listens, and ends with this process. If it does not fit, it is ended unused.
 */
const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const { tmpdir } = require('node:os');

const major = Number(process.versions.node.split('.')[0]);
/** Of stdio: where it is told its host. */
const TOLD_AT = 3;

/**
 * Undefined where it is not likely to be wanted.
 * @param {readonly string[]} argv
 * @param {string} bootstrap absolute file: process 1 of a Node.js instance
 */
function startFirstRuntime(argv, bootstrap) {
  if (!runsProcesses(argv)) return undefined;
  const program = process.execPath;
  const args = [bootstrap];
  // What the process backend gives a function that says nothing about it: it takes a runtime of just these variables.
  const env = {
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: process.env.HOME ?? tmpdir(),
    TMPDIR: tmpdir(),
    ...extraCertificates(),
    SLS_LOCAL_ELSEWHERE: '1',
    SLS_LOCAL_LINE: `fd:${TOLD_AT}`,
  };
  const child = spawn(program, args, {
    cwd: tmpdir(),
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  child.once('error', () => {});
  const streams = [child, ...child.stdio];
  for (const one of streams) /** @type {any} */ (one)?.unref?.();
  const line = /** @type {import('node:net').Socket} */ (child.stdio[TOLD_AT]);
  line.on('error', () => {});
  let taken = false;
  return {
    program,
    args,
    env,
    /** @param {{ address: string, token: string }} host */
    take(host) {
      if (taken || child.pid === undefined || child.exitCode !== null) return undefined;
      taken = true;
      for (const one of streams) /** @type {any} */ (one)?.ref?.();
      line.end(`${JSON.stringify(host)}\n`);
      return child;
    },
    end() {
      if (!taken) child.kill('SIGKILL');
      taken = true;
    },
  };
}

function extraCertificates() {
  const { NODE_EXTRA_CA_CERTS: file } = process.env;
  if (file === undefined) return {};
  return major >= 22 ? { NODE_EXTRA_CA_CERTS: file } : { SLS_LOCAL_EXTRA_CA: file };
}

/** @param {readonly string[]} argv */
function runsProcesses(argv) {
  if (argv[0] !== 'dev' || argv.some((word) => /^(-h|--help|--version|(--cold=)?faithful)$/.test(word)))
    return false;
  // Newer ones are told the function's memory when they are started.
  if (major >= 24 || process.platform !== 'linux') return false;
  const at = argv.findIndex((word) => /^--backend(=|$)/.test(word));
  const backend = at < 0 ? 'auto' : (argv[at]?.split('=')[1] ?? argv[at + 1]);
  if (backend !== 'auto') return backend === 'process';
  return process.env.DOCKER_HOST === undefined && !existsSync('/var/run/docker.sock');
}

module.exports = { startFirstRuntime };
