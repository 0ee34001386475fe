// @ts-check
'use strict';
/** Sends what user code prints over the line, in order with its result: console records whole, raw output by lines. */
const { isError, linesOf, toLogJson } = require('./errors.cjs');
const { runtimeMajor } = require('./runtime-major.cjs');

/** @type {(...values: unknown[]) => string} */
let format = (...values) => {
  // Loaded with the first record.
  format = require('node:util').format;
  return format(...values);
};

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
/** @type {readonly (readonly [method: string, level: string])[]} */
const METHODS = [
  ['trace', 'TRACE'],
  ['debug', 'DEBUG'],
  ['info', 'INFO'],
  ['log', 'INFO'],
  ['warn', 'WARN'],
  ['error', 'ERROR'],
  ['fatal', 'FATAL'],
];
const STDOUT = 1;
const STDERR = 2;

/** @typedef {{ requestId: string, tenantId?: string | undefined }} Current `requestId`: empty before the first */

/**
 * Patches `console` and the two standard streams.
 * @param {(prefix: readonly number[], text: string) => void} send prefix = stream, level (0 = none, else 1 + index)
 * @param {() => Current} current event
 */
function captureOutput(send, current) {
  let asJson = false;
  let least = -1;

  /** @param {string} level */
  const recorder = (level) => {
    const index = LEVELS.indexOf(level);
    if (index < least) return () => {};
    const prefix = [index >= LEVELS.indexOf('WARN') ? STDERR : STDOUT, index + 1];
    return (/** @type {unknown[]} */ ...values) =>
      send(prefix, asJson ? toJsonRecord(level, current(), values) : format(...values));
  };

  const target = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (console));
  /**
   * By the environment as it is now. `debugged`: an inspector's console, whose viewers see each record as it was made,
   * whatever level is logged; a debugger's logpoints are such records.
   * @param {Record<string, unknown>} [debugged]
   */
  const configure = (debugged) => {
    asJson = (process.env.AWS_LAMBDA_LOG_FORMAT ?? '').toUpperCase() === 'JSON';
    least = LEVELS.indexOf((process.env.AWS_LAMBDA_LOG_LEVEL ?? '').toUpperCase());
    for (const [method, level] of METHODS) {
      const record = recorder(level);
      const show = debugged?.[method] ?? debugged?.error;
      target[method] = typeof show === 'function' ? both(show, record) : record;
    }
  };
  configure();

  const flushes = [
    captureStream('stdout', (text) => send([STDOUT, 0], text)),
    captureStream('stderr', (text) => send([STDERR, 0], text)),
  ];
  return {
    configure,
    /**
     * What the runtime says of an error that nobody caught.
     * @param {string} label @param {unknown} thrown
     */
    error(label, thrown) {
      if (asJson) console.error(isError(thrown) ? thrown : new Error(String(thrown)));
      else console.error(label, `\t${toLogJson(thrown)}`);
    },
    /** Sends a last line that has no newline yet. */
    flush() {
      for (const flush of flushes) flush();
    },
  };
}

/** @param {Function} first @param {(...values: unknown[]) => void} second */
function both(first, second) {
  return (/** @type {unknown[]} */ ...values) => {
    first(...values);
    second(...values);
  };
}

/**
 * Replaces the stream's `write` when it is first asked for: making the streams costs a millisecond few handlers need.
 * @param {'stdout' | 'stderr'} name
 * @param {(line: string) => void} sendLine
 */
function captureStream(name, sendLine) {
  let open = '';
  const original = Object.getOwnPropertyDescriptor(process, name);

  /** @param {unknown} chunk @param {unknown} [encoding] @param {unknown} [done] */
  const write = (chunk, encoding, done) => {
    const text =
      typeof chunk === 'string' ? chunk : Buffer.from(/** @type {Uint8Array} */ (chunk)).toString('utf8');
    const lines = (open + text).split('\n');
    open = lines.pop() ?? '';
    for (const line of lines) sendLine(line);
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') process.nextTick(/** @type {() => void} */ (callback));
    return true;
  };

  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get() {
      const stream = original?.get?.call(process) ?? original?.value;
      stream.write = write;
      Object.defineProperty(process, name, { configurable: true, enumerable: true, value: stream });
      return stream;
    },
  });
  return () => {
    if (open === '') return;
    const line = open;
    open = '';
    sendLine(line);
  };
}

/**
 * Before the first event the runtime clients name no request, and since Node.js 24 one called "-".
 * @param {string} level
 * @param {Current} current
 * @param {unknown[]} values
 */
function toJsonRecord(level, { requestId, tenantId }, values) {
  const none = runtimeMajor() < 24 ? undefined : '-';
  /** @type {Record<string, unknown>} */
  const record = { timestamp: new Date().toISOString(), level, requestId: requestId || none };
  if (tenantId !== undefined) record.tenantId = tenantId;
  if (values.length === 1) {
    record.message = values[0];
    try {
      return JSON.stringify(record, (_key, value) => (isError(value) ? toJsonError(value) : value));
    } catch {
      record.message = format(values[0]);
      return JSON.stringify(record);
    }
  }
  record.message = format(...values);
  const error = values.find(isError);
  if (error) {
    record.errorType = error.constructor?.name ?? 'UnknownError';
    record.errorMessage = error.message;
    record.stackTrace = linesOf(error.stack);
  }
  return JSON.stringify(record);
}

/** @param {Error} error */
function toJsonError(error) {
  return {
    errorType: error.constructor?.name ?? 'UnknownError',
    errorMessage: error.message,
    stackTrace: linesOf(error.stack),
    ...error,
  };
}

module.exports = { captureOutput };
