// @ts-check
'use strict';
/** Becomes a function when the host says which: loads the user's handler, then runs events through it. */
const { fixedContext, makeContext, runningTime } = require('./context.cjs');
const { describe, runtimeError } = require('./errors.cjs');
const { FRAME } = require('./line.cjs');
const { loadHandler, STREAMING } = require('./load-handler.cjs');
const { refuseCallback, runHandler } = require('./run-handler.cjs');

const { stringify, parse } = JSON;

/**
 * What it is to become. With `debug` or `held`, the user's code waits for the host's release.
 * @typedef {{ handler: string, dir?: string, env?: Record<string, string>, debug: boolean, held?: boolean,
 *   cache?: { folder: string, record?: string }, measured?: boolean }} Task
 */

/**
 * Compiles the modules that are loaded from now on, with the cache if there is one.
 * @typedef {(task: Task['cache'], onCompiled?: (enteredAt: number, compiledAt: number) => void) =>
 *   import('./code-cache.cjs').CodeCache | undefined} Compile
 */

/**
 * What it has of its process.
 * @typedef {object} Surroundings
 * @property {Pick<ReturnType<typeof import('./line.cjs').makeLine>, 'send' | 'sendBytes' | 'ref' | 'unref'>} line
 * @property {Pick<ReturnType<typeof import('./output.cjs').captureOutput>, 'flush' | 'error'>} output
 * @property {ReturnType<typeof import('./usage.cjs').makeUsageMeter>} usage
 * @property {(task: Task) => string} settle makes the process the function's; answers the folder of its code
 * @property {Compile} compile
 * @property {(onRelease: () => void) => void} awaitRelease lets a debugger in, which releases the user's code
 * @property {(code: number) => void} exit
 */

/** An event that came before the assignment is begun without another word if the code was loaded within this; the host may think of something else later. */
const EARLY_MS = 250;

/** @param {Surroundings} surroundings */
function makeInstance({ line, output, usage, settle, compile, awaitRelease, exit }) {
  /** Of the event that began last. @type {import('./context.cjs').InvokeMeta | undefined} */
  let meta;
  /** @type {Function} */
  let handler = () => {};
  /** @type {ReturnType<typeof fixedContext>} */
  let fixed;
  /** @type {import('./run-handler.cjs').Run | undefined} */
  let run;
  /** An event has begun, or is about to. */
  let busy = false;
  /** Events that came while another one was under way, oldest first. @type {Buffer[]} */
  const linedUp = [];
  /** It came before the assignment, and begins when the user's code is loaded. @type {{ body: Buffer, at: number } | undefined} */
  let early;
  /** The user's code is being loaded. */
  let loading = false;
  let loadStarted = 0;
  /** @type {(() => void) | undefined} */
  let load;
  /** Code that no instance has handed to the host yet. @type {{ cache: import('./code-cache.cjs').CodeCache, when: string | undefined } | undefined} */
  let unrecorded;
  /** @type {ReturnType<typeof import('./import-tree.cjs').watchImports> | undefined} */
  let imports;

  /** What a streamed response is written to. @type {import('./streaming.cjs').ResponseLine} */
  const responseLine = {
    begin: (contentType) => line.send(FRAME.stream, contentType),
    send: (bytes) => line.sendBytes(FRAME.chunk, bytes),
    // While the client is behind, the host's word is what the event waits for: the loop is not empty.
    wait: (waiting) => (waiting ? line.ref() : line.unref()),
  };

  /** @type {import('./record-code.cjs').CodeLine} */
  const codeLine = {
    send: (bytes) => line.sendBytes(FRAME.code, bytes),
    end: (name) => line.send(FRAME.codeEnd, name),
    isBusy: () => busy,
  };

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
    if (type === FRAME.early) early = { body, at: runningTime() };
    if (type === FRAME.recall) line.send(FRAME.recalled, String(linedUp.splice(0).length));
  }

  /** @param {Task} task */
  function assign(task) {
    const root = settle(task);
    fixed = fixedContext();
    load = () => {
      load = undefined;
      if (task.measured) imports = require('./import-tree.cjs').watchImports();
      if (task.debug || imports) loadStarted = runningTime();
      void loadUserCode(root, task);
    };
    if (task.debug) awaitRelease(() => load?.());
    else if (!task.held) load();
  }

  /** @param {string} root @param {Task} task */
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
      const first = initMs < EARLY_MS ? early : undefined;
      early = undefined;
      const began = first ? true : undefined;
      line.send(FRAME.ready, stringify({ initMs, imports: imports?.report(initMs), began }), peak);
      if (unrecorded?.when === 'ready') recordNow();
      if (first) invoke(first.body, runningTime() - first.at);
    } catch (thrown) {
      failInit('Init Error', thrown);
      exit(1);
    }
  }

  /** @param {Task['cache']} task */
  function openCache(task) {
    const cache = compile(task, imports?.onCompiled);
    if (cache?.records) unrecorded = { cache, when: task?.record };
    else if (task?.record !== undefined) codeLine.end('');
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

  /** @param {Buffer} body u32 length of the meta JSON, meta, event text @param {number} [lateMs] between its coming and its beginning */
  function invoke(body, lateMs) {
    busy = true;
    usage.begin();
    const metaEnd = 4 + body.readUInt32BE(0);
    const given = parse(body.toString('utf8', 4, metaEnd));
    if (lateMs !== undefined) given.deadline += lateMs;
    meta = given;
    process.env._X_AMZN_TRACE_ID = given.trace;
    line.unref();
    const ending = { succeed, fail };
    try {
      const event = parse(body.toString('utf8', metaEnd));
      const context = makeContext(given, fixed);
      run = isStreaming()
        ? require('./streaming.cjs').runStreaming(handler, event, context, ending, responseLine)
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

  /** The next event begins when everything the last one left to do at once is done. */
  function beginNext() {
    const next = linedUp.shift();
    if (next) invoke(next);
    else busy = false;
  }

  /** What ran is compiled by now. */
  function recordNow() {
    if (unrecorded) require('./record-code.cjs').recordCode(unrecorded.cache, codeLine);
    unrecorded = undefined;
  }

  return {
    onFrame,
    meta: () => meta,
    /** Nothing is left to wait for. */
    onLoopEmpty() {
      if (run && !run.over()) return run.loopEmpty();
      if (!loading) return;
      failInit(
        'Init Error',
        runtimeError('NodeJsExit', 'the module never finished loading: a top-level await was never settled'),
      );
      exit(1);
    },
    /**
     * The event under way, or the load, ends with the error; the process is to end then.
     * @param {string} label
     * @param {unknown} thrown
     */
    dieOf(label, thrown) {
      if (loading) return failInit(label, thrown);
      output.flush();
      output.error(label, thrown);
      line.send(FRAME.fatal, stringify(describe(thrown)), usage.prefix());
    },
  };
}

module.exports = { makeInstance };
