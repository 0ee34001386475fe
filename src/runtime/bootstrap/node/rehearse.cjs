// @ts-check
'use strict';
/**
 * Becomes a function that does nothing and runs an event through it, while an instance waits: V8 compiles a function when it
 * is first called, and what the first real load and event go through has been called by then.
 */
const Module = require('node:module');
const { join, sep } = require('node:path');
const { makeInstance } = require('./instance.cjs');
const { FRAME } = require('./line.cjs');
const { settle } = require('./settle.cjs');

const loader = /** @type {any} */ (Module);
const part = join(__dirname, 'rehearsed', sep);
/** Nobody is called; what the SDK would be told is never asked for. */
const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:0' };
const task = {
  handler: 'rehearsed/index.handler',
  dir: __dirname,
  env,
  debug: false,
  cache: { folder: join(__dirname, 'none'), record: 'first-event' },
};
const meta = { id: '', deadline: 0, arn: '', trace: '' };

/**
 * Nothing of it stays but compiled code. Never throws.
 * @param {import('./preload.cjs').Stage} stage
 * @returns {() => void} the event, when the function is loaded
 */
function rehearse({ output, usage, compile }) {
  touch();
  const instance = makeInstance({
    line: { send: () => {}, sendBytes: () => {}, ref: () => {}, unref: () => {} },
    output: { flush: output.flush, error: () => {} },
    usage,
    settle: settle.bind(undefined, {
      output,
      startsElsewhere: false,
      endPreload: () => {},
      meta: () => instance.meta(),
    }),
    compile,
    awaitRelease: () => {},
    exit: () => {},
  });
  const putBack = remember();
  // The file is loaded before this call comes back; only its handler is waited for.
  instance.onFrame(FRAME.assign, Buffer.from(JSON.stringify(task)));
  putBack();
  for (const file of Object.keys(require.cache)) if (file.startsWith(part)) delete require.cache[file];
  return () => {
    instance.onFrame(FRAME.invoke, anEvent());
    delete process.env._X_AMZN_TRACE_ID;
  };
}

/** Of what a process gives to its function. @returns {() => void} puts it back */
function remember() {
  const { AWS_ENDPOINT_URL, SLS_LOCAL_EXTRA_CA } = process.env;
  // What is trusted would stay trusted.
  delete process.env.SLS_LOCAL_EXTRA_CA;
  const globals = Object.getOwnPropertyDescriptor(globalThis, 'awslambda');
  const load = loader._extensions['.js'];
  const { _compile } = loader.prototype;
  return () => {
    delete process.env.AWS_ENDPOINT_URL;
    if (AWS_ENDPOINT_URL !== undefined) Object.assign(process.env, { AWS_ENDPOINT_URL });
    if (SLS_LOCAL_EXTRA_CA !== undefined) Object.assign(process.env, { SLS_LOCAL_EXTRA_CA });
    if (globals) Object.defineProperty(globalThis, 'awslambda', globals);
    else Reflect.deleteProperty(globalThis, 'awslambda');
    loader._extensions['.js'] = load;
    loader.prototype._compile = _compile;
  };
}

function anEvent() {
  const text = JSON.stringify(meta);
  const body = Buffer.from(`    ${text}{}`);
  body.writeUInt32BE(text.length, 0);
  return body;
}

/** Parts of Node.js that are loaded when they are first looked at; clients of services look at them. */
function touch() {
  return [globalThis.ReadableStream, globalThis.crypto, require('node:fs').ReadStream];
}

module.exports = { rehearse };
