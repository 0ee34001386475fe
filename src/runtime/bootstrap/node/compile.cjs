// @ts-check
'use strict';
/**
 * Compiles CommonJS modules in place of Node.js, which offers no way to hand V8 compiled code: with code from the cache, and
 * with a stopwatch. What is not plain CommonJS, or does not compile, is left to Node.js.
 */
const Module = require('node:module');
const { dirname } = require('node:path');
const vm = require('node:vm');

const loader = /** @type {any} */ (Module);
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];
const BEFORE = `(function (${PARAMETERS.join(', ')}) { `;
const AFTER = '\n});';

/** For `import()` that only shows when the code runs. Absent before Node.js 20.12. */
const importModuleDynamically = /** @type {any} */ (vm).constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER;

/** Whether this Node.js has all that is needed. */
const canCompile = importModuleDynamically !== undefined;

/**
 * Of a script made here, `import()` warns of an experiment, and fails before Node.js 22 where its code came from a cache.
 * Text that is none, in a comment or a string, only costs the cache.
 */
const IMPORTS = /\bimport(?:\s|\/\*[\s\S]*?\*\/|\/\/.*\n)*\(/;

/**
 * @param {Pick<import('./code-cache.cjs').CodeCache, 'records' | 'find' | 'note'> | undefined} cache
 * @param {(enteredAt: number, compiledAt: number) => void} [onCompiled] every module is compiled here, and told
 * @returns {() => void} leaves it to Node.js again
 */
function compileModules(cache, onCompiled) {
  if (!canCompile || (!cache && !onCompiled)) return () => {};
  const { wrap } = loader;
  const original = loader.prototype._compile;

  /** @param {string} source @param {string} filename */
  const compile = (source, filename) => {
    const cachedData = cache?.find(source);
    if (!cachedData && !cache?.records && !onCompiled) return undefined;
    try {
      // Only watched: as Node.js itself does it, without a copy of the source.
      if (!cache) return vm.compileFunction(source, PARAMETERS, { filename, importModuleDynamically });
      const script = new vm.Script(BEFORE + source + AFTER, {
        filename,
        // Positions on the first line are those of the file.
        columnOffset: -BEFORE.length,
        importModuleDynamically,
        ...(cachedData ? { cachedData } : {}),
      });
      if (!cachedData || script.cachedDataRejected) cache?.note(source, script);
      return script.runInThisContext();
    } catch {
      // Node.js tells what is wrong, or sees that it is an ES module.
      return undefined;
    }
  };

  /** @this {NodeModule} @param {string} source @param {string} filename @param {unknown[]} rest the format, since Node.js 22 */
  function _compile(source, filename, ...rest) {
    const [format] = rest;
    const enteredAt = onCompiled ? performance.now() : 0;
    const isPlain =
      (format === undefined || format === 'commonjs') &&
      !source.startsWith('#!') &&
      loader.wrap === wrap &&
      // Looking for a word takes half a millisecond for a megabyte, the pattern nine.
      !(source.includes('import') && IMPORTS.test(source)) &&
      /** @type {any} */ (process).sourceMapsEnabled !== true;
    const code = isPlain ? compile(source, filename) : undefined;
    onCompiled?.(enteredAt, code ? performance.now() : enteredAt);
    if (!code) return original.call(this, source, filename, ...rest);
    return code.call(this.exports, this.exports, requireOf(this), this, filename, dirname(filename));
  }
  loader.prototype._compile = _compile;
  return () => {
    if (loader.prototype._compile === _compile) loader.prototype._compile = original;
  };
}

/** As Node.js makes it. @param {NodeModule} from */
function requireOf(from) {
  /** @param {string} path */
  function require(path) {
    return from.require(path);
  }
  /** @param {string} request @param {{ paths?: string[] }} [options] */
  function resolve(request, options) {
    return loader._resolveFilename(request, from, false, options);
  }
  resolve.paths = (/** @type {string} */ request) => loader._resolveLookupPaths(request, from);
  require.resolve = resolve;
  require.main = process.mainModule;
  require.extensions = loader._extensions;
  require.cache = loader._cache;
  return require;
}

module.exports = { canCompile, compileModules };
