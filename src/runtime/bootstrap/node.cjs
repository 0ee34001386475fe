// @ts-check
'use strict';
/** Process 1 of a Node.js instance: connects to the host, and lends the process to the function it is told. */
const { FRAME, makeLine } = require('./node/line.cjs');
const { captureOutput } = require('./node/output.cjs');
const { isError, runtimeError } = require('./node/errors.cjs');
const { makeInstance } = require('./node/instance.cjs');
const { makeUsageMeter } = require('./node/usage.cjs');
const { preloadWhileWaiting } = require('./node/preload.cjs');
const { settle } = require('./node/settle.cjs');

/** Exit codes of the Lambda runtime client. */
const UNHANDLED_REJECTION = 128;
const UNCAUGHT_EXCEPTION = 129;

let { SLS_LOCAL_LINE: address = '', SLS_LOCAL_TOKEN: token = '' } = process.env;
delete process.env.SLS_LOCAL_LINE;
delete process.env.SLS_LOCAL_TOKEN;

/** Started in another folder than the one its code is in, which it is told of later. */
const startsElsewhere = process.env.SLS_LOCAL_ELSEWHERE !== undefined;
delete process.env.SLS_LOCAL_ELSEWHERE;

const line = makeLine(
  (type, body) => instance.onFrame(type, body),
  () => line.send(FRAME.hello, JSON.stringify({ role: 'main', token, linesUp: true, patient: true })),
);
if (!address.startsWith('fd:')) line.open(address);
else
  require('./node/told-later.cjs').waitToBeTold(Number(address.slice('fd:'.length)), (host) => {
    ({ address, token } = host);
    line.open(address);
  });
const output = captureOutput(
  (prefix, text) => line.send(FRAME.log, text, prefix),
  () => ({ requestId: instance.meta()?.id ?? '', tenantId: instance.meta()?.tenant }),
);
const usage = makeUsageMeter();
const endPreload = preloadWhileWaiting(require, { output, usage, compile });
const instance = makeInstance({
  line,
  output,
  usage,
  settle: settle.bind(undefined, { output, startsElsewhere, endPreload, meta: () => instance.meta() }),
  compile,
  awaitRelease,
  exit: (code) => process.exit(code),
});

/** @type {import('./node/instance.cjs').Compile} */
function compile(task, onCompiled) {
  const cache = task && require('./node/code-cache.cjs').openCodeCache(task);
  require('./node/compile.cjs').compileModules(cache, onCompiled);
  return cache;
}

/** @param {() => void} onRelease */
function awaitRelease(onRelease) {
  const { pauseOnExceptions } = require('./node/uncaught.cjs');
  require('./node/relay.cjs').startRelay(address, token, onRelease, pauseOnExceptions);
}

process.on('beforeExit', () => instance.onLoopEmpty());
process.on('uncaughtException', (thrown) => {
  instance.dieOf('Uncaught Exception', thrown);
  process.exit(UNCAUGHT_EXCEPTION);
});
process.on('unhandledRejection', (reason, promise) => {
  const error = runtimeError(
    'UnhandledPromiseRejection',
    String(reason),
    isError(reason) ? `Runtime.UnhandledPromiseRejection: ${reason.stack}` : undefined,
  );
  Object.assign(error, { reason, promise });
  instance.dieOf('Unhandled Promise Rejection', error);
  process.exit(UNHANDLED_REJECTION);
});
process.on('exit', () => output.flush());
