// @ts-check
'use strict';
/** Errors as the Lambda runtime client names and prints them. */

/** Frames of our own are not the user's business. */
const OWN_FOLDER = __dirname;
/** These stand between a module and the one it loads. */
const HOOK = /\b(?:extra-ca|aws-sdk-v2|compile|import-tree)\.cjs\b/;

/** @param {string} name @param {string} message @param {string} [stack] */
function runtimeError(name, message, stack) {
  const error = new Error(message);
  error.name = `Runtime.${name}`;
  // Made here, so its frames say nothing; the stack of what it stands for does.
  error.stack = stack ?? `Runtime.${name}: ${message}`;
  return error;
}

/**
 * What the client of the function is told.
 * @param {unknown} thrown
 * @returns {{ errorType: string, errorMessage: string, trace: string[] }}
 */
function describe(thrown) {
  try {
    if (isError(thrown))
      return {
        errorType: withoutDelete(thrown.name),
        errorMessage: withoutDelete(thrown.message),
        trace: linesOf(thrown.stack).map(withoutDelete),
      };
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
      trace: [],
    };
  }
}

/** The runtime client does not let this character through. @param {unknown} value */
function withoutDelete(value) {
  return String(value).replaceAll('\x7F', '%7F');
}

/**
 * Errors of another realm (`vm`, `jest`) count too.
 * @param {unknown} value
 * @returns {value is Error}
 */
function isError(value) {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

/**
 * Ends at the first frame of ours: what is below it is how the handler came to be called.
 * @param {unknown} stack
 */
function linesOf(stack) {
  if (typeof stack !== 'string') return [];
  const lines = stack.split('\n');
  const own = lines.findIndex(
    (line) => /^\s+at /.test(line) && line.includes(OWN_FOLDER) && !HOOK.test(line),
  );
  return (own < 0 ? lines : lines.slice(0, own)).filter((line) => !line.includes(OWN_FOLDER));
}

/**
 * The text after `Invoke Error \t` in the function's log: the error with its own enumerable properties.
 * @param {unknown} thrown
 */
function toLogJson(thrown) {
  try {
    return JSON.stringify(isError(thrown) ? thrown : new Error(String(thrown)), (_key, value) =>
      isError(value) ? withProperties(value) : value,
    );
  } catch {
    return JSON.stringify(describe(thrown));
  }
}

/** @param {Error} error */
function withProperties(error) {
  /** @type {Record<string, unknown>} */
  const plain = { errorType: error.name, errorMessage: error.message };
  if ('code' in error) plain.code = error.code;
  Object.assign(plain, error);
  plain.stack = linesOf(error.stack);
  return plain;
}

module.exports = { runtimeError, describe, isError, linesOf, toLogJson, OWN_FOLDER };
