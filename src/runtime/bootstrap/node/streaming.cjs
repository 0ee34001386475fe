// @ts-check
'use strict';
/** `awslambda.*`: response streaming, collected here and answered in one piece. Not emulated: sending it on as it comes. */
const { Writable } = require('node:stream');
const { runtimeError } = require('./errors.cjs');

const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';

/**
 * @typedef {Writable & { setContentType(type: string): void, _prelude?: Record<string, any>, _contentType?: string, _chunks: Buffer[] }} ResponseStream
 */

/** @returns {ResponseStream} */
function makeResponseStream() {
  /** @type {Buffer[]} */
  const chunks = [];
  const stream = /** @type {ResponseStream} */ (
    /** @type {unknown} */ (
      new Writable({
        write(chunk, _encoding, done) {
          chunks.push(chunk);
          done();
        },
      })
    )
  );
  stream._chunks = chunks;
  const write = stream.write.bind(stream);
  stream.write = (/** @type {any} */ chunk, /** @type {any[]} */ ...rest) => {
    const isBytes = typeof chunk === 'string' || chunk instanceof Uint8Array;
    return /** @type {any} */ (write)(isBytes ? chunk : JSON.stringify(chunk), ...rest);
  };
  stream.setContentType = (type) => {
    if (chunks.length > 0)
      throw runtimeError('InvalidStreamingOperation', 'Cannot set content-type, too late.');
    stream._contentType = type;
  };
  return stream;
}

const HttpResponseStream = {
  /**
   * @param {ResponseStream} stream
   * @param {Record<string, any>} prelude statusCode, headers, cookies
   */
  from(stream, prelude) {
    stream.setContentType(PRELUDE_TYPE);
    stream._prelude = JSON.parse(JSON.stringify(prelude ?? {}));
    return stream;
  },
};

/**
 * Runs a streaming handler; the answer is the HTTP response the prelude describes, or the bytes themselves.
 * @param {Function} handler
 * @param {any} event
 * @param {Record<string, unknown>} context
 * @param {import('./run-handler.cjs').Ending} ending
 */
function runStreaming(handler, event, context, ending) {
  let over = false;
  const stream = makeResponseStream();
  const finished = new Promise((resolve, reject) => {
    stream.once('finish', () => resolve(undefined));
    stream.once('error', reject);
  });
  finished.catch(() => {});
  /** @param {unknown} thrown */
  const fail = (thrown) => {
    if (over) return;
    over = true;
    ending.fail(thrown);
  };
  const run = async () => {
    const promise = handler(event, stream, context);
    if (typeof promise?.then !== 'function')
      throw new Error('Streaming does not support non-async handlers.');
    if ((await promise) !== undefined) console.warn('Streaming handlers ignore return values.');
    await finished;
    if (over) return;
    over = true;
    ending.succeed(toAnswer(stream, event));
  };
  run().catch(fail);
  return {
    loopEmpty: () => fail(runtimeError('NodeJsExit', 'Response stream is not finished.')),
    over: () => over,
  };
}

/**
 * @param {ResponseStream} stream
 * @param {any} event
 */
function toAnswer(stream, event) {
  const bytes = Buffer.concat(stream._chunks);
  const isHttp = event?.requestContext?.http !== undefined || event?.httpMethod !== undefined;
  if (stream._prelude || isHttp) return toHttpAnswer(stream, bytes);
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * @param {ResponseStream} stream
 * @param {Buffer} bytes
 */
function toHttpAnswer(stream, bytes) {
  const text = bytes.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(bytes);
  const type = stream._prelude ? undefined : (stream._contentType ?? 'application/octet-stream');
  return {
    statusCode: 200,
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
    ...stream._prelude,
    body: isText ? text : bytes.toString('base64'),
    isBase64Encoded: !isText,
  };
}

module.exports = { HttpResponseStream, runStreaming };
