// @ts-check
'use strict';
/** Lets a debugger hold user code at errors it leaves uncaught: while one wants that, nothing of ours catches them. */

/** Runs under way, each with who is told when it fails. @type {WeakMap<object, (reason: unknown) => void>} */
const runs = new WeakMap();
let wanted = false;
let intercepted = false;

/** @param {string} state as in the protocol's `Debugger.setPauseOnExceptions` */
function pauseOnExceptions(state) {
  wanted = state !== 'none' && !rejectionsAreHandledOtherwise();
  if (wanted && !intercepted) intercept();
}

/**
 * Runs user code. V8 takes an error for caught when a `catch` or a rejection handler of ours is ahead of it, so it runs
 * without either, and its failure is learnt from Node's notice of a rejection that nobody handles.
 * @template T
 * @param {() => T} work
 * @returns {Promise<Awaited<T>>} settles as the work does
 */
function runOpenly(work) {
  return new Promise((succeed, fail) => {
    const run = async () => succeed(await work());
    // Callers catch; the next tick has no callers.
    process.nextTick(() => void runs.set(run(), fail));
  });
}

function intercept() {
  intercepted = true;
  const { emit } = process;
  /** @type {(this: unknown, name: unknown, ...rest: unknown[]) => unknown} */
  const emitOthers = function (name, ...rest) {
    const [reason, promise] = rest;
    const fail = name === 'unhandledRejection' ? runs.get(/** @type {object} */ (promise)) : undefined;
    if (!fail) return Reflect.apply(emit, this, [name, ...rest]);
    fail(reason);
    return true;
  };
  Object.assign(process, { emit: emitOthers });
}

/** By a flag of Node's, with some of whose values the notice does not come. */
function rejectionsAreHandledOtherwise() {
  return [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((flags) =>
    flags.includes('--unhandled-rejections'),
  );
}

module.exports = { isWanted: () => wanted, pauseOnExceptions, runOpenly };
