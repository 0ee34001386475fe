// @ts-check
'use strict';
/** Debugging without a port: a worker thread speaks to the main thread's inspector and relays it over a line of its own. */
const { isMainThread, parentPort, workerData, Worker } = require('node:worker_threads');

const RELEASE = 'release';

/**
 * Starts the worker; `onRelease` is called when the host lets the user's code run, `onExceptions` with each `state` that a
 * debugger sets by `Debugger.setPauseOnExceptions`.
 * @param {string} address
 * @param {string} token
 * @param {() => void} onRelease
 * @param {(state: string) => void} onExceptions
 */
function startRelay(address, token, onRelease, onExceptions) {
  const worker = new Worker(__filename, {
    workerData: { slsLocalRelay: { address, token } },
    env: {},
    execArgv: [],
  });
  worker.on('message', (message) => (message === RELEASE ? onRelease() : onExceptions(message)));
  // Without its relay the function still runs; it only cannot be debugged.
  worker.on('error', onRelease);
  // Behind the listeners: each holds the loop again, and a callback's answer is sent when the loop is empty.
  worker.unref();
}

/** @param {{ address: string, token: string }} options */
function relay({ address, token }) {
  const { Session } = require('node:inspector');
  const { FRAME, makeLine } = require('./line.cjs');
  const session = new Session();
  session.connectToMainThread();

  let unanswered = 0;
  let releaseAsked = false;
  const releaseWhenQuiet = () => {
    if (!releaseAsked || unanswered > 0) return;
    releaseAsked = false;
    parentPort?.postMessage(RELEASE);
  };

  /** @param {string} text one CDP request */
  const request = (text) => {
    const { id, method, params } = JSON.parse(text);
    if (method === 'Debugger.setPauseOnExceptions') parentPort?.postMessage(String(params?.state));
    if (method === 'Debugger.disable') parentPort?.postMessage('none');
    unanswered++;
    session.post(method, params, (error, result) => {
      unanswered--;
      line.send(
        FRAME.cdp,
        JSON.stringify(error ? { id, error: protocolError(error) } : { id, result: result ?? {} }),
      );
      releaseWhenQuiet();
    });
  };

  const line = makeLine(
    (type, body) => {
      if (type === FRAME.cdp) request(body.toString('utf8'));
      if (type === FRAME.release) {
        releaseAsked = true;
        releaseWhenQuiet();
      }
    },
    () => line.send(FRAME.hello, JSON.stringify({ role: 'debug', token })),
  );
  line.open(address);
  session.on('inspectorNotification', (message) => line.send(FRAME.cdp, JSON.stringify(message)));
}

/**
 * What the protocol said, out of the error Node makes of it: `Inspector error -32000: Can only …`. Its `code` is Node's
 * own name for it, and its message is lost in JSON.
 * @param {Error} error
 */
function protocolError({ message }) {
  const told = /^Inspector error (-?\d+): ([\s\S]*)$/.exec(message);
  return told ? { code: Number(told[1]), message: told[2] } : { code: -32000, message };
}

if (!isMainThread && workerData?.slsLocalRelay) relay(workerData.slsLocalRelay);

module.exports = { startRelay };
