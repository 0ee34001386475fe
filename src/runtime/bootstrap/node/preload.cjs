// @ts-check
'use strict';
/** While an instance waits to be told its function, it loads what most functions need. */

/** In this order; each takes up to 5 ms. By the names process 1 asks for them: a name that was asked for once is found at once. */
const COMMON = [
  './node/code-cache.cjs',
  './node/compile.cjs',
  './node/aws-sdk-v2.cjs',
  './node/extra-ca.cjs',
  './node/rehearse.cjs',
  'node:crypto',
  'node:util',
  'node:http',
  'node:https',
  'node:http2',
  'node:zlib',
  'node:os',
  'node:fs/promises',
  'node:child_process',
];
/**
 * What is rehearsed with.
 * @typedef {{ output: ReturnType<typeof import('./output.cjs').captureOutput>,
 *   usage: import('./instance.cjs').Surroundings['usage'], compile: import('./instance.cjs').Compile }} Stage
 */

/** One that is told at once must not wait for this. */
const PAUSE_MS = 15;

/**
 * @param {(name: string) => { rehearse?: (stage: Stage) => () => void }} load `require` of process 1
 * @param {Stage} stage
 * @returns {() => void} ends it
 */
function preloadWhileWaiting(load, stage) {
  /** @type {(() => (() => void) | void)[]} */
  const steps = COMMON.map((name) => () => load(name).rehearse?.(stage));
  steps.push(trustAhead);
  setTimeout(next, PAUSE_MS).unref();
  function next() {
    const step = steps.shift();
    if (!step) return;
    const rest = step();
    if (rest) steps.unshift(rest);
    setTimeout(next, 0).unref();
  }
  // Not a timer taken back: the first time, that takes longer than one that finds nothing to do.
  return () => {
    steps.length = 0;
  };
}

/** Last: what is loaded here is no sign of TLS. */
function trustAhead() {
  if (process.env.SLS_LOCAL_EXTRA_CA !== undefined) require('./extra-ca.cjs').trustWhenNeeded();
}

module.exports = { preloadWhileWaiting };
