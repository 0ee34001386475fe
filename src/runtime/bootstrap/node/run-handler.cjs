// @ts-check
'use strict';
/** Runs the handler once, in whichever of Lambda's styles it is written, and reports how that ended exactly once. */
const { runtimeError } = require('./errors.cjs');
const { runtimeMajor } = require('./runtime-major.cjs');
const uncaught = require('./uncaught.cjs');

/**
 * @typedef {object} Ending
 * @property {(value: unknown) => void} succeed
 * @property {(thrown: unknown) => void} fail
 */

/**
 * @typedef {object} Run
 * @property {() => void} loopEmpty nothing is left to wait for
 * @property {() => boolean} over
 * @property {(bytes: number) => void} [taken] so much of the response was passed on to the client
 */

/** Lambda took the callback style away with Node.js 24; returned plain values count only since then. */
const CALLBACK_ERA_ENDS = 24;

/**
 * Refuses a handler whose signature the runtime no longer takes.
 * @param {Function} handler
 * @param {boolean} streaming
 */
function refuseCallback(handler, streaming) {
  if (streaming || handler.length < 3 || runtimeMajor() < CALLBACK_ERA_ENDS) return;
  throw runtimeError(
    'CallbackHandlerDeprecated',
    'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. ' +
      'You need to modify this function to use a supported handler signature to use Node.js 24 or later. ' +
      'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
  );
}

/**
 * @param {Function} handler
 * @param {unknown} event
 * @param {Record<string, unknown>} context
 * @param {Ending} ending
 * @returns {Run}
 */
function runHandler(handler, event, context, ending) {
  return runtimeMajor() < CALLBACK_ERA_ENDS
    ? runWithCallback(handler, event, context, ending)
    : runPlain(handler, event, context, ending);
}

/** @type {typeof runHandler} */
function runPlain(handler, event, context, ending) {
  const once = endOnce(ending);
  call(() => handler(event, context), { returned: once.succeed, promised: () => {} }, once);
  return { loopEmpty: () => once.fail(neverSettled()), over: once.over };
}

/** @type {typeof runHandler} */
function runWithCallback(handler, event, context, ending) {
  const once = endOnce(ending);
  let isPromise = false;
  /** @type {{ value: unknown } | undefined} */
  let held;
  // The first answer counts, a callback's also while it waits for the loop: a promise of the same handler comes too late then.
  let answered = false;
  /** @param {(value: unknown) => void} report */
  const first = (report) => (/** @type {unknown} */ value) => {
    if (answered) return;
    answered = true;
    report(value);
  };
  const succeed = first(once.succeed);
  const fail = first(once.fail);
  const hold = first((value) => {
    held = { value };
  });

  /** @param {unknown} error @param {unknown} value */
  const done = (error, value) => (error === undefined || error === null ? succeed(value) : fail(error));
  /** @param {unknown} error @param {unknown} [value] */
  const callback = (error, value) => {
    if (error !== undefined && error !== null) fail(error);
    else if (context.callbackWaitsForEmptyEventLoop) hold(value);
    else succeed(value);
  };
  context.done = done;
  context.succeed = (/** @type {unknown} */ value) => done(null, value);
  context.fail = (/** @type {unknown} */ error) => done(error ?? 'handled', undefined);

  const took = {
    returned(/** @type {unknown} */ value) {
      if (value !== undefined && !once.over() && !held && handler.length < 3) warnOfLostValue();
    },
    promised() {
      isPromise = true;
    },
  };
  call(() => handler(event, context, callback), took, { succeed, fail });
  return {
    // A callback's value is sent once nothing is left to do; a handler that gave none answers null.
    loopEmpty: () => (isPromise && !held ? once.fail(neverSettled()) : once.succeed(held?.value)),
    over: once.over,
  };
}

/**
 * @param {() => unknown} handle
 * @param {{ returned(value: unknown): void, promised(): void }} took how the handler answers, when it is known
 * @param {Ending} ending of a promise, and of what is thrown
 * @returns {void}
 */
function call(handle, took, ending) {
  if (uncaught.isWanted()) return callOpenly(handle, took, ending);
  try {
    const result = handle();
    if (!isThenable(result)) return took.returned(result);
    took.promised();
    result.then(ending.succeed, ending.fail);
  } catch (thrown) {
    ending.fail(thrown);
  }
}

/** @type {typeof call} */
function callOpenly(handle, took, ending) {
  const run = async () => {
    const result = handle();
    if (!isThenable(result)) return took.returned(result);
    took.promised();
    ending.succeed(await result);
  };
  uncaught.runOpenly(run).catch(ending.fail);
}

/** @param {Ending} ending */
function endOnce(ending) {
  let over = false;
  /** @param {(value: unknown) => void} report */
  const first = (report) => (/** @type {unknown} */ value) => {
    if (over) return;
    over = true;
    report(value);
  };
  return { succeed: first(ending.succeed), fail: first(ending.fail), over: () => over };
}

/**
 * @param {any} value
 * @returns {value is PromiseLike<unknown>}
 */
function isThenable(value) {
  return typeof value?.then === 'function';
}

function neverSettled() {
  return runtimeError(
    'NodeJsExit',
    'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
  );
}

let warned = false;
function warnOfLostValue() {
  if (warned) return;
  warned = true;
  console.warn(
    `the handler returned a value but is neither async nor uses its callback: Lambda's nodejs${runtimeMajor()}.x answers null`,
  );
}

module.exports = { runHandler, refuseCallback };
