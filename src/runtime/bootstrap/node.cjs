// @ts-check
'use strict';
/** Process 1 of a Node.js instance: connects to the host, loads the user's handler when told which, runs events through it. */
const { FRAME, makeLine } = require('./node/line.cjs');
const { captureOutput } = require('./node/output.cjs');
const { describe, isError, runtimeError } = require('./node/errors.cjs');
const { addPause, fixedContext, makeContext, runningTime } = require('./node/context.cjs');
const { loadHandler, STREAMING } = require('./node/load-handler.cjs');
const { refuseCallback, runHandler } = require('./node/run-handler.cjs');
const { makeUsageMeter } = require('./node/usage.cjs');
const { preloadWhileWaiting } = require('./node/preload.cjs');

/** Exit codes of the Lambda runtime client. */
const UNHANDLED_REJECTION = 128;
const UNCAUGHT_EXCEPTION = 129;

const { stringify, parse } = JSON;
let { SLS_LOCAL_LINE: address = '', SLS_LOCAL_TOKEN: token = '' } = process.env;
delete process.env.SLS_LOCAL_LINE;
delete process.env.SLS_LOCAL_TOKEN;

/** Started in another folder than the one its code is in, which it is told of later. */
const startsElsewhere = process.env.SLS_LOCAL_ELSEWHERE !== undefined;
delete process.env.SLS_LOCAL_ELSEWHERE;

const line = makeLine(onFrame, () =>
  line.send(FRAME.hello, stringify({ role: 'main', token, linesUp: true })),
);
if (!address.startsWith('fd:')) line.open(address);
else
  require('./node/told-later.cjs').waitToBeTold(Number(address.slice('fd:'.length)), (host) => {
    ({ address, token } = host);
    line.open(address);
  });
const output = captureOutput(
  (prefix, text) => line.send(FRAME.log, text, prefix),
  () => ({ requestId, tenantId: meta?.tenant }),
);
const usage = makeUsageMeter();
const endPreload = preloadWhileWaiting(require);

let requestId = '';
/** Of the event that began last. @type {import('./node/context.cjs').InvokeMeta | undefined} */
let meta;
/** @type {Function} */
let handler = () => {};
/** @type {ReturnType<typeof fixedContext>} */
let fixed;
/** @type {import('./node/run-handler.cjs').Run | undefined} */
let run;
/** An event has begun, or is about to. */
let busy = false;
/** Events that came while another one was under way, oldest first. @type {Buffer[]} */
const linedUp = [];
/** The user's code is being loaded. */
let loading = false;
let loadStarted = 0;
/** @type {(() => void) | undefined} */
let load;
/** Code that no instance has handed to the host yet. @type {{ cache: import('./node/code-cache.cjs').CodeCache, when: string | undefined } | undefined} */
let unrecorded;
/** @type {ReturnType<typeof import('./node/import-tree.cjs').watchImports> | undefined} */
let imports;

/** @param {number} type @param {Buffer} body */
function onFrame(type, body) {
  if (type === FRAME.invoke) return busy ? void linedUp.push(body) : invoke(body);
  if (type === FRAME.assign) {
    // Whatever is done for the function from here on is its init phase, with what we do ourselves.
    loadStarted = runningTime();
    return assign(parse(body.toString('utf8')));
  }
  if (type === FRAME.release) return load?.();
  if (type === FRAME.taken) return run?.taken?.(Number(body.toString('utf8')));
  if (type === FRAME.recall) line.send(FRAME.recalled, String(linedUp.splice(0).length));
}

/** What a streamed response is written to. @type {import('./node/streaming.cjs').ResponseLine} */
const responseLine = {
  begin: (contentType) => line.send(FRAME.stream, contentType),
  send: (bytes) => line.sendBytes(FRAME.chunk, bytes),
  // While the client is behind, the host's word is what the event waits for: the loop is not empty.
  wait: (waiting) => (waiting ? line.ref() : line.unref()),
};

/** @type {import('./node/record-code.cjs').CodeLine} */
const codeLine = {
  send: (bytes) => line.sendBytes(FRAME.code, bytes),
  end: (name) => line.send(FRAME.codeEnd, name),
  isBusy: () => busy,
};

/** The next event begins when everything the last one left to do at once is done. */
function beginNext() {
  const next = linedUp.shift();
  if (next) invoke(next);
  else busy = false;
}

/**
 * Becomes a function. With `debug`, the user's code waits for the host's release.
 * @param {{ handler: string, dir?: string, env?: Record<string, string>, debug: boolean,
 *   cache?: { folder: string, record?: string }, measured?: boolean }} task
 */
function assign(task) {
  endPreload();
  Object.assign(process.env, task.env);
  output.configure(task.debug ? inspectorConsole() : undefined);
  fixed = fixedContext();
  const root = task.dir ?? process.env.LAMBDA_TASK_ROOT ?? process.cwd();
  if (startsElsewhere) process.chdir(root);
  installGlobals();
  if (process.env.SLS_LOCAL_EXTRA_CA !== undefined) require('./node/extra-ca.cjs').trustWhenNeeded();
  if (process.env.AWS_ENDPOINT_URL) require('./node/aws-sdk-v2.cjs').configureWhenLoaded();
  load = () => {
    load = undefined;
    if (task.measured) imports = require('./node/import-tree.cjs').watchImports();
    if (task.debug || imports) loadStarted = runningTime();
    void loadUserCode(root, task);
  };
  if (!task.debug) return load();
  const { pauseOnExceptions } = require('./node/uncaught.cjs');
  require('./node/relay.cjs').startRelay(address, token, () => load?.(), pauseOnExceptions);
}

