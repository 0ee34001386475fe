/** One instance's line: assigns it its function, hands events over, hears results and output. */
import type { Socket } from 'node:net';
import type { FunctionError, LogLine, Outcome } from '../../../model/invocation.ts';
import type { Clock } from '../../../model/platform.ts';
import type {
  ContractSetup,
  Delivery,
  EventWatch,
  InitResult,
  PreparedSession,
  PreparedTask,
} from '../../../model/runtime.ts';
import { BugError } from '../../../std/errors.ts';
import { MOST_CODE_BYTES, type OpenCodeCache } from '../../code-cache.ts';
import { parseFunctionError } from '../runtime-api/function-error.ts';
import {
  MAX_RESPONSE_BYTES,
  makeStreamedResponse,
  type StreamedResponse,
  tooLarge,
} from '../streamed-response.ts';
import { type DebugLine, makeDebugLine } from './debug-line.ts';
import {
  type Assignment,
  encodeFrame,
  encodeInvoke,
  FRAME,
  type Hello,
  type InitError,
  type Ready,
  STREAM_WINDOW_BYTES,
  USAGE_BYTES,
} from './protocol.ts';
import { makeFrameReader } from './reader.ts';

/** The instance is told in steps: a word for each chunk would cost more than it is worth. */
const TAKEN_STEP_BYTES = STREAM_WINDOW_BYTES / 4;
const LEVELS = [undefined, 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

export interface LineOptions {
  readonly clock: Clock;
  readonly token: string;
  /** Whether the instance runs the inspector relay. */
  readonly debug: boolean;
  /** Lines printed while no event is being handled. */
  readonly onLog: (line: LogLine) => void;
}

export interface Line {
  /** Takes a new connection: it stays if it says hello with the right token. */
  accept(socket: Socket): void;
  /** What the instance is to become; told when it has said hello. */
  assign(
    task: Omit<Assignment, 'debug' | 'cache' | 'held'>,
    cache: OpenCodeCache | undefined,
    when?: Pick<PreparedTask, 'held' | 'early'>,
  ): void;
  session(setup: ContractSetup, close: () => void): Omit<PreparedSession, 'assign'>;
}

interface Sent {
  readonly resolve: (end: Outcome | 'not-begun') => void;
  readonly watch: EventWatch;
  readonly event: string;
  response?: StreamedResponse | undefined;
  /** It has timed out, and its handler runs on. */
  isAbandoned?: true;
}

export function makeLine({ clock, token, debug: debugged, onLog }: LineOptions): Line {
  const ready = deferred<InitResult>();
  const ended = deferred<void>();
  const waiting = deferred<void>();
  const sockets = new Set<Socket>();
  let main: Socket | undefined;
  /** Events sent and not answered, oldest first: the first is under way, the others are lined up. */
  const sent: Sent[] = [];
  /** For each recall that is not answered: how many events were sent since. The instance had not seen them then. */
  const sentSince: number[] = [];
  /** What the instance says of an event that it began by itself, until that event is given to it here as well. */
  let unheard: [type: number, body: Buffer][] | undefined;
  let linesUp = false;
  let isPatient = false;
  let corked = false;
  /** The instance's last words; they count when it has hung up, so that nobody leases it again meanwhile. */
  let lastWords: Outcome | undefined;
  let memoryPeakKb: number | undefined;
  let assignment: Assignment | undefined;
  let released = false;
  let cache: OpenCodeCache | undefined;
  /** Compiled code on its way to `cache`. */
  let code: Buffer[] = [];
  let codeBytes = 0;
  let isRecorded = true;
  /** From the event on after which the instance hands over its code, until it has. */
  let handingOver: ReturnType<typeof deferred<void>> | undefined;

  /** In this order, whatever comes first here: the connection, the assignment or the release. */
  const tell = (early?: () => Delivery) => {
    if (!main || !assignment) return;
    const frames = [encodeFrame(FRAME.assign, JSON.stringify(assignment))];
    if (early && isPatient) frames.unshift(encodeInvoke(early(), FRAME.early));
    if (released) frames.push(encodeFrame(FRAME.release, ''));
    // In one piece: each write to a process that waits has to wake it.
    main.write(Buffer.concat(frames));
  };
  const release = () => {
    released = true;
    if (assignment) main?.write(encodeFrame(FRAME.release, ''));
  };
  const debug: DebugLine | undefined = debugged ? makeDebugLine(release) : undefined;

  const answer = (outcome: Outcome) => {
    sent.shift()?.resolve(outcome);
    sent[0]?.watch.onBegin?.();
  };

  /** Those lined up within one turn of the event loop go out in one piece: the instance is busy, there is no hurry. */
  const write = (frame: Buffer) => {
    if (main && sent.length > 1 && !corked) {
      corked = true;
      main.cork();
      setImmediate(() => {
        corked = false;
        main?.uncork();
      });
    }
    main?.write(frame);
  };

  let untold = 0;

  /** Belongs to the event under way: the instance begins the next one when this one has ended. */
  const onChunk = (bytes: Buffer) => {
    const response = sent[0]?.response;
    const taking = response?.add(bytes);
    if (!taking) return tellTaken(bytes.length);
    // What a slow client takes after the event's end is nothing to the next one's window.
    void taking.then(() => {
      if (sent[0]?.response === response) tellTaken(bytes.length);
    });
  };

  const tellTaken = (bytes: number) => {
    untold += bytes;
    if (untold < TAKEN_STEP_BYTES) return;
    main?.write(encodeFrame(FRAME.taken, String(untold)));
    untold = 0;
  };

  const onStream = (contentType: string) => {
    const [first] = sent;
    untold = 0;
    if (first) first.response = makeStreamedResponse(contentType, first.event, first.watch.response);
  };

  const onCode = (bytes: Buffer) => {
    codeBytes += bytes.length;
    if (codeBytes <= MOST_CODE_BYTES) code.push(Buffer.from(bytes));
  };

  const onCodeEnd = (name: string) => {
    isRecorded = true;
    handingOver?.resolve();
    cache?.give(name, codeBytes <= MOST_CODE_BYTES ? code : []);
    code = [];
    codeBytes = 0;
  };

  const hearUsage = (body: Buffer) => {
    memoryPeakKb = body.readUInt32BE(0);
    sent[0]?.watch.onCpu?.(body.readUInt32BE(4) / 1000);
  };

  const onMainFrame = (type: number, body: Buffer) => {
    if (unheard) return void unheard.push([type, body]);
    switch (type) {
      case FRAME.result:
        hearUsage(body);
        if (!isRecorded) handingOver ??= deferred();
        return answer(sent[0]?.response?.end() ?? toResult(body));
      case FRAME.log:
        return (sent[0]?.watch.onLog ?? onLog)(toLogLine(body, clock.now()));
      case FRAME.error:
        hearUsage(body);
        return answer(toError('invoke', toFunctionError(body.toString('utf8', USAGE_BYTES))));
      case FRAME.fatal:
        hearUsage(body);
        lastWords = toError('invoke', toFunctionError(body.toString('utf8', USAGE_BYTES)));
        return;
      case FRAME.recalled: {
        const count = Number(body.toString('utf8'));
        const end = sent.length - (sentSince.shift() ?? 0);
        for (const { resolve } of sent.splice(end - count, count)) resolve('not-begun');
        return;
      }
      case FRAME.chunk:
        return onChunk(body);
      case FRAME.stream:
        return onStream(body.toString('utf8'));
      case FRAME.ready: {
        memoryPeakKb = body.readUInt32BE(0);
        const { began, ...told } = parse<Ready>(body, 4);
        if (!began) return ready.resolve({ status: 'ready', ...told });
        unheard = [];
        return ready.resolve({ status: 'ready', ...told, began: clock.now() });
      }
      case FRAME.initError: {
        const { initMs, error } = parse<InitError>(body);
        return ready.resolve({ status: 'error', outcome: toError('init', toFunctionError(error)), initMs });
      }
      case FRAME.code:
        return onCode(body);
      case FRAME.codeEnd:
        return onCodeEnd(body.toString('utf8'));
      default:
        return;
    }
  };

  const onHangUp = () => {
    ended.resolve();
    handingOver?.resolve();
    debug?.close();
    cache?.end();
    if (lastWords) answer(lastWords);
  };

  const greet = (socket: Socket, hello: Hello): ((type: number, body: Buffer) => void) | undefined => {
    if (hello.token !== token) return undefined;
    if (hello.role === 'debug') {
      debug?.connected(socket);
      return (type, body) => {
        if (type === FRAME.cdp) debug?.received(body.toString('utf8'));
      };
    }
    if (main) return undefined;
    main = socket;
    linesUp = hello.linesUp === true && !debugged;
    isPatient = hello.patient === true && !debugged;
    socket.once('close', onHangUp);
    if (assignment) tell();
    else socket.write(encodeFrame(FRAME.wait, ''));
    waiting.resolve();
    return onMainFrame;
  };

  return {
    accept(socket) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      let onFrame: ((type: number, body: Buffer) => void) | undefined;
      const read = makeFrameReader((type, body) => {
        if (onFrame) return onFrame(type, body);
        onFrame = type === FRAME.hello ? greet(socket, parse<Hello>(body)) : undefined;
        if (!onFrame) socket.destroy();
      });
      socket.on('data', (chunk: Buffer) => {
        try {
          read(chunk);
        } catch {
          // Not a frame of ours: whoever this is, there is nothing to talk about.
          socket.destroy();
        }
      });
    },
    assign(task, opened, { held, early } = {}) {
      cache = opened;
      isRecorded = opened?.task.record === undefined;
      assignment = {
        ...task,
        debug: debugged,
        ...(opened ? { cache: opened.task } : {}),
        ...(held && isPatient ? { held: true } : {}),
      };
      // Who cannot wait is told later.
      if (!held || isPatient) tell(early);
    },
    session: (setup, close) => ({
      setup,
      waiting: waiting.promise,
      release: () => (isPatient ? release() : tell()),
      ready: ready.promise,
      ended: ended.promise,
      memoryPeakBytes: () => (memoryPeakKb === undefined ? undefined : memoryPeakKb * 1024),
      ...(debug ? { debug: debug.channel } : {}),
      invoke(delivery: Delivery, watch) {
        if (!linesUp && sent.some((one) => !one.isAbandoned))
          throw new BugError('an instance was given a second event');
        return new Promise((resolve) => {
          sent.push({ resolve, watch, event: delivery.event });
          for (let i = 0; i < sentSince.length; i++) sentSince[i] = (sentSince[i] ?? 0) + 1;
          if (!unheard) return write(encodeInvoke(delivery));
          const frames = unheard;
          unheard = undefined;
          for (const [type, body] of frames) onMainFrame(type, body);
        });
      },
      linesUp: () => linesUp,
      finishing: () => (isRecorded ? undefined : handingOver?.promise),
      abandon() {
        const at = sent.findIndex((one) => !one.isAbandoned);
        if (at < 0) return;
        // Its answer is still to come and takes its place; what it says until then belongs to no event.
        sent[at] = { resolve: () => {}, watch: { onLog }, event: '', isAbandoned: true };
      },
      recall() {
        if (!main) return;
        sentSince.push(0);
        main.write(encodeFrame(FRAME.recall, ''));
      },
      async close() {
        close();
        cache?.end();
        for (const socket of sockets) socket.destroy();
      },
    }),
  };
}

function toResult(body: Buffer): Outcome {
  const sizeBytes = body.length - USAGE_BYTES;
  if (sizeBytes > MAX_RESPONSE_BYTES) return tooLarge(sizeBytes, MAX_RESPONSE_BYTES);
  return { status: 'ok', payload: body.toString('utf8', USAGE_BYTES) };
}

/** `error`: JSON text, as clients are to get it. */
function toFunctionError(error: string): FunctionError {
  return parseFunctionError(error, undefined, 'Function.Unknown');
}

function toError(phase: 'init' | 'invoke', error: FunctionError): Extract<Outcome, { status: 'error' }> {
  return { status: 'error', phase, error };
}

function toLogLine(body: Buffer, at: number): LogLine {
  const level = LEVELS[body[1] ?? 0];
  return {
    at,
    stream: body[0] === 2 ? 'stderr' : 'stdout',
    ...(level ? { level } : {}),
    text: body.toString('utf8', 2),
  };
}

function parse<T>(body: Buffer, from = 0): T {
  return JSON.parse(body.toString('utf8', from)) as T;
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
