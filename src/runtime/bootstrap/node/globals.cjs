// @ts-check
'use strict';
/** What Lambda's Node.js runtime adds to the global object. */
const { addPause } = require('./context.cjs');
const { STREAMING } = require('./load-handler.cjs');

/** @param {() => import('./context.cjs').InvokeMeta | undefined} meta of the event under way */
function installGlobals(meta) {
  Object.defineProperty(globalThis, '__slsPause', { value: addPause, configurable: true });
  if (['1', 'true'].includes(process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA ?? '')) return;
  const known = /** @type {any} */ (globalThis).awslambda;
  /** @type {ReturnType<typeof import('./invoke-store.cjs').makeInvokeStore> | undefined} */
  let store;
  /** @type {any} */ (globalThis).awslambda = {
    ...known,
    /** @param {any} streaming @param {{ highWaterMark?: number }} [options] */
    streamifyResponse(streaming, options) {
      streaming[STREAMING] = 'response';
      if (options?.highWaterMark !== undefined)
        streaming[Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark')] = options.highWaterMark;
      return streaming;
    },
    get InvokeStore() {
      store ??= require('./invoke-store.cjs').makeInvokeStore(meta);
      return store;
    },
    get HttpResponseStream() {
      return require('./streaming.cjs').HttpResponseStream;
    },
  };
}

module.exports = { installGlobals };