function inspectorConsole() {
  return /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (require('node:inspector').console));
}

/** @param {{ folder: string, record?: string } | undefined} task */
function openCache(task) {
  const cache = task && require('./node/code-cache.cjs').openCodeCache(task);
  require('./node/compile.cjs').compileModules(cache, imports?.onCompiled);
  if (cache?.records) unrecorded = { cache, when: task?.record };
  else if (task?.record !== undefined) codeLine.end('');
}

/** @param {string} root @param {{ handler: string, cache?: { folder: string, record?: string } }} task */
async function loadUserCode(root, task) {
  loading = true;
  // With the line out of the way, an empty loop means that nothing can go on any more.
  line.unref();
  try {
    // Part of what the init phase takes: reading the compiled code is no gift.
    if (task.cache || imports) openCache(task.cache);
    handler = await loadHandler(root, task.handler, imports?.onHandlerFile);
    refuseCallback(handler, isStreaming());
    loading = false;
    line.ref();
    output.flush();
    const peak = usage.peakPrefix();
    const initMs = runningTime() - loadStarted;
    line.send(FRAME.ready, stringify({ initMs, imports: imports?.report(initMs) }), peak);
    if (unrecorded?.when === 'ready') recordNow();
  } catch (thrown) {
    failInit('Init Error', thrown);
    process.exit(1);
  }
}

/** @param {string} label @param {unknown} thrown */
function failInit(label, thrown) {
  loading = false;
  output.flush();
  output.error(label, thrown);
  line.send(
    FRAME.initError,
    stringify({ initMs: runningTime() - loadStarted, error: stringify(describe(thrown)) }),
  );
}

function isStreaming() {
  return /** @type {any} */ (handler)[STREAMING] !== undefined;
}

/** @param {Buffer} body u32 length of the meta JSON, meta, event text */
function invoke(body) {
  busy = true;
  usage.begin();
  const metaEnd = 4 + body.readUInt32BE(0);
  const given = parse(body.toString('utf8', 4, metaEnd));
  meta = given;
  requestId = given.id;
  process.env._X_AMZN_TRACE_ID = given.trace;
  line.unref();
  const ending = { succeed, fail };
  try {
    const event = parse(body.toString('utf8', metaEnd));
    const context = makeContext(given, fixed);
    run = isStreaming()
      ? require('./node/streaming.cjs').runStreaming(handler, event, context, ending, responseLine)
      : runHandler(handler, event, context, ending);
  } catch (thrown) {
    fail(thrown);
  }
}

/** @param {unknown} value */
function succeed(value) {
  let text;
  try {
    text = stringify(value === undefined ? null : value);
  } catch {
    return fail(runtimeError('JSONStringifyError', 'Unable to stringify response body'));
  }
  // A function or a symbol has no JSON; Lambda posts an empty body, which its clients read as null.
  finish(FRAME.result, text ?? 'null');
}

/** @param {unknown} thrown */
function fail(thrown) {
  output.error('Invoke Error', thrown);
  finish(FRAME.error, stringify(describe(thrown)));
}

/** @param {number} type @param {string} text */
function finish(type, text) {
  run = undefined;
  output.flush();
  line.send(type, text, usage.prefix());
  line.ref();
  if (linedUp.length === 0) busy = false;
  else process.nextTick(beginNext);
  // The first event that went well: its functions are in it too.
  if (unrecorded && type === FRAME.result) recordNow();
}

/** What ran is compiled by now. */
function recordNow() {
  if (unrecorded) require('./node/record-code.cjs').recordCode(unrecorded.cache, codeLine);
  unrecorded = undefined;
}

process.on('beforeExit', () => {
  if (run && !run.over()) run.loopEmpty();
  else if (loading) {
    failInit(
      'Init Error',
      runtimeError('NodeJsExit', 'the module never finished loading: a top-level await was never settled'),
    );
    process.exit(1);
  }
});

process.on('uncaughtException', (thrown) => dieOf('Uncaught Exception', thrown, UNCAUGHT_EXCEPTION));
process.on('unhandledRejection', (reason, promise) => {
  const error = runtimeError(
    'UnhandledPromiseRejection',
    String(reason),
    isError(reason) ? `Runtime.UnhandledPromiseRejection: ${reason.stack}` : undefined,
  );
  Object.assign(error, { reason, promise });
  dieOf('Unhandled Promise Rejection', error, UNHANDLED_REJECTION);
});

/**
 * The event under way, or the load, ends with the error; then the process ends.
 * @param {string} label
 * @param {unknown} thrown
 * @param {number} exitCode
 */
function dieOf(label, thrown, exitCode) {
  if (loading) failInit(label, thrown);
  else {
    output.flush();
    output.error(label, thrown);
    line.send(FRAME.fatal, stringify(describe(thrown)), usage.prefix());
  }
  process.exit(exitCode);
}

process.on('exit', () => output.flush());

function installGlobals() {
  Object.defineProperty(globalThis, '__slsPause', { value: addPause, configurable: true });
  if (['1', 'true'].includes(process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA ?? '')) return;
  const known = /** @type {any} */ (globalThis).awslambda;
  /** @type {ReturnType<typeof import('./node/invoke-store.cjs').makeInvokeStore> | undefined} */
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
      store ??= require('./node/invoke-store.cjs').makeInvokeStore(() => meta);
      return store;
    },
    get HttpResponseStream() {
      return require('./node/streaming.cjs').HttpResponseStream;
    },
  };
}
