// @ts-check
'use strict';
/** Finds the user's handler the way Lambda does: `dir/file.export.nested` below the task's folder. */
const { existsSync, readFileSync, realpathSync, statSync } = require('node:fs');
const { createRequire } = require('node:module');
const { basename, dirname, join, resolve } = require('node:path');
const { isError, linesOf, runtimeError, OWN_FOLDER } = require('./errors.cjs');
const { runtimeMajor } = require('./runtime-major.cjs');
const uncaught = require('./uncaught.cjs');

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const EXTENSIONS = ['', '.js', '.mjs', '.cjs'];

/** @typedef {(...args: any[]) => any} Handler */
/** Told of the handler's file before it is loaded. @typedef {(file: string, isEsModule: boolean) => void} OnFile */

/**
 * Throws the error Lambda reports for a handler that cannot be had.
 * @param {string} root absolute folder
 * @param {string} name
 * @param {OnFile} [onFile]
 * @returns {Promise<Handler>}
 */
async function loadHandler(root, name, onFile) {
  const { moduleRoot, moduleName, exportPath } = parseHandlerName(name);
  const loaded = await loadModule(root, moduleRoot, moduleName, onFile);
  const handler = findIn(loaded, exportPath) ?? findIn(loaded?.default, exportPath);
  if (!handler) throw runtimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw runtimeError('HandlerNotFound', `${name} is not a function`);
  const streaming = /** @type {any} */ (handler)[STREAMING];
  if (streaming && streaming !== 'response')
    throw runtimeError('MalformedStreamingHandler', 'Only response streaming is supported.');
  return handler;
}

/** @param {string} name */
function parseHandlerName(name) {
  if (name.includes('..'))
    throw runtimeError(
      'MalformedHandlerName',
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  const match = /^([^.]*)\.(.+)$/.exec(basename(name));
  if (!match) throw runtimeError('MalformedHandlerName', 'Bad handler');
  const moduleRoot = name.slice(0, name.length - basename(name).length);
  return { moduleRoot, moduleName: match[1] ?? '', exportPath: match[2] ?? '' };
}

/**
 * @param {string} root
 * @param {string} moduleRoot
 * @param {string} moduleName
 * @param {OnFile} [onFile]
 */
async function loadModule(root, moduleRoot, moduleName, onFile) {
  try {
    const base = resolve(root, moduleRoot, moduleName);
    for (const extension of EXTENSIONS) {
      const file = base + extension;
      if (isFile(file)) return await loadFile(file, onFile);
    }
    const require_ = createRequire(join(root, 'noop.js'));
    const found = require_.resolve(moduleName, { paths: [root, join(root, moduleRoot)] });
    return await loadFile(found, onFile);
  } catch (failure) {
    throw asInitError(failure);
  }
}

/**
 * `require` where it will do: it is quicker than `import()` by some milliseconds.
 * @param {string} file
 * @param {OnFile} [onFile]
 */
async function loadFile(file, onFile) {
  const isEsModule = isModule(file);
  onFile?.(realpathSync(file), isEsModule);
  if (isEsModule) require('./extra-ca.cjs').trust();
  const load = () =>
    isEsModule ? import(require('node:url').pathToFileURL(file).href) : createRequire(file)(file);
  return uncaught.isWanted() ? uncaught.runOpenly(load) : load();
}

/** @param {string} file */
function isModule(file) {
  if (file.endsWith('.mjs')) return true;
  if (!file.endsWith('.js')) return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
    if (folder === dirname(folder) || basename(folder) === 'node_modules') return false;
  }
}

/** @param {string} path */
function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** @param {unknown} failure */
function asInitError(failure) {
  if (!isError(failure)) return failure;
  const code = 'code' in failure ? failure.code : undefined;
  const stack = linesOf(failure.stack).join('\n');
  if (failure instanceof SyntaxError) return runtimeError('UserCodeSyntaxError', String(failure), stack);
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
    const message = withoutOwnLines(String(failure));
    return runtimeError('ImportModuleError', message, `Runtime.ImportModuleError: ${withoutOwnLines(stack)}`);
  }
  return failure;
}

/** Node lists who required a missing module; the last of them is this file. @param {string} text */
function withoutOwnLines(text) {
  const lines = text.split('\n').filter((line) => !line.includes(OWN_FOLDER) && !line.endsWith('noop.js'));
  return lines.filter((line, i) => line !== 'Require stack:' || lines[i + 1]?.startsWith('- ')).join('\n');
}

/**
 * Since Node.js 24 members of functions are not looked at: `module.exports = fn` has none.
 * @param {any} container
 * @param {string} path
 */
function findIn(container, path) {
  const takesFunctions = runtimeMajor() < 24;
  /** @param {unknown} value */
  const holds = (value) => typeof value === 'object' || (takesFunctions && typeof value === 'function');
  return path
    .split('.')
    .reduce((nested, key) => (nested && holds(nested) ? nested[key] : undefined), container);
}

module.exports = { loadHandler, STREAMING };
