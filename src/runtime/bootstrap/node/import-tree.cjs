// @ts-check
'use strict';
/** Which module took how long to import, and who asked for it: for `sls-local coldstart`, with a stopwatch around each load. */
require('./compile.cjs');
const Module = require('node:module');
const { join, sep } = require('node:path');
const { fileURLToPath } = require('node:url');

const loader = /** @type {any} */ (Module);
/** Files of the bootstrap: what they load is no import of the handler's. */
const OWN = join(__dirname, '..', sep);
/** What Node.js has loaded already, or loads this quickly, is told as the time of the module that asked. */
const LEAST_BUILTIN_MS = 0.05;
const now = () => performance.now();

/**
 * @typedef {object} Load
 * @property {Load | undefined} parent
 * @property {string} name file, or the name of a part of Node.js
 * @property {number} at
 * @property {number} foundAt 0 = it was there already
 * @property {number} compileFrom
 * @property {number} compiledAt
 * @property {number} totalMs
 * @property {number} belowMs of the loads that are kept
 * @property {string} [requiredAt]
 * @property {true} [esModule]
 */

/** @returns {{ onCompiled(from: number, to: number): void, onHandlerFile(file: string, isEsModule: boolean): void, report(initMs: number): object[] }} */
function watchImports() {
  /** @type {Load[]} */
  const kept = [];
  /** @type {Load | undefined} */
  let current;
  let handlerFile = '';
  let isGraph = false;

  const load = loader._load;
  loader._load = function (
    /** @type {string} */ request,
    /** @type {any} */ from,
    /** @type {unknown[]} */ ...rest
  ) {
    if (from?.filename?.startsWith(OWN)) return load.call(this, request, from, ...rest);
    const mine = begin(current, request);
    current = mine;
    try {
      return load.call(this, request, from, ...rest);
    } finally {
      mine.totalMs = now() - mine.at;
      current = mine.parent;
      if (mine.foundAt > 0 || (mine.totalMs >= LEAST_BUILTIN_MS && Module.isBuiltin(request))) {
        kept.push(mine);
        if (mine.parent) mine.parent.belowMs += mine.totalMs;
        const asker = from?.filename;
        if (mine.parent && asker && !asker.includes('/node_modules/')) mine.requiredAt = placeIn(asker);
      } else if (mine.belowMs > 0) {
        // What was loaded on the way, by others who watch loads too, belongs to who asked.
        for (const other of kept) if (other.parent === mine) other.parent = mine.parent;
        if (mine.parent) mine.parent.belowMs += mine.belowMs;
      }
    }
  };
  const loadFile = loader.prototype.load;
  loader.prototype.load = function (/** @type {string} */ file) {
    if (current) {
      current.name = file;
      current.foundAt = now();
    }
    return loadFile.call(this, file);
  };

  return {
    onCompiled(from, to) {
      if (!current) return;
      current.compileFrom = from;
      current.compiledAt = to;
    },
    onHandlerFile(file, isEsModule) {
      handlerFile = file;
      isGraph = isEsModule;
      if (isEsModule) watchEsModules(kept, file);
    },
    report(initMs) {
      const root =
        kept.find(({ name, parent }) => name === handlerFile && !parent) ?? begin(undefined, handlerFile);
      if (!kept.includes(root)) kept.unshift(root);
      // From the call for the handler on: what was spent on finding its file is its own.
      root.totalMs = initMs;
      if (isGraph) root.esModule = true;
      root.belowMs = 0;
      for (const other of kept) {
        if (other === root) continue;
        other.parent ??= root;
        if (other.parent === root) root.belowMs += other.totalMs;
      }
      kept.sort((a, b) => a.at - b.at);
      const places = new Map(kept.map((one, place) => [one, place]));
      return kept.map((one) => toModule(one, one.parent ? (places.get(one.parent) ?? -1) : -1));
    },
  };
}

/** @param {Load | undefined} parent @param {string} name @returns {Load} */
function begin(parent, name) {
  return { parent, name, at: now(), foundAt: 0, compileFrom: 0, compiledAt: 0, totalMs: 0, belowMs: 0 };
}

/** @param {Load} load @param {number} parent */
function toModule(
  { name, at, foundAt, compileFrom, compiledAt, totalMs, belowMs, requiredAt, esModule },
  parent,
) {
  return {
    name,
    parent,
    totalMs: round(totalMs),
    selfMs: round(Math.max(0, totalMs - belowMs)),
    resolveMs: round(foundAt > 0 ? foundAt - at : 0),
    readMs: round(esModule && parent >= 0 ? totalMs : compileFrom > 0 ? compileFrom - foundAt : 0),
    compileMs: round(compiledAt - compileFrom),
    ...(requiredAt ? { requiredAt } : {}),
    ...(esModule ? { esModule } : {}),
  };
}

/** @param {number} ms */
function round(ms) {
  return Math.round(ms * 1000) / 1000;
}

/**
 * ES modules of a graph are linked and run together: of each, only how long it took to read is known, since Node.js 22.15.
 * @param {Load[]} kept
 * @param {string} root
 */
function watchEsModules(kept, root) {
  /** @type {Map<string, string>} */
  const askers = new Map();
  /** @type {Map<string, Load>} */
  const loads = new Map();
  loader.registerHooks?.({
    /** @param {string} specifier @param {any} context @param {Function} next */
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      if (context.parentURL && !askers.has(found.url)) askers.set(found.url, context.parentURL);
      return found;
    },
    /** @param {string} url @param {any} context @param {Function} next */
    load(url, context, next) {
      const at = now();
      const loaded = next(url, context);
      if (loaded.format !== 'module' || !url.startsWith('file:')) return loaded;
      const file = fileURLToPath(url);
      if (file === root) return loaded;
      /** @type {Load} */
      const one = { ...begin(loads.get(askers.get(url) ?? ''), file), at, esModule: true };
      one.totalMs = now() - at;
      loads.set(url, one);
      kept.push(one);
      for (let above = one.parent; above; above = above.parent) {
        above.totalMs += one.totalMs;
        above.belowMs += one.totalMs;
      }
      return loaded;
    },
  });
}

/** Where in `file` the code is that runs now: `file:line:column`. @param {string} file */
function placeIn(file) {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = 12;
  Error.prepareStackTrace = (_error, sites) => sites;
  const sites = /** @type {NodeJS.CallSite[]} */ (/** @type {unknown} */ (new Error().stack));
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  const site = sites.find((one) => one.getFileName() === file);
  return site ? `${file}:${site.getLineNumber()}:${site.getColumnNumber()}` : file;
}

module.exports = { watchImports };
