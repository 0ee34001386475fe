// @ts-check
'use strict';
/**
 * V8's compiled code of CommonJS modules, kept between instances. It is taken from V8 after the code has run, so it holds
 * the functions an import calls too: an import then takes half as long. The host keeps the file; see runtime/code-cache.ts.
 */
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { encodePack, parsePack } = require('./code-pack.cjs');
const { canCompile } = require('./compile.cjs');
const { keyOf } = require('./hash.cjs');

/** Characters of source that must be without compiled code before a file is worth writing: half a millisecond's compiling. */
const WORTH_CHARACTERS = 32 * 1024;
/** Code that was not used in so many instances that wrote the file is dropped. */
const MOST_IDLE = 4;
const MOST_BYTES = 32 * 1024 * 1024;

/** Tools that look at the code as V8 compiled it. */
const LOOKS_AT_CODE =
  /--(?:inspect|enable-source-maps|experimental-(?:default-type|loader|vm-modules)|loader|prof\b|cpu-prof)/;

/** Whether this process must compile everything itself: coverage, a debugger, source maps by Node.js. */
function mustCompile() {
  const { env, execArgv } = process;
  return (
    env.NODE_V8_COVERAGE !== undefined ||
    LOOKS_AT_CODE.test(`${env.NODE_OPTIONS ?? ''} ${execArgv.join(' ')}`)
  );
}

/**
 * Compiled code fits one build of Node.js with one set of flags; what does not fit after all, V8 refuses. V8's own tag for
 * it would cost 2 ms, for `node:v8`.
 */
function fileName() {
  const { arch, config, env, execArgv, version } = process;
  const { v8_enable_pointer_compression: small, v8_enable_sandbox: sandbox } = /** @type {any} */ (
    config.variables
  );
  const rest = [small, sandbox, env.NODE_OPTIONS, ...execArgv].join(' ');
  let sum = 0;
  for (let at = 0; at < rest.length; at++) sum = (Math.imul(sum, 31) + rest.charCodeAt(at)) >>> 0;
  return `${version}-${arch}-${sum.toString(16)}.code`;
}

/**
 * @typedef {object} CodeCache
 * @property {string} name of the file
 * @property {boolean} records
 * @property {(source: string) => Buffer | undefined} find
 * @property {(source: string, script: import('node:vm').Script) => void} note a script without compiled code in the file
 * @property {() => boolean} isWorthWriting
 * @property {() => Generator<undefined, Buffer[]>} pieces of the new file; does a little with each step
 */

/**
 * @param {{ folder: string, record?: string }} task
 * @returns {CodeCache | undefined} undefined where there is nothing to be had and nothing to be recorded
 */
function openCodeCache({ folder, record }) {
  if (!canCompile || mustCompile()) return undefined;
  const name = fileName();
  const known = read(join(folder, name));
  if (!known && record === undefined) return undefined;
  /** @type {Set<string>} */
  const used = new Set();
  /** @type {{ source: string, script: import('node:vm').Script }[]} */
  let fresh = [];

  return {
    name,
    records: record !== undefined,
    find(source) {
      if (!known) return undefined;
      const key = keyOf(source);
      const entry = known.get(key);
      if (entry) used.add(key);
      return entry?.code;
    },
    note(source, script) {
      if (record !== undefined) fresh.push({ source, script });
    },
    isWorthWriting() {
      return fresh.reduce((sum, { source }) => sum + source.length, 0) >= WORTH_CHARACTERS;
    },
    *pieces() {
      /** @type {Map<string, import('./code-pack.cjs').PackEntry>} */
      const entries = new Map();
      let bytes = 0;
      /** @param {import('./code-pack.cjs').PackEntry} entry */
      const add = (entry) => {
        if (bytes + entry.code.length > MOST_BYTES) return;
        bytes += entry.code.length;
        entries.set(entry.key, entry);
      };
      const scripts = fresh;
      fresh = [];
      for (const { source, script } of scripts) {
        add({ key: keyOf(source), code: script.createCachedData(), idle: 0 });
        yield;
      }
      const old = [...(known?.values() ?? [])].filter(({ key }) => !entries.has(key));
      for (const entry of old) if (used.has(entry.key)) add({ ...entry, idle: 0 });
      for (const entry of old)
        if (!used.has(entry.key) && entry.idle < MOST_IDLE) add({ ...entry, idle: entry.idle + 1 });
      yield;
      return encodePack([...entries.values()]);
    },
  };
}

/** @param {string} file */
function read(file) {
  // Most files that cannot be read are not there, and an error costs more than a look.
  if (!existsSync(file)) return undefined;
  try {
    return parsePack(readFileSync(file));
  } catch {
    // Not readable: everything is compiled.
    return undefined;
  }
}

module.exports = { openCodeCache, MOST_BYTES };
