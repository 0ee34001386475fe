// @ts-check
'use strict';
/** While an instance waits to be told its function, it loads what most functions need. */

/** In this order; each takes up to 5 ms. */
const COMMON = [
  './code-cache.cjs',
  './compile.cjs',
  './aws-sdk-v2.cjs',
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

/** @returns {() => void} ends it */
function preloadWhileWaiting() {
  const names = [...COMMON];
  let timer = setTimeout(next, PAUSE_MS).unref();
  function next() {
    const name = names.shift();
    if (name === undefined) return;
    require(name);
    timer = setTimeout(next, 0).unref();
  }
  return () => clearTimeout(timer);
}

module.exports = { preloadWhileWaiting };
