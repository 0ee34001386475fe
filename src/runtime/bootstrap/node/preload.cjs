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
/** One that is told at once must not wait for this. */
const PAUSE_MS = 15;

/**
 * @param {(name: string) => { rehearse?: () => void }} load `require` of process 1
 * @returns {() => void} ends it
 */
function preloadWhileWaiting(load) {
  const names = [...COMMON];
  let timer = setTimeout(next, PAUSE_MS).unref();
  function next() {
    const name = names.shift();
    if (name === undefined) return;
    load(name).rehearse?.();
    timer = setTimeout(next, 0).unref();
  }
  return () => clearTimeout(timer);
}

module.exports = { preloadWhileWaiting };
