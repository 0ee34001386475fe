// @ts-check
'use strict';
/** `awslambda.*`: response streaming; what the handler writes goes to the host as it is written. */
const { Writable } = require('node:stream');
const { runtimeError } = require('./errors.cjs');

const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';
const PRELUDE_END = Buffer.alloc(8);
const DEFAULT_TYPE = 'application/octet-stream';
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

/** So much may be on its way to a client that does not read, as in contracts/frames/protocol.ts. */
const WINDOW_BYTES = 256 * 1024;
const CHUNK_BYTES = 32 * 1024;

/**
 * @typedef {object} ResponseLine
 * @property {(contentType: string) => void} begin
 * @property {(bytes: Uint8Array) => void} send
 * @property {(waiting: boolean) => void} wait the next bytes must wait for the host, or need not any more
 */

/**
 * @typedef {Writable & { setContentType(type: string): void, _prelude?: string }} ResponseStream
 */

/**
 * @param {ResponseLine} line
 * @param {{ highWaterMark?: number }} options
 */
function makeResponseStream(line, options) {
  let contentType = DEFAULT_TYPE;
  let begun = false;
  let inFlight = 0;
  /** Goes on with what did not fit into the window. @type {(() => void) | undefined} */
  let goOn;

  const stream = /** @type {ResponseStream} */ (
    /** @type {unknown} */ (
      new Writable({
        ...options,
        write(/** @type {Buffer} */ chunk, _encoding, done) {
          if (begun) return send(chunk, done);
          begin();
          if (stream._prelude === undefined) return send(chunk, done);
          send(Buffer.concat([Buffer.from(stream._prelude), PRELUDE_END, chunk]), done);
        },
        final(done) {
          if (!begun) {
            // As in the cloud, where the prelude goes out with the first write.
            if (stream._prelude !== undefined)
              console.warn(
                "the response's status code and headers are lost: they are sent with the first write, and nothing was written (write an empty string)",
              );
            contentType = DEFAULT_TYPE;
            begin();
          }
          done();
        },
        destroy(error, done) {
          stopWaiting();
          done(error);
        },
      })
    )
  );

  const begin = () => {
    begun = true;
    line.begin(contentType);
  };

  const stopWaiting = () => {
    if (!goOn) return;
    goOn = undefined;
    line.wait(false);
  };

  /** @param {Buffer} bytes @param {(error?: Error | null) => void} done */
  const send = (bytes, done) => {
    let at = 0;
    while (at < bytes.length) {
      const room = WINDOW_BYTES - inFlight;
      if (room <= 0) {
        const rest = bytes.subarray(at);
        goOn = () => send(rest, done);
        return line.wait(true);
      }
      const part = bytes.subarray(at, at + Math.min(room, CHUNK_BYTES));
      line.send(part);
      inFlight += part.length;
      at += part.length;
    }
    done();
  };

  const write = stream.write.bind(stream);
  stream.write = (/** @type {any} */ chunk, /** @type {any[]} */ ...rest) => {
    const isBytes = typeof chunk === 'string' || chunk instanceof Uint8Array;
    return /** @type {any} */ (write)(isBytes ? chunk : JSON.stringify(chunk), ...rest);
  };
  stream.setContentType = (type) => {
    if (begun) throw runtimeError('InvalidStreamingOperation', 'Cannot set content-type, too late.');
    contentType = type;
  };
  /** @param {number} bytes */
  const taken = (bytes) => {
    inFlight = Math.max(0, inFlight - bytes);
    const next = goOn;
    stopWaiting();
    next?.();
  };
  return { stream, taken };
}

const HttpResponseStream = {
  /**
   * @param {ResponseStream} stream
   * @param {Record<string, any>} prelude statusCode, headers, cookies
   */
  from(stream, prelude) {
    stream.setContentType(PRELUDE_TYPE);
    stream._prelude = JSON.stringify(prelude ?? {});
    return stream;
  },
};

/**
 * Runs a streaming handler. The response is on its way when this succeeds, with nothing.
 * @param {Function} handler
 * @param {any} event
 * @param {Record<string, unknown>} context
 * @param {import('./run-handler.cjs').Ending} ending
 * @param {ResponseLine} line
 * @returns {import('./run-handler.cjs').Run}
 */
function runStreaming(handler, event, context, ending, line) {
  let over = false;
  const highWaterMark = /** @type {any} */ (handler)[HIGH_WATER_MARK];
  const { stream, taken } = makeResponseStream(line, highWaterMark === undefined ? {} : { highWaterMark });
  const finished = new Promise((resolve, reject) => {
    stream.once('finish', () => resolve(undefined));
    stream.on('error', reject);
    stream.once('close', () => reject(unfinished()));
  });
  finished.catch(() => {});
  /** @param {unknown} thrown */
  const fail = (thrown) => {
    if (over) return;
    over = true;
    // Whatever the handler still writes must not end up in the next event's response.
    stream.destroy();
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
    ending.succeed(undefined);
  };
  run().catch(fail);
  return { loopEmpty: () => fail(unfinished()), over: () => over, taken };
}

function unfinished() {
  return runtimeError('NodeJsExit', 'Response stream is not finished.');
}

module.exports = { HttpResponseStream, runStreaming };
