// @ts-check
'use strict';
/** Takes the compiled code from V8 and sends it to the host, a little at a time, while no event is under way. */
const { MOST_BYTES } = require('./code-cache.cjs');
const { runningTime } = require('./context.cjs');

/** After an event the function has the process to itself so long, and between two steps so long. */
const PAUSE_MS = 25;
const STEP_PAUSE_MS = 1;
/** Work of one step, after which an event may come in. */
const STEP_MS = 4;
const CHUNK_BYTES = 32 * 1024;

/**
 * @typedef {object} CodeLine
 * @property {(bytes: Uint8Array) => void} send
 * @property {(name: string) => void} end the bytes so far are the file of this name; without any, nothing is to be kept
 * @property {() => boolean} isBusy
 */

/**
 * @param {import('./code-cache.cjs').CodeCache} cache
 * @param {CodeLine} line
 * @param {number} [pauseMs] until it begins
 */
function recordCode(cache, line, pauseMs = PAUSE_MS) {
  if (!cache.isWorthWriting()) return line.end(cache.name);
  const work = steps(cache, line);
  // Unreferenced: what the function left to do decides when its event is over, not this.
  const later = (/** @type {number} */ ms) => void setTimeout(step, ms).unref();
  const step = () => {
    if (line.isBusy()) return later(PAUSE_MS);
    const until = runningTime() + STEP_MS;
    do if (work.next().done) return line.end(cache.name);
    while (runningTime() < until && !line.isBusy());
    later(STEP_PAUSE_MS);
  };
  later(pauseMs);
}

/** @param {import('./code-cache.cjs').CodeCache} cache @param {CodeLine} line */
function* steps(cache, line) {
  const pieces = yield* cache.pieces();
  if (pieces.reduce((sum, { length }) => sum + length, 0) > MOST_BYTES) return;
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += CHUNK_BYTES) {
      line.send(piece.subarray(at, at + CHUNK_BYTES));
      yield;
    }
}

module.exports = { recordCode };
