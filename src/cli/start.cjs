// @ts-check
'use strict';
/**
 * Loads the command line compiled: V8's code cache, kept from an earlier run, saves a third of the start. Node.js 22 keeps
 * one itself; for older ones it is kept here. Without a cache, or with one that V8 does not accept, everything is as usual.
 */
const {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const module_ = require('node:module');
const { homedir } = require('node:os');
const { dirname, join } = require('node:path');
const vm = require('node:vm');
const { startFirstRuntime } = require('./first-runtime.cjs');

/** By then a session has started and answered, and nothing of its start is old. */
const KEPT_AFTER_MS = 5000;

const program = join(__dirname, 'cli.cjs');
const argv = process.argv.slice(2);
const firstRuntime = startFirstRuntime(argv, join(__dirname, 'bootstrap/node.cjs'));

const { enableCompileCache } = /** @type {{ enableCompileCache?: (folder: string) => unknown }} */ (module_);
if (enableCompileCache) {
  enableCompileCache(join(cacheFolder(), 'node'));
  require(program).run(argv, firstRuntime);
} else runCached();

function runCached() {
  const { size, mtimeMs } = statSync(program);
  // What a command does not run is not in its cache; `dev` runs nearly everything.
  const kind = argv[0] === 'dev' ? 'dev' : 'other';
  const name = `${kind}-${process.version}-${process.arch}-${size}-${Math.round(mtimeMs)}.code`;
  const file = join(cacheFolder(), name);
  const cachedData = read(file);
  // The bundler writes ASCII.
  const text = `(function (exports, require, module, __filename, __dirname) {${readFileSync(program, 'latin1')}\n})`;
  const script = new vm.Script(text, { filename: program, cachedData });
  const made = { exports: /** @type {any} */ ({}) };
  script.runInThisContext()(made.exports, module_.createRequire(program), made, program, dirname(program));
  if (cachedData && !script.cachedDataRejected) return void made.exports.run(argv, firstRuntime);
  // At the end, when what was needed has been compiled; but before V8 throws away what has not run for long.
  let isKept = false;
  const keepOnce = () => {
    if (!isKept) keep(kind, file, script.createCachedData());
    isKept = true;
  };
  setTimeout(keepOnce, KEPT_AFTER_MS).unref();
  process.once('exit', keepOnce);
  made.exports.run(argv, firstRuntime);
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/**
 * Replaces the caches of other builds. A folder that cannot be written is no harm.
 * @param {string} kind @param {string} file @param {Buffer} code
 */
function keep(kind, file, code) {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const other of readdirSync(folder))
      if (other.startsWith(`${kind}-${process.version}-`)) rmSync(join(folder, other), { force: true });
    writeFileSync(`${file}.${process.pid}`, code);
    renameSync(`${file}.${process.pid}`, file);
  } catch {}
}

function cacheFolder() {
  const { XDG_CACHE_HOME: chosen } = process.env;
  if (chosen) return join(chosen, 'sls-local');
  return join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache', 'sls-local');
}
