// @ts-check
'use strict';
/** What of a process becomes the function's: environment, folder, console, global object, and what stands in front of packages. */
const { installGlobals } = require('./globals.cjs');

/**
 * @typedef {object} Settled
 * @property {Pick<ReturnType<typeof import('./output.cjs').captureOutput>, 'configure'>} output
 * @property {boolean} startsElsewhere the process was started in another folder than the one its code is in
 * @property {() => void} endPreload
 * @property {() => import('./context.cjs').InvokeMeta | undefined} meta of the event under way
 */

/**
 * Answers the folder of the code.
 * @param {Settled} settled
 * @param {import('./instance.cjs').Task} task
 */
function settle({ output, startsElsewhere, endPreload, meta }, task) {
  endPreload();
  const { env } = process;
  Object.assign(env, task.env);
  output.configure(task.debug ? inspectorConsole() : undefined);
  const root = task.dir ?? env.LAMBDA_TASK_ROOT ?? process.cwd();
  if (startsElsewhere) process.chdir(root);
  installGlobals(meta);
  if (env.SLS_LOCAL_EXTRA_CA !== undefined) require('./extra-ca.cjs').trustWhenNeeded();
  if (env.AWS_ENDPOINT_URL) require('./aws-sdk-v2.cjs').configureWhenLoaded();
  return root;
}

function inspectorConsole() {
  return /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (require('node:inspector').console));
}

module.exports = { settle };
