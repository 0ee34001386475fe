// @ts-check
'use strict';
/** The `context` argument, with a remaining time that stands still while a debugger holds the handler. */

const { runtimeMajor } = require('./runtime-major.cjs');

const now = Date.now;
const { hrtime } = process;
let pausedMs = 0;

/**
 * The debugger's front calls this in the paused instance, before it lets it go on.
 * @param {number} ms
 */
function addPause(ms) {
  pausedMs += ms;
}

/** Milliseconds without those a debugger held us. Asking `performance` would load all of it, for a millisecond and more. */
function runningTime() {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1000 + nanoseconds / 1e6 - pausedMs;
}

/**
 * @typedef {object} InvokeMeta
 * @property {string} id request id
 * @property {number} deadline epoch ms
 * @property {string} arn
 * @property {string} trace
 * @property {string} [client] JSON text
 * @property {string} [identity] JSON text
 * @property {string} [tenant]
 */

/**
 * @param {InvokeMeta} meta
 * @param {{ functionName: string | undefined, functionVersion: string | undefined, memoryLimitInMB: string | undefined,
 *   logGroupName: string | undefined, logStreamName: string | undefined, tellsTrace: boolean }} fixed
 */
function makeContext(meta, fixed) {
  const pausedBefore = pausedMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: fixed.functionVersion,
    functionName: fixed.functionName,
    memoryLimitInMB: fixed.memoryLimitInMB,
    logGroupName: fixed.logGroupName,
    logStreamName: fixed.logStreamName,
    clientContext: meta.client === undefined ? undefined : JSON.parse(meta.client),
    identity: meta.identity === undefined ? undefined : JSON.parse(meta.identity),
    tenantId: meta.tenant,
    invokedFunctionArn: meta.arn,
    awsRequestId: meta.id,
    ...(fixed.tellsTrace && { xRayTraceId: meta.trace }),
    getRemainingTimeInMillis: () => Math.trunc(meta.deadline - now() + pausedMs - pausedBefore),
  };
}

/** What of the context is the same for every event. */
function fixedContext() {
  const env = process.env;
  return {
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    tellsTrace: runtimeMajor() >= 24,
  };
}

module.exports = { addPause, runningTime, makeContext, fixedContext };
