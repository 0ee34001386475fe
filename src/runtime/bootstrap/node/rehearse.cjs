// @ts-check
'use strict';
/**
 * Loads a handler that does nothing and runs it, while an instance waits: V8 compiles a function when it is first called, and
 * what the first real load and event go through has been called by then.
 */
const { join, sep } = require('node:path');
const { openCodeCache } = require('./code-cache.cjs');
const { compileModules } = require('./compile.cjs');
const { fixedContext, makeContext } = require('./context.cjs');
const { loadHandler } = require('./load-handler.cjs');
const { runHandler } = require('./run-handler.cjs');

const nowhere = join(__dirname, 'none');
const part = join(__dirname, 'rehearsed', sep);
/** Finds nothing, keeps nothing. @type {Pick<import('./code-cache.cjs').CodeCache, 'records' | 'find' | 'note'>} */
const emptyCache = { records: true, find: () => undefined, note: () => {} };
const ending = { succeed: JSON.stringify, fail: () => {} };
const meta = { id: '', deadline: 0, arn: '', trace: '' };

/** Nothing of it stays but compiled code. Never throws. */
function rehearse() {
  touch();
  openCodeCache({ folder: nowhere, record: 'first-event' });
  const restore = compileModules(emptyCache);
  // The file is loaded before this call comes back; only its handler is waited for.
  const loading = loadHandler(__dirname, 'rehearsed/index.handler');
  restore();
  for (const file of Object.keys(require.cache)) if (file.startsWith(part)) delete require.cache[file];
  loading
    .then((handler) => runHandler(handler, {}, makeContext(meta, fixedContext()), ending))
    .catch(() => {});
}

/** Parts of Node.js that are loaded when they are first looked at; clients of services look at them. */
function touch() {
  return [globalThis.ReadableStream, globalThis.crypto, require('node:fs').ReadStream];
}

module.exports = { rehearse };
